"""Hears what other nodes' commits notify (PostgreSQL), without a thread and without polling."""

from __future__ import annotations

import asyncio
import contextlib

import psycopg

from gurita.store.backend import CHANNEL, PostgresqlBackend
from gurita.store.notify import Subscriptions

__all__ = ["Listener"]

_LONGEST_PAUSE = 5.0


class Listener:
    """One connection with LISTEN, watched by the event loop. A lost one is made again, and all are woken."""

    def __init__(self, backend: PostgresqlBackend, subscriptions: Subscriptions) -> None:
        self._backend = backend
        self._subscriptions = subscriptions
        self._connection: psycopg.Connection | None = None
        self._socket = -1
        self._repair: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connects. Raises psycopg.Error."""
        self._connection = await asyncio.to_thread(self._connect)
        self._socket = self._connection.pgconn.socket
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    async def close(self) -> None:
        """Stops listening."""
        if self._repair is not None:
            self._repair.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._repair
        self._end()

    def _connect(self) -> psycopg.Connection:
        connection = psycopg.connect(self._backend.conninfo("gurita-listen"), autocommit=True)
        connection.execute(f"LISTEN {CHANNEL}")
        return connection

    def _readable(self) -> None:
        if self._connection is None:
            return
        notes: list[tuple[str, str]] = []
        try:
            self._connection.pgconn.consume_input()
            own = self._backend.backends.values()
            while (heard := self._connection.pgconn.notifies()) is not None:
                if heard.be_pid not in own:
                    channel, _, payload = heard.extra.decode().partition("\n")
                    notes.append((channel, payload))
        except psycopg.Error:
            self._end()
            self._repair = asyncio.get_running_loop().create_task(self._again())
        self._subscriptions.deliver(notes)

    def _end(self) -> None:
        if self._connection is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._connection.close()
            self._connection = None

    async def _again(self) -> None:
        pause = 0.1
        while True:
            try:
                await self.start()
            except psycopg.Error:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._subscriptions.wake_all()
                return
