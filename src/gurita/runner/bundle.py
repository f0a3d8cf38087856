"""The one file that is shipped to targets: runner and formats as a zipapp, the same bytes for the same sources.

Stored, not packed: what zlib makes differs between versions, and a stored file starts faster.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import io
import os
import zipfile
from typing import Iterator, NamedTuple, Tuple

import gurita.formats
import gurita.runner

__all__ = ["LIBRARIES", "Bundle", "bare_script", "runner_file"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = b"""import os, sys
if sys.version_info < (3, 8):
    sys.exit("gurita-runner needs Python 3.8 or newer")
compiled = "{}.{}.zip".format(__loader__.archive, sys.implementation.cache_tag)
if os.path.exists(compiled):
    sys.path.insert(0, compiled)
from gurita.runner.main import main
sys.exit(main(sys.argv[1:]))
"""
_LEFT_OUT = frozenset({"bundle.py", "boot.py", "bare.sh"})
LIBRARIES = {"lark": "lark", "markdown_it": "markdown-it-py", "mdurl": "mdurl", "yaml": "PyYAML"}
"""Libraries that travel along, pure Python for 3.8, with the distributions whose licences go with them."""

_TOOLS = frozenset({"__pycache__", "__pyinstaller", "cli", "grammars", "tools"})
"""Folders of libraries that nothing here asks for."""


class Bundle(NamedTuple):
    """A file for targets: its bytes and their SHA-256 in hex."""

    data: bytes
    sha256: str

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)


@functools.lru_cache(maxsize=1)
def runner_file() -> Bundle:
    """`gurita-runner.pyz`, made once a process."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(_members()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return _bundle(out.getvalue())


@functools.lru_cache(maxsize=1)
def bare_script() -> Bundle:
    """`bare.sh`, for hosts without Python."""
    with open(os.path.join(os.path.dirname(gurita.runner.__file__), "bare.sh"), "rb") as handle:
        return _bundle(handle.read())


def _bundle(data: bytes) -> Bundle:
    return Bundle(data, hashlib.sha256(data).hexdigest())


def _members() -> Iterator[Tuple[str, bytes]]:
    yield "__main__.py", _MAIN
    yield "gurita/__init__.py", b""
    for package in (gurita.formats, gurita.runner):
        top = os.path.dirname(package.__file__ or "")
        root = os.path.dirname(os.path.dirname(top))
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(set(folders) - {"__pycache__"})
            for file in files:
                if file not in _LEFT_OUT and file.endswith((".py", ".sh", ".ps1")):
                    path = os.path.join(folder, file)
                    with open(path, "rb") as handle:
                        yield os.path.relpath(path, root).replace(os.sep, "/"), handle.read()
    for library, distribution in LIBRARIES.items():
        yield from _library(library, distribution)


def _library(name: str, distribution: str) -> Iterator[Tuple[str, bytes]]:
    """The Python files of an installed library, and its licence."""
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.submodule_search_locations  # noqa: PT018, S101  it is one of ours
    top = spec.submodule_search_locations[0]
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(set(folders) - _TOOLS)
        for file in files:
            if file.endswith(".py"):
                path = os.path.join(folder, file)
                with open(path, "rb") as handle:
                    yield f"{name}/{os.path.relpath(path, top).replace(os.sep, '/')}", handle.read()
    for kept in importlib.metadata.files(distribution) or ():
        if kept.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            yield f"{name}/{kept.name}", kept.read_binary()
            break
