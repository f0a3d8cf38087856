"""The agent's SSH server, on a port or on connections it dialled itself."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from pathlib import Path
from typing import Any

import asyncssh

import gurita
from gurita.agent.commands import Commands
from gurita.agent.config import Config
from gurita.agent.files import AgentFiles
from gurita.agent.websocket import carrier_url, dial, is_url
from gurita.transport.algorithms import CIPHERS, KEY_EXCHANGES, MACS, SIGNATURES
from gurita.transport.environment import clean_environment
from gurita.transport.errors import TransportError
from gurita.transport.keys import fingerprint
from gurita.transport.polling import agent_version
from gurita.transport.ssh_dial import AGENT_USER

__all__ = ["AgentService", "address"]

_log = logging.getLogger(__name__)
_FIRST_PAUSE = 0.5
_STEADY = 5.0
_KEEPALIVE = 20.0
_ATTEMPTS = 3
_STRANGER = (
    "It may be ending, or not know this agent (any more): look at the machine there, or register it again"
)


def address(text: str) -> tuple[str, int]:
    """`HOST:PORT` as its parts; IPv6 hosts in brackets. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 <= int(port) < 65536:
        raise ValueError(f"{text!r} is no HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


class _Gate(asyncssh.SSHServer):
    """Lets the pinned server keys in and nobody else; forwards nothing."""

    def __init__(self, pinned: frozenset[str], connections: set[asyncssh.SSHServerConnection]) -> None:
        self._pinned = pinned
        self._connections = connections
        self._ssh: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._ssh = conn
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ssh is not None:
            self._connections.discard(self._ssh)

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = username == AGENT_USER and fingerprint(key) in self._pinned
        if not known:
            _log.warning("refused a sign-in with key %s", fingerprint(key))
        return known

    def auth_completed(self) -> None:
        _log.info("the server is connected")


class AgentService:
    """Serves the server until `close`. `port` is where it listens, 0 when it dials.

    Between two tries to dial it waits half a second, then twice as long each time up to `longest_pause` seconds.
    """

    def __init__(
        self, home: Path, config: Config, key: asyncssh.SSHKey, *, longest_pause: float = 30.0
    ) -> None:
        self._longest_pause = longest_pause
        asyncssh.set_log_level("WARNING")
        self._config = config
        self._key = key
        self._commands = Commands(clean_environment(os.environ, home), Path.home())
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._loops: list[asyncio.Task[None]] = []
        self.port = 0

    async def start(self) -> None:
        """Listens, or begins to dial every server. Raises OSError when the port cannot be had."""
        if self._config.listen:
            host, port = address(self._config.listen)
            self._acceptor = await asyncssh.listen(host, port, **self._options())
            self.port = int(self._acceptor.get_port())
            _log.info("listening on %s:%s", host, self.port)
        for server in self._config.servers:
            self._loops.append(asyncio.ensure_future(self._keep_dialling(server)))

    async def close(self) -> None:
        """Ends connections, gives commands under way a moment, and returns. Detached work goes on."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._acceptor is not None:
            self._acceptor.close()
        for ssh in list(self._connections):
            ssh.close()
        await self._commands.settled(5)

    async def _keep_dialling(self, server: str) -> None:
        where = carrier_url(server) if is_url(server) else server
        pause = min(_FIRST_PAUSE, self._longest_pause)
        while True:
            began = asyncio.get_running_loop().time()
            try:
                ssh = await self._dial(server)
                _log.info("connected to %s", where)
                await ssh.wait_closed()
                _log.info("the connection to %s has ended", where)
            except asyncssh.ConnectionLost as error:
                _log.warning("%s sent this agent away: %s. %s", where, error, _STRANGER)
            except (asyncssh.Error, TransportError, OSError) as error:
                _log.warning("cannot connect to %s: %s", where, error)
            if asyncio.get_running_loop().time() - began > _STEADY:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads agents, guards nothing
            pause = min(pause * 2, self._longest_pause)

    async def _dial(self, server: str) -> asyncssh.SSHServerConnection:
        """SSH with the server as its client, over TCP or inside a WebSocket."""
        if not is_url(server):
            return await asyncssh.connect_reverse(*address(server), **self._options())
        carrier = await dial(server, self._config.proxy)
        try:
            return await asyncssh.connect_reverse("server", 0, tunnel=carrier, **self._options())
        except BaseException:
            carrier.abort()
            raise

    def _options(self) -> dict[str, Any]:
        return {
            "server_factory": self._gate,
            "server_host_keys": [self._key],
            "server_version": agent_version(gurita.__version__, self._config.subscription),
            "config": None,
            "authorized_client_keys": None,
            "public_key_auth": True,
            "password_auth": False,
            "kbdint_auth": False,
            "host_based_auth": False,
            "gss_host": None,
            "x509_trusted_certs": None,
            "allow_pty": False,
            "line_editor": False,
            "agent_forwarding": False,
            "x11_forwarding": False,
            "allow_scp": False,
            "rdns_lookup": False,
            "process_factory": self._commands.serve,
            "sftp_factory": AgentFiles,
            "encoding": None,
            "compression_algs": ["none"],
            "kex_algs": list(KEY_EXCHANGES),
            "encryption_algs": list(CIPHERS),
            "mac_algs": list(MACS),
            "signature_algs": list(SIGNATURES),
            "login_timeout": 30,
            "keepalive_interval": _KEEPALIVE,
            "keepalive_count_max": _ATTEMPTS - 1,
        }

    def _gate(self) -> _Gate:
        return _Gate(frozenset(self._config.server_fingerprints), self._connections)
