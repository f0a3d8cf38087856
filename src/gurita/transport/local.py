"""The server's own machine with the same contract as a remote one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from gurita.transport.children import Child
from gurita.transport.commands import run_through
from gurita.transport.environment import clean_environment
from gurita.transport.errors import ConnectionLost, PathRefused
from gurita.transport.ports import Channel, Finished
from gurita.transport.ssh_connection import MOST_CHANNELS

__all__ = ["LocalConnection"]

_CHUNK = 1024 * 1024


class LocalConnection:
    """Commands as children of this process, each in its own session, with a clean environment.

    They run as the server's user: a script here can read what the server can.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._slots = asyncio.Semaphore(MOST_CHANNELS)
        self._open: set[LocalChannel] = set()
        self._closed = False
        self.where = "the server's own machine"
        self.fingerprint = ""

    @property
    def closed(self) -> bool:
        return self._closed

    async def run(self, command: str, stdin: bytes = b"", *, timeout: float) -> Finished:
        return await run_through(self.open, command, stdin, timeout)

    async def open(self, command: str) -> Channel:
        self._check_open()
        await self._slots.acquire()
        try:
            child = await Child.start(command, clean_environment(os.environ, self._home), Path.home())
        except BaseException:
            self._slots.release()
            raise
        channel = LocalChannel(child)
        self._open.add(channel)
        channel.ended.add_done_callback(lambda _: self._released(channel))
        try:
            self._check_open()
        except ConnectionLost:
            channel.close()
            await channel.ended
            raise
        return channel

    async def put(self, data: AsyncIterator[bytes], path: str, *, mode: int) -> None:
        target = Path.home() / path
        aside = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
        try:
            with _created(aside, mode) as file:
                async for part in data:
                    await asyncio.to_thread(file.write, part)
            await asyncio.to_thread(os.replace, aside, target)
        except OSError as error:
            raise PathRefused(f"{path} cannot be written: {error.strerror}") from None
        finally:
            aside.unlink(missing_ok=True)

    async def get(self, path: str, *, offset: int = 0) -> AsyncIterator[bytes]:
        try:
            with (Path.home() / path).open("rb") as file:
                file.seek(offset)
                while part := await asyncio.to_thread(file.read, _CHUNK):
                    yield part
        except OSError as error:
            raise PathRefused(f"{path} cannot be read: {error.strerror}") from None

    async def close(self) -> None:
        self._closed = True
        channels = list(self._open)
        for channel in channels:
            channel.close()
        await asyncio.gather(*(channel.ended for channel in channels), return_exceptions=True)

    def _check_open(self) -> None:
        if self._closed:
            raise ConnectionLost("the local connection is closed")

    def _released(self, channel: LocalChannel) -> None:
        self._open.discard(channel)
        self._slots.release()


class LocalChannel:
    """A command as a Channel. Giving it up ends its streams and tells its `sh` to hang up."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._given_up = False
        self.ended: asyncio.Task[int] = asyncio.ensure_future(child.wait())

    async def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            await self._child.write(data)

    async def read(self, size: int = 65536) -> bytes:
        return await self._read(self._child.out, size)

    async def read_error(self, size: int = 65536) -> bytes:
        return await self._read(self._child.err, size)

    def close_input(self) -> None:
        self._child.close_input()

    async def wait(self) -> int:
        rc = await asyncio.shield(self.ended)
        return 128 - rc if rc < 0 else rc

    def rest(self, resting: bool) -> None:
        """A child needs no keepalive."""

    def close(self) -> None:
        self._given_up = True
        self._child.close_input()
        self._child.close_output()
        if self._child.returncode is None:
            for number in (signal.SIGHUP, signal.SIGTERM):  # started under nohup, it does not hear the first
                self._child.signal(number)

    async def _read(self, stream: asyncio.StreamReader, size: int) -> bytes:
        data = await stream.read(size)
        if not data and self._given_up and self._child.returncode is None:
            raise ConnectionLost("the local connection is closed")
        return data


def _created(path: Path, mode: int) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchmod(handle, mode)
    return os.fdopen(handle, "wb")
