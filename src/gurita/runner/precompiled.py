"""A compiled copy of the shipped file, made on the target beside it: starting then costs a third.

The shipped file holds sources, since it must run on any Python from 3.8 on. Its first run makes a zip with the same modules compiled by
this very Python, in a process of its own; later runs put that in front (`bundle`, the shipped `__main__`).
"""

from __future__ import annotations

import contextlib
import os
import sys

__all__ = ["build", "build_aside", "compiled_name"]

_AS_THEY_ARE = "gurita/runner/bootstraps/"


def compiled_name(archive: str) -> str:
    """Where the compiled copy of an archive lies, for this Python."""
    return f"{archive}.{sys.implementation.cache_tag}.zip"


def build(archive: str) -> bytes:
    """The compiled copy: modules as `.pyc`, other files as they are."""
    import importlib.util
    import io
    import marshal
    import zipfile

    header = importlib.util.MAGIC_NUMBER + bytes(12)
    out = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith(".py") and not name.startswith(_AS_THEY_ARE) and name != "__main__.py":
                code = compile(data, f"{archive}/{name}", "exec", dont_inherit=True)
                name, data = f"{name}c", header + marshal.dumps(code)
            made.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def build_aside(archive: str) -> None:
    """Make the compiled copy in a process that nobody waits for. A failure only means slower starts."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    with contextlib.suppress(BaseException):
        os.setsid()
        if os.fork() == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in range(3):
                os.dup2(nothing, number)
            os.nice(10)
            aside = f"{compiled_name(archive)}.{os.getpid()}"
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:
                file.write(build(archive))
                file.flush()
                os.fsync(handle)
            os.rename(aside, compiled_name(archive))
    os._exit(0)
