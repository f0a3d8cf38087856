"""The newest head in a file of the data folder, out of reach of whoever administers the database.

A trail that was cut off, or a database that was put back, is whole in itself; only something outside of it can tell.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gurita.audit.trail.chain import Head

__all__ = ["FILE", "heads_in_folder", "keep_aside", "newest", "retire", "write_head"]

FILE = "audit-head.json"
_ASIDE = "audit-head.{}.json"
_RETIRED = ".retired"


def write_head(folder: Path, head: Head) -> None:
    """Replaces the file, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".audit-head.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(head) + b"\n")
        Path(name).replace(folder / FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def newest(folder: Path) -> Head | None:
    """What the file says; None when there is none that can be read."""
    return _read(folder / FILE)


def keep_aside(folder: Path, head: Head) -> None:
    """Keeps a head the database contradicts, as evidence: the next one does not overwrite it."""
    (folder / FILE).replace(folder / _ASIDE.format(head.seal))


def heads_in_folder(folder: Path) -> Iterator[tuple[str, Head]]:
    """The newest head and those kept aside, with the names of their files."""
    for path in sorted(folder.glob("audit-head*.json")):
        if head := _read(path):
            yield path.name, head


def retire(folder: Path) -> list[str]:
    """Lets heads count no more, since a backup was put back on purpose; the names they have from now on."""
    names = []
    for path in sorted(folder.glob("audit-head*.json")):
        new = path.with_name(path.name + _RETIRED)
        path.replace(new)
        names.append(new.name)
    return names


def _read(path: Path) -> Head | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(path.read_bytes(), type=Head)
    return None
