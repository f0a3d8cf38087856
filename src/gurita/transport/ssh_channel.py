"""A command on an SSH connection: asyncssh's callbacks as a Channel."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

import asyncssh

from gurita.transport.errors import ConnectionLost
from gurita.transport.streams import Incoming

__all__ = ["SshChannel"]

_HOLD = 1024 * 1024
_NO_EXIT = 255


class SshChannel(asyncssh.SSHClientSession[bytes]):
    """One exec channel. Reading stops asking the peer for more once 1 MiB waits unread."""

    def __init__(self, where: str, released: Callable[[], None], awaited: Callable[[int], None]) -> None:
        self._where = where
        self._released = released
        self._awaited = awaited
        self._resting = True
        self._out = Incoming(self._resume)
        self._err = Incoming(self._resume)
        self._rc: int | None = None
        self._paused = False
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = asyncio.Event()
        self._lost: ConnectionLost | None = None
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    async def write(self, data: bytes) -> None:
        """Sends to stdin. A command that has ended swallows it, like a pipe nobody reads."""
        if self._lost is not None:
            raise self._lost
        if self._channel is None or self._gone.is_set():
            return
        try:
            self._channel.write(data)
        except (BrokenPipeError, OSError):
            return
        await self._writable.wait()

    async def read(self, size: int = 65536) -> bytes:
        return await self._out.read(size)

    async def read_error(self, size: int = 65536) -> bytes:
        return await self._err.read(size)

    def close_input(self) -> None:
        if self._channel is not None and not self._channel.is_closing():
            self._channel.write_eof()

    async def wait(self) -> int:
        await self._gone.wait()
        if self._lost is not None:
            raise self._lost
        return _NO_EXIT if self._rc is None else self._rc

    def rest(self, resting: bool) -> None:
        if resting != self._resting and not (self._gone.is_set() and not resting):
            self._resting = resting
            self._awaited(-1 if resting else 1)

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()

    def connection_made(self, chan: Any) -> None:
        self._channel = chan
        self.rest(False)

    def data_received(self, data: bytes, datatype: Any) -> None:
        (self._err if datatype == asyncssh.EXTENDED_DATA_STDERR else self._out).feed(data)
        if not self._paused and self._out.size + self._err.size >= _HOLD and self._channel is not None:
            self._paused = True
            self._channel.pause_reading()

    def eof_received(self) -> bool:
        self._out.end()
        self._err.end()
        return True

    def exit_status_received(self, status: int) -> None:
        self._rc = status

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        self._rc = 128 + _number(signal)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None and self._rc is None:
            self._lost = ConnectionLost(f"the connection to {self._where} was lost: {exc}")
            self._out.fail(self._lost)
            self._err.fail(self._lost)
        self._out.end()
        self._err.end()
        self._writable.set()
        self._gone.set()
        self.rest(True)
        self._released()

    def _resume(self) -> None:
        if self._paused and self._out.size + self._err.size < _HOLD // 2 and self._channel is not None:
            self._paused = False
            self._channel.resume_reading()


def _number(name: str) -> int:
    try:
        return int(signal.Signals[f"SIG{name}"])
    except KeyError:
        return 127
