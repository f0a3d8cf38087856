"""What the command line calls: `register`, `run`, `deregister`."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gurita.agent import config as files
from gurita.agent.config import Config
from gurita.agent.errors import AgentError, NotRegistered
from gurita.agent.register import Api, Contact, Machine
from gurita.agent.service import AgentService, address
from gurita.agent.sweeping import sweep
from gurita.agent.websocket import carrier_url, is_url
from gurita.kernel.errors import GuritaError
from gurita.transport.keys import fingerprint

__all__ = ["deregister", "register", "run"]

_log = logging.getLogger(__name__)


def register(
    api: Api,
    machine: Machine,
    *,
    home: Path,
    listen: str = "",
    public_host: str = "",
    servers: Sequence[str] = (),
    websocket: bool = False,
    proxy: str = "",
    force: bool = False,
) -> Config:
    """Makes this machine known to the server and writes the configuration `run` reads.

    With `listen` (HOST:PORT) the server will dial `public_host` (or this machine's name) at that port; otherwise the
    agent dials `servers` (HOST:PORT each, one a node), by default the server's own name at its agent port; with
    `websocket` it dials the server's web address instead, through `proxy` if one is named.
    `force` replaces a machine of the same name.
    A refused registration leaves the home as it was. Raises ServerRefused, AgentError, and AlreadyRuns while an
    agent runs on `home`.
    """
    with files.held(home):
        former = _former(home, force=force)
        key = files.host_key(home)
        known = api.bootstrap()
        subscription = secrets.token_hex(10)
        usual = api.url if websocket else _joined(api.host, known.agent_port)
        dialled = () if listen else tuple(servers) or (usual,)
        for each in (*dialled, *([listen] if listen else [])):
            _checked(each)
        host = public_host or socket.getfqdn()
        uri = f"https://{_joined(host, address(listen)[1])}/" if listen else f"poll://{subscription}/"
        made = Config((known.server_fingerprint,), subscription, dialled, listen, api.url, proxy=proxy)
        files.save(home, made)
        named = machine if machine.name else replace(machine, name=socket.gethostname())
        try:
            made = replace(made, machine=api.register(named, Contact(uri, fingerprint(key)), force=force))
        except GuritaError:
            _restore(home, former)
            raise
        files.save(home, made)
        return made


def _former(home: Path, *, force: bool) -> Config | None:
    """The configuration there is. Raises AgentError when it is in use and not to be replaced."""
    try:
        former = files.load(home)
    except NotRegistered:
        return None
    if former.machine and not force:
        raise AgentError(
            f"{home} is registered with {former.server_url} as {former.machine.rpartition('/')[2]} already; "
            "deregister it first, give this one a --home of its own, or register again with --force"
        )
    return former


def _restore(home: Path, former: Config | None) -> None:
    if former is not None:
        files.save(home, former)
    else:
        (home / "config.json").unlink(missing_ok=True)


async def run(
    home: Path,
    *,
    listen: str = "",
    servers: Sequence[str] = (),
    ready: Callable[[AgentService], None] | None = None,
    longest_pause: float = 30.0,
) -> None:
    """Serves until SIGTERM or SIGINT (or until cancelled). `listen` and `servers` override the configuration.

    Raises NotRegistered, AlreadyRuns, OSError when the port cannot be had.
    """
    with files.held(home):
        config = files.load(home)
        if listen or servers:
            config = replace(config, listen=listen, servers=tuple(servers))
        if os.geteuid() == 0:
            _log.warning("this agent runs as root: so will every script. A user of its own is safer")
        await sweep(home)
        service = AgentService(home, config, files.host_key(home), longest_pause=longest_pause)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        try:
            await service.start()
            if ready is not None:
                ready(service)
            await stop.wait()
        finally:
            await service.close()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def deregister(api: Api, home: Path) -> None:
    """Removes the machine from the server and the configuration from this one; key and tickets stay.

    Raises NotRegistered, ServerRefused, and AlreadyRuns while the agent runs.
    """
    with files.held(home):
        config = files.load(home)
        if config.machine:
            api.deregister(config.machine)
        (home / "config.json").unlink()


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _checked(text: str) -> None:
    if is_url(text):
        carrier_url(text)
        return
    try:
        address(text)
    except ValueError as error:
        raise AgentError(str(error)) from None
