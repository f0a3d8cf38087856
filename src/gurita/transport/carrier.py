"""SSH inside a stream of messages: the bytes of one connection, cut into binary messages and joined again.

Where the messages travel is somebody else's matter: the server gives one end of a WebSocket, the agent the other.
Message borders mean nothing. `docs/subsystems/transport.md` has the carriers side by side.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

__all__ = ["PATH", "SUBPROTOCOL", "Carrier", "Messages"]

PATH = "/api/gurita/agent/carrier"
"""Where a server takes agents in, below its own address."""

SUBPROTOCOL = "gurita-agent.v1"
"""What both sides say they speak, so that a later form can be told from this one."""

_MOST = 1024 * 1024
"""Bytes of the longest message sent. Proxies and servers have bounds, and a message is held whole."""


class Messages(Protocol):
    """One end of a connection that carries messages. Every method may raise OSError or an error of its library."""

    async def send(self, message: bytes) -> None:
        """Sends one message; returns when the next may be given."""

    async def receive(self) -> bytes:
        """The next message; empty once the other side has ended the connection."""

    async def close(self) -> None:
        """Ends the connection."""


class Carrier(asyncio.Transport):
    """An asyncio transport over messages. Hand it to asyncssh as its `tunnel`."""

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._messages = messages
        self._protocol: asyncio.Protocol | None = None
        self._waiting = bytearray()
        self._changed = asyncio.Event()
        self._reading_on = asyncio.Event()
        self._reading_on.set()
        self._closing = False
        self._tasks: list[asyncio.Task[None]] = []
        self.ended = asyncio.Event()

    async def create_connection(
        self, factory: Callable[[], Any], _host: str, _port: int
    ) -> tuple[Carrier, Any]:
        """Begins to carry for the protocol that `factory` makes: what asyncssh asks of a tunnel."""
        protocol = self._protocol = factory()
        protocol.connection_made(self)
        self._tasks = [asyncio.ensure_future(self._receive()), asyncio.ensure_future(self._send())]
        return self, protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Takes bytes to send. What comes after `close` is dropped, as sockets do."""
        if not self._closing:
            self._waiting += data
            self._changed.set()

    def close(self) -> None:
        """Ends the connection once everything taken was sent."""
        self._closing = True
        self._changed.set()
        self._reading_on.set()

    def abort(self) -> None:
        """Ends the connection now."""
        self._waiting.clear()
        self.close()
        for task in self._tasks:
            task.cancel()

    def is_closing(self) -> bool:
        """Whether it ends or has ended."""
        return self._closing

    def pause_reading(self) -> None:
        """Leaves messages where they are until `resume_reading`."""
        self._reading_on.clear()

    def resume_reading(self) -> None:
        """See `pause_reading`."""
        self._reading_on.set()

    def get_write_buffer_size(self) -> int:
        """Bytes taken and not sent yet."""
        return len(self._waiting)

    async def _receive(self) -> None:
        try:
            while message := await self._messages.receive():
                await self._reading_on.wait()
                if self._protocol is not None:
                    self._protocol.data_received(message)
        except Exception:  # noqa: BLE001, S110 - however it broke, it is over, and SSH says what was lost
            pass
        finally:
            await self._over()

    async def _send(self) -> None:
        try:
            while self._waiting or not self._closing:
                await self._changed.wait()
                self._changed.clear()
                while self._waiting:
                    part = bytes(self._waiting[:_MOST])
                    del self._waiting[:_MOST]
                    await self._messages.send(part)
        except Exception:  # noqa: BLE001, S110 - as above
            pass
        finally:
            await self._over()

    async def _over(self) -> None:
        """Whichever side or task ends first ends both, once."""
        self._closing = True
        if self.ended.is_set():
            return
        self.ended.set()
        protocol, self._protocol = self._protocol, None
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        if protocol is not None:
            protocol.connection_lost(None)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(5):
                await self._messages.close()
