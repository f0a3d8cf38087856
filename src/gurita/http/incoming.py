"""A file that is being received: written block by block in a thread, and hashed there, while the next block arrives."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gurita.kernel.errors import Unavailable
from gurita.kernel.faults import fault

__all__ = ["ALWAYS", "BLOCK", "Incoming", "NoRoom"]

BLOCK = 1 << 20
"""Bytes that are collected before a thread is asked to write them. A file holds two blocks in memory at most."""

ALWAYS = ("sha256", "sha1")
"""Hashes that are made of every file: the store's key, and the one the contract shows."""

_FULL = (28, 122)  # ENOSPC, EDQUOT


class NoRoom(Unavailable):
    """The disk uploads are written to is full. Nothing was kept."""

    headline = "There is no space left on the disk for uploads. Free some space there and try again."


class Incoming:
    """One file in `folder`, under a name nobody chose. Not ended with `end`, it must be ended with `discard`."""

    def __init__(self, folder: Path, hashes: Iterable[str] = ()) -> None:
        """`hashes` are names hashlib knows, beside `ALWAYS`. Raises NoRoom."""
        self.size = 0
        self._hashes = {name: hashlib.new(name, usedforsecurity=False) for name in {*ALWAYS, *hashes}}
        self._block = bytearray()
        self._writing: asyncio.Future[None] | None = None
        self._alone = threading.Lock()
        try:
            handle, name = tempfile.mkstemp(dir=folder, prefix="upload-")
        except OSError as error:
            raise _told(error) from error
        self._handle = handle
        self.path = Path(name)

    async def add(self, data: bytes) -> None:
        """Takes the next bytes. Raises NoRoom."""
        self.size += len(data)
        self._block += data
        if len(self._block) >= BLOCK:
            await self._written()
            block, self._block = self._block, bytearray()
            self._writing = asyncio.get_running_loop().run_in_executor(None, self._write, block)

    async def end(self) -> dict[str, str]:
        """Writes the rest and closes the file; its hashes by name, in hex. Raises NoRoom."""
        await self._written()
        if self._block:
            block, self._block = self._block, bytearray()
            await asyncio.get_running_loop().run_in_executor(None, self._write, block)
        self._close()
        return {name: each.hexdigest() for name, each in self._hashes.items()}

    def discard(self) -> None:
        """Closes and removes the file, at any time and also twice."""
        self._close()
        self.path.unlink(missing_ok=True)

    async def _written(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    def _write(self, block: bytearray) -> None:
        with self._alone:  # a request that is cut off closes the file while a thread may still be here
            if self._handle < 0:
                return
            try:
                _write_all(self._handle, block)
            except OSError as error:
                raise _told(error) from error
            for each in self._hashes.values():
                each.update(block)

    def _close(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.add_done_callback(_looked_at)
        with self._alone:
            handle, self._handle = self._handle, -1
            if handle >= 0:
                with contextlib.suppress(OSError):
                    os.close(handle)


def _write_all(handle: int, block: bytearray) -> None:
    fault("uploads.write")
    with memoryview(block) as rest:
        at = 0
        while at < len(rest):
            at += os.write(handle, rest[at:])


def _looked_at(writing: asyncio.Future[Any]) -> None:
    """Whatever became of it: nobody waits for it any more."""
    if not writing.cancelled():
        writing.exception()


def _told(error: OSError) -> Exception:
    return NoRoom() if error.errno in _FULL else error
