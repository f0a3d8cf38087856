"""Agents that dial in. SSH runs reversed on their connection: the agent is the SSH server, we are its client.

An agent names its subscription in the identification string of its SSH server, which the key exchange signs with
the agent's host key. Whether that key may speak for that subscription is asked before we authenticate.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import asyncssh

from gurita.kernel.errors import GuritaError
from gurita.transport.algorithms import SIGNATURES
from gurita.transport.carrier import Carrier, Messages
from gurita.transport.endpoints import PollingAgent, described
from gurita.transport.errors import HostKeyChanged, NotConnected
from gurita.transport.keys import fingerprint
from gurita.transport.ssh_connection import SshConnection
from gurita.transport.ssh_dial import AGENT_USER, Dialling, client_options

__all__ = ["Allowed", "Greeting", "PollingAgents", "agent_version", "subscription_in"]

Allowed = Callable[[str, str], Awaitable[bool]]
Greeting = Callable[[str, str], Awaitable[None]]
"""Of (fingerprint, subscription): what is done once an agent is connected."""

_log = logging.getLogger(__name__)
_VERSION = re.compile(r"SSH-2\.0-GuritaAgent_[^ ]* ([A-Za-z0-9_-]{1,64})\Z")


def agent_version(product: str, subscription: str) -> str:
    """The identification an agent's SSH server shows (without `SSH-2.0-`)."""
    return f"GuritaAgent_{product} {subscription}"


def subscription_in(version: str) -> str:
    """The subscription in an SSH identification string; empty when it is not an agent's."""
    found = _VERSION.match(version)
    return found.group(1) if found else ""


class PollingAgents:
    """Who is connected to this node now, by subscription. The newest connection of a subscription wins."""

    def __init__(self, key: asyncssh.SSHKey, dialling: Dialling) -> None:
        self._key = key
        self._dialling = dialling
        self._acceptors: list[asyncssh.SSHAcceptor] = []
        self._watching: set[asyncio.Task[None]] = set()
        self._carriers: set[Carrier] = set()
        self.connected: dict[str, SshConnection] = {}
        self.greeting: Greeting | None = None

    async def listen(self, host: str, port: int, allowed: Allowed) -> int:
        """Lets agents dial in; answers the port, which is chosen where `port` is 0.

        `allowed(fingerprint, subscription)` is asked once a connection.
        """
        acceptor = await asyncssh.listen_reverse(
            host,
            port,
            client_factory=lambda: _Visitor(self._key, allowed),
            acceptor=self._arrived,
            **self._options(),
        )
        self._acceptors.append(acceptor)
        return int(acceptor.get_port())

    async def carry(self, messages: Messages, allowed: Allowed) -> None:
        """Takes in an agent that dialled by other means than our port; returns when its connection has ended."""
        carrier = Carrier(messages)
        self._carriers.add(carrier)
        try:
            ssh = await asyncssh.connect(
                "agent",
                0,
                tunnel=carrier,
                client_factory=lambda: _Visitor(self._key, allowed),
                **self._options(),
            )
            self._arrived(ssh)
            await ssh.wait_closed()
        except (asyncssh.Error, OSError) as error:
            _log.info("an agent was sent away: %s", error)
        finally:
            self._carriers.discard(carrier)
            carrier.abort()
            await carrier.ended.wait()

    def _options(self) -> dict[str, Any]:
        options = client_options(self._dialling)
        options.pop("connect_timeout")
        return options | {
            "username": AGENT_USER,
            "client_keys": None,
            "preferred_auth": ["publickey"],
            "server_host_key_algs": list(SIGNATURES),
        }

    def find(self, endpoint: PollingAgent) -> SshConnection:
        """Its connection. Raises NotConnected, or HostKeyChanged when the key is none of the pinned."""
        connection = self.connected.get(endpoint.subscription)
        if connection is None or connection.closed:
            raise NotConnected(f"{described(endpoint)} is not connected")
        if connection.fingerprint not in endpoint.fingerprints:
            raise HostKeyChanged(described(endpoint), endpoint.fingerprints, connection.fingerprint)
        return connection

    async def disconnect(self, subscription: str) -> None:
        """Sends an agent away, for example when its machine is deleted. It may dial in again and is asked anew."""
        connection = self.connected.pop(subscription, None)
        if connection is not None:
            await connection.close()

    async def close(self) -> None:
        """Stops listening and sends everybody away."""
        for acceptor in self._acceptors:
            acceptor.close()
        for connection in list(self.connected.values()):
            connection.abort()
        for carrier in list(self._carriers):
            carrier.abort()
        if self._watching:
            await asyncio.wait(self._watching, timeout=5)
        self._acceptors.clear()

    def _arrived(self, ssh: asyncssh.SSHClientConnection) -> None:
        subscription = subscription_in(str(ssh.get_extra_info("server_version", "")))
        key = ssh.get_server_host_key()
        if not subscription or key is None:
            ssh.abort()
            return
        where = described(PollingAgent(subscription, ()))
        dialling = self._dialling
        connection = SshConnection(ssh, where, fingerprint(key), dialling.keepalive, dialling.resting)
        before = self.connected.get(subscription)
        self.connected[subscription] = connection
        if before is not None:
            _log.info("%s dialled in again; its older connection is closed", where)
            before.abort()
        self._watch(self._until_gone(subscription, connection))
        if self.greeting is not None:
            self._watch(self._greet(self.greeting, connection.fingerprint, subscription))

    def _watch(self, work: Coroutine[Any, Any, None]) -> None:
        watch = asyncio.ensure_future(work)
        self._watching.add(watch)
        watch.add_done_callback(self._watching.discard)

    @staticmethod
    async def _greet(greeting: Greeting, fingerprint: str, subscription: str) -> None:
        try:
            await greeting(fingerprint, subscription)
        except GuritaError as error:
            _log.warning("an agent with subscription %r is connected, but: %s", subscription, error)

    async def _until_gone(self, subscription: str, connection: SshConnection) -> None:
        await connection.wait_closed()
        if self.connected.get(subscription) is connection:
            del self.connected[subscription]


class _Visitor(asyncssh.SSHClient):
    """Knows the key the visitor has shown, and signs in to it only once it was allowed."""

    def __init__(self, key: asyncssh.SSHKey, allowed: Allowed) -> None:
        self._key = key
        self._allowed = allowed
        self._asked = False
        self._ssh: asyncssh.SSHClientConnection | None = None
        self._found = ""

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._ssh = conn

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self._found = fingerprint(key)
        return True

    async def public_key_auth_requested(self) -> Sequence[Any] | None:
        if self._asked or self._ssh is None:
            return None
        self._asked = True
        subscription = subscription_in(str(self._ssh.get_extra_info("server_version", "")))
        if not subscription or not await self._allowed(self._found, subscription):
            _log.warning(
                "an agent with key %s and subscription %r is not known here", self._found, subscription
            )
            return None
        return [self._key]
