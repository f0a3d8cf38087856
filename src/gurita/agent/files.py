"""The agent's SFTP: exactly what `put` and `get` need, and no folders, links or locks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NoReturn

import asyncssh

__all__ = ["AgentFiles"]


class AgentFiles(asyncssh.SFTPServer):
    """Reads, writes, renames and removes files as the agent's user; relative paths begin at its home."""

    def map_path(self, path: bytes) -> bytes:
        return os.path.join(os.fsencode(Path.home()), path)

    def _no(self, *_: Any) -> NoReturn:
        raise asyncssh.SFTPOpUnsupported("the agent does not do this")

    scandir = _no  # type: ignore[assignment]
    mkdir = _no  # type: ignore[assignment]
    rmdir = _no  # type: ignore[assignment]
    readlink = _no  # type: ignore[assignment]
    symlink = _no  # type: ignore[assignment]
    link = _no  # type: ignore[assignment]
    lock = _no  # type: ignore[assignment]
    unlock = _no  # type: ignore[assignment]
    statvfs = _no  # type: ignore[assignment]
    fstatvfs = _no  # type: ignore[assignment]
