"""Large things by the hash of their content: packages, whole logs, artifacts.

A blob is written aside, synced and renamed, so that a key that exists has its whole content. The same content
is stored once. On a local folder reads are ranges (obstore's streams of local files are slow).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from gurita.kernel.errors import NotFound, Unavailable
from gurita.kernel.faults import fault
from gurita.store.errors import NoSpace

__all__ = ["BLOCK", "Blobs"]

BLOCK = 1024 * 1024
"""Bytes a read from a folder takes at once. Larger ones are no faster and cost memory for every download."""

_FAR_BLOCK = 8 * BLOCK
"""The same for an object store, which is asked anew each time."""

_OLD = 86_400.0
_KEY = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder or an object store."""

    def __init__(self, store: ObjectStore, aside: Path, folder: Path | None) -> None:
        self._store: Any = store
        self._aside = aside
        self._folder = folder

    @classmethod
    def open(cls, place: str | Path, aside: Path | None = None) -> Blobs:
        """`place` is a folder, or a URL obstore knows (`s3://bucket/prefix`, `az://…`, `gs://…`).

        `aside` is where uploads to an object store are collected before they have a name. A folder
        may be shared by nodes; what they left half-written is removed when it is a day old.
        """
        if "://" in str(place):
            spool = aside or Path(tempfile.gettempdir())
            spool.mkdir(parents=True, exist_ok=True)
            return cls(from_url(str(place)), spool, None)
        folder = Path(place).absolute()
        incoming = folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(incoming)
        return cls(LocalStore(folder), incoming, folder)

    async def put(self, content: bytes | AsyncIterator[bytes]) -> str:
        """Stores the content and returns its key, 64 hexadecimal digits. Raises NoSpace."""
        try:
            return await self._put(content)
        except OSError as error:
            if error.errno in (28, 122):  # ENOSPC, EDQUOT
                raise NoSpace from error
            raise

    @property
    def incoming(self) -> Path:
        """A folder on the disk of the blobs, for files that `adopt` will take. What is left there goes after a day."""
        return self._aside

    async def adopt(self, file: Path, key: str) -> None:
        """Takes a file of `incoming` whose SHA-256 is `key`: by a rename where blobs are a folder. Raises NoSpace."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no SHA-256 in hex")
        try:
            await asyncio.to_thread(_sync_file, file)
            fault("blobs.before-rename")
            await self._keep(file, key)
        except OSError as error:
            if error.errno in (28, 122):  # ENOSPC, EDQUOT
                raise NoSpace from error
            raise

    async def _put(self, content: bytes | AsyncIterator[bytes]) -> str:
        handle, name = await asyncio.to_thread(tempfile.mkstemp, dir=self._aside)
        digest = hashlib.sha256()
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, bytes):
                    await asyncio.to_thread(_append, file, digest, content)
                else:
                    async for part in content:
                        await asyncio.to_thread(_append, file, digest, part)
                await asyncio.to_thread(_sync, file)
            fault("blobs.before-rename")
            await self._keep(Path(name), digest.hexdigest())
        finally:
            Path(name).unlink(missing_ok=True)
        return digest.hexdigest()

    async def _keep(self, file: Path, key: str) -> None:
        if self._folder is not None:
            await asyncio.to_thread(_rename, file, self._folder / _path(key))
            return
        try:
            await obstore.put_async(self._store, _path(key), file)
        except BaseError as error:
            raise Unavailable("The object store did not take a file.") from error

    async def size(self, key: str) -> int:
        """Bytes of a blob. Raises NotFound."""
        found = await self._ask(key, obstore.head_async(self._store, _path(key)))
        return int(found["size"])

    async def get_range(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from `start`, fewer at the end. Raises NotFound."""
        if length <= 0:
            return b""
        try:
            data = await obstore.get_range_async(self._store, _path(key), start=start, length=length)
        except (NotFoundError, FileNotFoundError):
            raise NotFound(key) from None
        except BaseError as error:
            if start >= await self.size(key):
                return b""
            raise Unavailable(f"Blob {key} cannot be read.") from error
        return bytes(data)

    async def stream(self, key: str, start: int = 0) -> AsyncIterator[bytes]:
        """All bytes from `start` on, in blocks. Raises NotFound."""
        size = await self.size(key)
        block = _FAR_BLOCK if self._folder is None else BLOCK
        for place in range(start, size, block):
            yield await self.get_range(key, place, min(block, size - place))

    async def copy_to(self, key: str, file: Path) -> None:
        """The blob as a file of its own, for reading only: a second name of it where that can be. Raises NotFound, NoSpace."""
        if self._folder is not None:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(os.link, self._folder / _path(key), file)
                return
        try:
            with file.open("xb") as opened:
                async for block in self.stream(key):
                    await asyncio.to_thread(opened.write, block)
        except OSError as error:
            if error.errno in (28, 122):  # ENOSPC, EDQUOT
                raise NoSpace from error
            raise

    async def delete(self, key: str) -> None:
        """Removes a blob; one that is not there is fine."""
        try:
            await self._ask(key, obstore.delete_async(self._store, _path(key)))
        except NotFound:
            return

    async def _ask(self, key: str, answer: Any) -> Any:
        try:
            return await answer
        except (NotFoundError, FileNotFoundError):
            raise NotFound(key) from None
        except BaseError as error:
            raise Unavailable(f"Blob {key} cannot be reached.") from error


def _sweep(incoming: Path) -> None:
    for left in incoming.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _OLD:
                left.unlink()


def _path(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise NotFound(key)
    return f"{key[:2]}/{key}"


def _append(file: IO[bytes], digest: Any, part: bytes) -> None:
    digest.update(part)
    file.write(part)


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_file(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _rename(file: Path, to: Path) -> None:
    to.parent.mkdir(exist_ok=True, mode=0o700)
    file.replace(to)
    for folder in (to.parent, to.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
