"""Files over SFTP, in blocks the server has said it takes."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Any

import asyncssh

from gurita.transport.errors import PathRefused

__all__ = ["block_size", "get_file", "put_file"]

_FALLBACK = 32 * 1024
_MOST = 255 * 1024
_CHUNK = 1024 * 1024
_AHEAD = 4

File = Any


def block_size(advertised: int | None) -> int:
    """Bytes in one read or write. What the server advertises (`limits@openssh.com`), 32 KiB when it says nothing,
    and never 256 KiB or more: OpenSSH ends the session at a packet that long."""
    return min(advertised or _FALLBACK, _MOST)


async def put_file(sftp: asyncssh.SFTPClient, data: AsyncIterator[bytes], path: str, mode: int) -> None:
    """Writes beside `path` under a name nobody else uses, then renames over it. Raises PathRefused."""
    aside = f"{path}.{secrets.token_hex(8)}.part"
    try:
        file = await sftp.open(aside, "xb", block_size=block_size(_advertised(sftp, "max_write_len")))
        try:
            async with file:
                await _write(file, data)
            await sftp.chmod(aside, mode)
            await _rename(sftp, aside, path)
        except BaseException:
            with contextlib.suppress(asyncssh.Error, OSError):
                await sftp.remove(aside)
            raise
    except asyncssh.SFTPConnectionLost:
        raise
    except asyncssh.SFTPError as error:
        raise PathRefused(f"{path} cannot be written: {error.reason}") from None


async def get_file(sftp: asyncssh.SFTPClient, path: str, offset: int) -> AsyncIterator[bytes]:
    """The file from `offset` on, one part read ahead while the last one is used. Raises PathRefused."""
    try:
        file = await sftp.open(path, "rb", block_size=block_size(_advertised(sftp, "max_read_len")))
        async with file:
            end = int((await file.stat()).size or 0)
            async for part in _read(file, offset, end):
                yield part
    except asyncssh.SFTPConnectionLost:
        raise
    except asyncssh.SFTPError as error:
        raise PathRefused(f"{path} cannot be read: {error.reason}") from None


async def _read(file: File, offset: int, end: int) -> AsyncIterator[bytes]:
    """Never asks beyond `end`: asyncssh's parallel reads leave errors behind there."""
    ahead: list[asyncio.Task[bytes]] = []
    begin = offset
    try:
        while begin < end or ahead:
            while begin < end and len(ahead) < 2:
                ahead.append(asyncio.ensure_future(file.read(min(_CHUNK, end - begin), begin)))
                begin += _CHUNK
            if part := await ahead.pop(0):
                yield part
    finally:
        await _settle(ahead)


async def _write(file: File, data: AsyncIterator[bytes]) -> None:
    offset = 0
    under_way: list[asyncio.Task[int]] = []
    try:
        async for part in data:
            for begin in range(0, len(part), _CHUNK):
                piece = part[begin : begin + _CHUNK]
                under_way.append(asyncio.ensure_future(file.write(piece, offset)))
                offset += len(piece)
                while len(under_way) >= _AHEAD:
                    await under_way.pop(0)
        while under_way:
            await under_way.pop(0)
    finally:
        await _settle(under_way)


async def _settle(tasks: list[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _rename(sftp: asyncssh.SFTPClient, aside: str, path: str) -> None:
    try:
        await sftp.posix_rename(aside, path)
    except asyncssh.SFTPOpUnsupported:
        with contextlib.suppress(asyncssh.SFTPNoSuchFile):
            await sftp.remove(path)
        await sftp.rename(aside, path)


def _advertised(sftp: asyncssh.SFTPClient, name: str) -> int | None:
    value = getattr(sftp.limits, name, None)
    return int(value) if value else None
