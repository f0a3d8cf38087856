"""Dialling SSH: pinned host keys first, then authentication, then a Connection."""

from __future__ import annotations

import asyncio
import getpass
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncssh

from gurita.kernel.sensitive import Sensitive
from gurita.transport.algorithms import CIPHERS, HOST_KEY_FAMILIES, KEY_EXCHANGES, MACS, SIGNATURES
from gurita.transport.endpoints import ListeningAgent, OpenSsh, Proxy, described
from gurita.transport.errors import AuthenticationRefused, ConnectFailed, HostKeyChanged, TransportError
from gurita.transport.keys import fingerprint
from gurita.transport.proxying import connect_through
from gurita.transport.ssh_connection import SshConnection

__all__ = ["AGENT_USER", "Dialling", "Opener", "client_options", "dial_agent", "dial_openssh", "discover"]

AGENT_USER = "gurita"

Opener = Callable[[Sensitive], str]


@dataclass(frozen=True, slots=True)
class Dialling:
    """How long things may take, in seconds. A host that is silent while something is awaited from it is given up after
    `keepalive * attempts`, one that rests after `resting * attempts`."""

    connect: float = 15.0
    keepalive: float = 5.0
    attempts: int = 3
    resting: float = 30.0


class Pinned(asyncssh.SSHClient):
    """Accepts only pinned host keys and remembers the one it saw. Runs before any authentication is sent."""

    def __init__(self, expected: Sequence[str], password: str | None = None) -> None:
        self._expected = frozenset(expected)
        self._password = password
        self.found = ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self.found = fingerprint(key)
        return self.found in self._expected

    def password_auth_requested(self) -> str | None:
        password, self._password = self._password, None
        return password


def client_options(dialling: Dialling) -> dict[str, Any]:
    """What every SSH client of ours is started with. The service account's own configuration, keys, agent and
    known hosts are never read, and nothing is forwarded."""
    _named_account()
    return {
        "config": None,
        "known_hosts": lambda host, addr, port: ([], [], [], [], [], [], []),
        "agent_path": None,
        "agent_forwarding": False,
        "x509_trusted_certs": None,
        "gss_host": None,
        "gss_kex": False,
        "gss_auth": False,
        "client_host_keysign": False,
        "compression_algs": ["none"],
        "kex_algs": list(KEY_EXCHANGES),
        "encryption_algs": list(CIPHERS),
        "mac_algs": list(MACS),
        "signature_algs": list(SIGNATURES),
        "send_env": (),
        "client_version": "Gurita",
        "connect_timeout": dialling.connect,
        "login_timeout": dialling.connect,
        "keepalive_interval": dialling.resting,
        "keepalive_count_max": dialling.attempts - 1,
    }


async def dial_openssh(endpoint: OpenSsh, reveal: Opener, dialling: Dialling) -> SshConnection:
    """A connection to an SSH host. Raises ConnectFailed, HostKeyChanged or AuthenticationRefused."""
    password = reveal(endpoint.password) if endpoint.password else None
    keys = [_private_key(endpoint, endpoint.private_key, reveal)] if endpoint.private_key else []
    methods = (["publickey"] if keys else []) + (["password"] if password else [])
    if not methods:
        raise AuthenticationRefused(f"{described(endpoint)}: the account has neither a key nor a password")
    options = {"username": endpoint.username, "client_keys": keys or None, "preferred_auth": methods}
    return await _dial(endpoint, options, password, dialling, reveal)


async def dial_agent(
    endpoint: ListeningAgent, key: asyncssh.SSHKey, dialling: Dialling, reveal: Opener | None = None
) -> SshConnection:
    """A connection to a listening agent, signed in with the server's own key. Raises as `dial_openssh`."""
    options = {"username": AGENT_USER, "client_keys": [key], "preferred_auth": ["publickey"]}
    return await _dial(endpoint, options, None, dialling, reveal)


async def discover(
    host: str, port: int, dialling: Dialling, proxy: Proxy | None = None, reveal: Opener | None = None
) -> str:
    """The fingerprint of the key a host shows, its Ed25519 key if it has one. Nothing is sent to it.

    Raises ConnectFailed.
    """
    client = Pinned(())
    options = {"username": "none", "client_keys": None, "preferred_auth": ["none"]}
    try:
        async with asyncio.timeout(dialling.connect):
            sock = await _through(proxy, host, port, reveal, dialling)
            ssh = await _connect(host, port, client, options, SIGNATURES, dialling, sock)
        ssh.abort()
    except (asyncssh.Error, OSError, TimeoutError) as error:
        if not client.found:
            raise _connect_failed(f"{host}:{port}", error) from None
    return client.found


async def _dial(
    endpoint: OpenSsh | ListeningAgent,
    options: dict[str, Any],
    password: str | None,
    dialling: Dialling,
    reveal: Opener | None,
) -> SshConnection:
    """A host has a key of each kind and shows the kind we prefer. A stranger to the pins is therefore asked for its
    other kinds before it counts as changed; errors on that way only mean that it has no such key."""
    where = described(endpoint)
    dialling = replace(dialling, connect=endpoint.timing.connect or dialling.connect)
    seen = ""
    for algorithms in (SIGNATURES, *HOST_KEY_FAMILIES):
        client = Pinned(endpoint.fingerprints, password)
        try:
            async with asyncio.timeout(dialling.connect):
                sock = await _through(endpoint.proxy, endpoint.host, endpoint.port, reveal, dialling)
                ssh = await _connect(
                    endpoint.host, endpoint.port, client, options, algorithms, dialling, sock
                )
        except asyncssh.HostKeyNotVerifiable:
            seen = seen or client.found
        except asyncssh.PermissionDenied as error:
            raise AuthenticationRefused(f"{where} does not let us in: {error.reason}") from None
        except (asyncssh.Error, OSError, TimeoutError) as error:
            if not seen:
                raise _connect_failed(where, error) from None
        else:
            return SshConnection(ssh, where, client.found, dialling.keepalive, dialling.resting)
    raise HostKeyChanged(where, endpoint.fingerprints, seen)


async def _connect(
    host: str,
    port: int,
    client: Pinned,
    options: dict[str, Any],
    algorithms: Sequence[str],
    dialling: Dialling,
    sock: socket.socket | None,
) -> asyncssh.SSHClientConnection:
    return await asyncssh.connect(
        host,
        port,
        sock=sock,
        client_factory=lambda: client,
        server_host_key_algs=list(algorithms),
        **client_options(dialling),
        **options,
    )


async def _through(
    proxy: Proxy | None, host: str, port: int, reveal: Opener | None, dialling: Dialling
) -> socket.socket | None:
    """The socket an HTTP proxy opened; None where there is no proxy."""
    if proxy is None:
        return None
    return await connect_through(proxy, host, port, reveal, dialling.connect)


def _named_account() -> None:
    """asyncssh wants a name of the account it runs under; containers run under numbers that have none."""
    try:
        getpass.getuser()
    except (KeyError, OSError):
        os.environ["LOGNAME"] = AGENT_USER


def _private_key(endpoint: OpenSsh, key: Sensitive, reveal: Opener) -> asyncssh.SSHKey:
    passphrase = reveal(endpoint.passphrase) if endpoint.passphrase else None
    try:
        return asyncssh.import_private_key(reveal(key), passphrase)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise AuthenticationRefused(
            f"{described(endpoint)}: the private key cannot be read: {error}"
        ) from None


def _connect_failed(where: str, error: BaseException) -> TransportError:
    if isinstance(error, socket.gaierror):
        return ConnectFailed(f"{where}: the name cannot be resolved ({error.strerror})")
    if isinstance(error, TimeoutError):
        return ConnectFailed(f"{where} does not answer in time")
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return ConnectFailed(f"{where}: {reason}")
