"""A Connection over SSH, whoever dialled it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar

import asyncssh

from gurita.transport.commands import run_through
from gurita.transport.errors import ConnectionLost, TransportError
from gurita.transport.ports import Channel, Finished
from gurita.transport.sftp_files import get_file, put_file
from gurita.transport.ssh_channel import SshChannel

__all__ = ["MOST_CHANNELS", "SshConnection"]

MOST_CHANNELS = 10
_PAUSES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.0, 2.0)
T = TypeVar("T")
_LOST = (asyncssh.DisconnectError, asyncssh.SFTPConnectionLost, OSError)


class SshConnection:
    """Commands and files on one SSH connection. At most 10 channels at once, as OpenSSH allows; others wait.

    The host is asked for a sign of life every `keepalive` seconds while something is awaited from it, and every
    `resting` seconds otherwise: a thousand connected agents would cost several percent of a core for nothing.
    """

    def __init__(
        self,
        ssh: asyncssh.SSHClientConnection,
        where: str,
        fingerprint: str,
        keepalive: float,
        resting: float,
    ) -> None:
        self._ssh = ssh
        self._keepalive = keepalive
        self._resting = resting
        self._awaited = 0
        self._slots = asyncio.Semaphore(MOST_CHANNELS)
        self.where = where
        self.fingerprint = fingerprint

    @property
    def closed(self) -> bool:
        return bool(self._ssh.is_closed())

    async def run(self, command: str, stdin: bytes = b"", *, timeout: float) -> Finished:
        return await run_through(self.open, command, stdin, timeout)

    async def open(self, command: str) -> Channel:
        await self._slots.acquire()
        released = _Once(self._slots.release)
        channel = SshChannel(self.where, released, self._await)
        try:
            with self._translated():
                await self._patiently(
                    lambda: self._ssh.create_session(lambda: channel, command, encoding=None)
                )
        except BaseException:
            released()
            raise
        return channel

    async def put(self, data: AsyncIterator[bytes], path: str, *, mode: int) -> None:
        async with self._sftp() as sftp:
            with self._translated():
                await put_file(sftp, data, path, mode)

    async def get(self, path: str, *, offset: int = 0) -> AsyncIterator[bytes]:
        async with self._sftp() as sftp:
            parts = get_file(sftp, path, offset)
            try:
                while True:
                    with self._translated():
                        part = await anext(parts, b"")
                    if not part:
                        return
                    yield part
            finally:
                await parts.aclose()  # type: ignore[attr-defined]

    async def close(self) -> None:
        self._ssh.close()
        try:
            async with asyncio.timeout(1):
                await self._ssh.wait_closed()
        except TimeoutError:
            self._ssh.abort()

    def abort(self) -> None:
        """Cuts the connection without a word to the other side."""
        self._ssh.abort()

    async def wait_closed(self) -> None:
        """Returns once the connection is gone, for whatever reason."""
        await self._ssh.wait_closed()

    @contextlib.asynccontextmanager
    async def _sftp(self) -> AsyncIterator[asyncssh.SFTPClient]:
        async with self._slots:
            self._await(1)
            try:
                async with self._sftp_session() as sftp:
                    yield sftp
            finally:
                self._await(-1)

    @contextlib.asynccontextmanager
    async def _sftp_session(self) -> AsyncIterator[asyncssh.SFTPClient]:
        with self._translated():
            sftp = await self._patiently(self._ssh.start_sftp_client)
        try:
            yield sftp
        finally:
            sftp.exit()

    def _await(self, change: int) -> None:
        before, self._awaited = self._awaited, self._awaited + change
        if bool(before) != bool(self._awaited) and not self.closed:
            self._ssh.set_keepalive(self._keepalive if self._awaited else self._resting)

    async def _patiently(self, opening: Callable[[], Awaitable[T]]) -> T:
        """OpenSSH counts a session until its child is reaped, a moment after it has closed the channel; and a host may
        allow fewer than ten. So a refusal is asked again for about five seconds."""
        for pause in _PAUSES:
            try:
                return await opening()
            except asyncssh.ChannelOpenError:
                if self.closed:
                    raise
                await asyncio.sleep(pause)
        return await opening()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except asyncssh.ChannelOpenError as error:
            if self.closed:
                raise ConnectionLost(f"the connection to {self.where} was lost: {error.reason}") from None
            raise TransportError(f"{self.where} refused a channel: {error.reason}") from None
        except _LOST as error:
            raise ConnectionLost(f"the connection to {self.where} was lost: {error}") from None


class _Once:
    """Calls something on the first call only."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call: Callable[[], None] | None = call

    def __call__(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()
