"""The agent's home folder: configuration, host key, lock.

HOME/config.json   0600, `Config` as JSON
HOME/host_key      0600, Ed25519, made at the first use; its fingerprint is the machine's thumbprint
HOME/lock          held with flock while an agent runs here
HOME/runner, HOME/tickets-v1   the ticket store (docs/subsystems/tickets.md)
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from gurita.agent.errors import AlreadyRuns, NotRegistered
from gurita.transport.keys import key_at

__all__ = ["Config", "default_home", "held", "host_key", "load", "save"]


@dataclass(frozen=True, slots=True)
class Config:
    """How this agent reaches its server. With `listen` it waits on that address, else it dials `servers`, every one:
    HOST:PORT over TCP, an address of the web (`https://name`) by WebSocket. `proxy` is the HTTP proxy on that way.

    `server_fingerprints` are the keys that may sign in. `machine` is the path of the registered resource under `/api/`.
    """

    server_fingerprints: tuple[str, ...]
    subscription: str
    servers: tuple[str, ...] = ()
    listen: str = ""
    server_url: str = ""
    machine: str = ""
    proxy: str = ""


def default_home() -> Path:
    """`/var/lib/gurita-agent` as root, else `~/.gurita-agent`."""
    return Path("/var/lib/gurita-agent") if os.geteuid() == 0 else Path.home() / ".gurita-agent"


def load(home: Path) -> Config:
    """The configuration of a home. Raises NotRegistered when there is none or it cannot be understood."""
    path = home / "config.json"
    try:
        stored = json.loads(path.read_text())
        return Config(
            tuple(map(str, stored["server_fingerprints"])),
            str(stored["subscription"]),
            tuple(map(str, stored.get("servers", ()))),
            str(stored.get("listen", "")),
            str(stored.get("server_url", "")),
            str(stored.get("machine", "")),
            str(stored.get("proxy", "")),
        )
    except FileNotFoundError:
        raise NotRegistered(f"{path} does not exist; run `gurita agent register` first") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotRegistered(f"{path} cannot be understood ({error}); register this agent again") from None


def save(home: Path, config: Config) -> None:
    """Replaces the configuration; readable by its owner only."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = home / f"config.json.{os.getpid()}"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(dataclasses.asdict(config), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, home / "config.json")


def host_key(home: Path) -> asyncssh.SSHKey:
    """The agent's key, made at the first use. Raises PermissionError when others may read it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return key_at(home / "host_key", "gurita-agent")


@contextlib.contextmanager
def held(home: Path) -> Iterator[None]:
    """Holds the home for one agent. Raises AlreadyRuns when another process holds it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns(f"another agent runs on {home}; give this one a --home of its own") from None
        yield
    finally:
        os.close(handle)
