"""Kept connections: one a host, dialled once, shared by everybody, dropped at the first error."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from gurita.kernel.clock import Clock
from gurita.kernel.faults import fault
from gurita.transport import ssh_dial
from gurita.transport.carrier import Messages
from gurita.transport.endpoints import Endpoint, ListeningAgent, Local, OpenSsh, PollingAgent, Proxy
from gurita.transport.errors import ConnectionLost
from gurita.transport.first_contact import open_tickets
from gurita.transport.keys import fingerprint
from gurita.transport.local import LocalConnection
from gurita.transport.polling import Allowed, Greeting, PollingAgents
from gurita.transport.probing import Evidence, examine
from gurita.transport.ssh_connection import SshConnection
from gurita.transport.ssh_dial import Dialling, Opener
from gurita.transport.tickets import Tickets

__all__ = ["Hub"]

Kept = SshConnection | LocalConnection


@dataclass(slots=True)
class _Host:
    """What is kept for one key. `gate` lets one caller dial at a time; the others then find the connection."""

    gate: asyncio.Lock
    endpoint: Endpoint | None = None
    connection: Kept | None = None
    tickets: Tickets | None = None
    borrowed: bool = False


class Hub:
    """Connections by key (a machine's id). `reveal` opens an account's secrets at the moment of dialling."""

    def __init__(
        self,
        server_key: asyncssh.SSHKey,
        clock: Clock,
        reveal: Opener,
        *,
        dialling: Dialling | None = None,
        local_home: Path | None = None,
    ) -> None:
        asyncssh.set_log_level("WARNING")
        self._key = server_key
        self._clock = clock
        self._reveal = reveal
        self._dialling = dialling or Dialling()
        self._local_home = local_home
        self._hosts: dict[str, _Host] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._agents = PollingAgents(server_key, self._dialling)

    @property
    def fingerprint(self) -> str:
        """The server's own key, which agents pin."""
        return fingerprint(self._key)

    @property
    def public_key(self) -> str:
        """The public half of it, as a line for `authorized_keys`."""
        return self._key.export_public_key().decode().strip()

    @property
    def connected(self) -> Mapping[str, SshConnection]:
        """Polling agents connected to this node now, by subscription."""
        return self._agents.connected

    async def tickets(self, key: str, endpoint: Endpoint) -> Tickets:
        """The host's ticket store on its kept connection, dialled if need be. Raises TransportError."""
        host = self._host(key)
        async with host.gate:
            if host.tickets is None or host.tickets.closed or self._stale(host, endpoint):
                connection = await self._current(host, endpoint)
                host.tickets = await open_tickets(connection, connection.where)
                self._still_wanted(key, host)
            return host.tickets

    async def connection(self, key: str, endpoint: Endpoint) -> Kept:
        """The host's kept connection, dialled if need be. Raises TransportError."""
        host = self._host(key)
        async with host.gate:
            connection = await self._current(host, endpoint)
            self._still_wanted(key, host)
            return connection

    async def probe(self, endpoint: Endpoint) -> Evidence:
        """Looks at a host with a fresh connection (a polling agent with the one it has) and says what it found.

        Raises nothing a host can cause: the error is part of the evidence.
        """
        return await examine(endpoint, self._dial, self._clock)

    async def discover(self, host: str, port: int, proxy: Proxy | None = None) -> str:
        """The fingerprint a host or listening agent shows. Raises ConnectFailed."""
        return await ssh_dial.discover(host, port, self._dialling, proxy, self._reveal)

    def drop(self, key: str) -> None:
        """Forgets a host's connection; the next caller dials anew. For errors and for changed machines."""
        host = self._hosts.pop(key, None)
        if host is not None:
            self._part(host)

    async def disconnect(self, subscription: str) -> None:
        """Sends a polling agent away; its key is checked again when it comes back."""
        await self._agents.disconnect(subscription)

    def greet(self, greeting: Greeting) -> None:
        """Has `greeting(fingerprint, subscription)` called for each polling agent once it is connected."""
        self._agents.greeting = greeting

    async def listen(self, host: str, port: int, allowed: Allowed) -> int:
        """Lets polling agents dial in; answers the port. `allowed(fingerprint, subscription)` decides about each."""
        return await self._agents.listen(host, port, allowed)

    async def carry(self, messages: Messages, allowed: Allowed) -> None:
        """Takes in a polling agent that came by WebSocket; returns when its connection has ended."""
        await self._agents.carry(messages, allowed)

    async def close(self) -> None:
        """Closes everything. Running work on the hosts goes on."""
        for key in list(self._hosts):
            self.drop(key)
        if self._closing:
            await asyncio.wait(self._closing, timeout=5)
        await self._agents.close()

    def _host(self, key: str) -> _Host:
        return self._hosts.setdefault(key, _Host(asyncio.Lock()))

    def _still_wanted(self, key: str, host: _Host) -> None:
        """A host dropped while it was dialled must not be kept by nobody."""
        if self._hosts.get(key) is not host:
            self._part(host)
            raise ConnectionLost("the connection was dropped while it was made")

    @staticmethod
    def _stale(host: _Host, endpoint: Endpoint) -> bool:
        return host.connection is None or host.connection.closed or host.endpoint != endpoint

    async def _current(self, host: _Host, endpoint: Endpoint) -> Kept:
        if host.connection is not None and not self._stale(host, endpoint):
            return host.connection
        self._part(host)
        host.connection = await self._dial(endpoint)
        host.endpoint = endpoint
        host.borrowed = isinstance(endpoint, PollingAgent)
        return host.connection

    async def _dial(self, endpoint: Endpoint) -> Kept:
        fault("transport.dial")
        if isinstance(endpoint, OpenSsh):
            return await ssh_dial.dial_openssh(endpoint, self._reveal, self._dialling)
        if isinstance(endpoint, ListeningAgent):
            return await ssh_dial.dial_agent(endpoint, self._key, self._dialling, self._reveal)
        if isinstance(endpoint, Local):
            return LocalConnection(self._local_home)
        return self._agents.find(endpoint)

    def _part(self, host: _Host) -> None:
        """Closes in the background what a host holds; an agent's own connection stays, only our channel goes."""
        tickets, connection = host.tickets, None if host.borrowed else host.connection
        host.tickets = host.connection = host.endpoint = None
        if tickets is None and connection is None:
            return

        async def parting() -> None:
            if tickets is not None:
                await tickets.close()
            if connection is not None:
                await connection.close()

        task = asyncio.ensure_future(parting())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
