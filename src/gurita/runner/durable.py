"""Files that are whole or absent, also after a power cut."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import Iterator, Optional

__all__ = [
    "locked",
    "make_folder",
    "overwrite_number",
    "read_line",
    "read_text",
    "replace",
    "sync_folder",
    "write_new",
]


def replace(path: str, text: str, sync: bool = True) -> None:
    """Put `text` in place of the file in one step. Only one writer at a time (callers hold the store's lock)."""
    aside = f"{path}.{os.getpid()}.new"
    try:
        write_new(aside, text.encode(), sync)
        os.rename(aside, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise
    if sync:
        sync_folder(os.path.dirname(path))


def write_new(path: str, data: bytes, sync: bool = False) -> None:
    """Write a file only its owner can read; what was there is lost."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def overwrite_number(path: str, number: int) -> None:
    """Store a count durably. In place once the file has its width: one write within a sector, and no new name to sync."""
    line = b"%20d\n" % number
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        handle = -1
    if handle < 0 or os.fstat(handle).st_size != len(line):
        replace(path, line.decode())
    else:
        os.pwrite(handle, line, 0)
        getattr(os, "fdatasync", os.fsync)(handle)
    if handle >= 0:
        os.close(handle)


def sync_folder(path: str) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: str) -> bool:
    """Make one folder for its owner only; False if it is there."""
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        return False
    return True


def read_text(path: str) -> Optional[str]:
    """The file's text, or None if there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as handle:
            return handle.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_line(path: str) -> str:
    """The file's text without surrounding blanks; empty if there is no such file."""
    return (read_text(path) or "").strip()


@contextlib.contextmanager
def locked(path: str) -> Iterator[int]:
    """Hold the file's lock; waits for it. Gives the handle: who inherits it over a fork shares the lock."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
