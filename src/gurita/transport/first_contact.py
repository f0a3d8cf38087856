"""The first words on a new connection: bring the runner where it is not, start it, and say hello."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from gurita.runner.boot import bare_command, first_contact, install_bare
from gurita.runner.bundle import bare_script, runner_file
from gurita.transport.bare_client import BareTickets
from gurita.transport.errors import ConnectFailed, ConnectionLost, HostUnfit, TransportError
from gurita.transport.ports import Channel, Connection
from gurita.transport.runner_client import RunnerClient
from gurita.transport.runner_tickets import RunnerTickets
from gurita.transport.tickets import Tickets

__all__ = ["open_tickets"]

_PATIENCE = 60.0
_MOST_NOISE = 64 * 1024
_MARK = b"gurita-boot "
_HAVE = b"gurita-boot have"


async def open_tickets(connection: Connection, where: str = "the host") -> Tickets:
    """The ticket store behind a connection: over the runner, or over `bare.sh` on a host without Python.

    Raises HostUnfit when the host cannot be prepared, and what the connection raises.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            client = await _runner(connection, where)
            if client is None:
                return await _bare(connection, where)
            return await _greeted(client, lambda: _another(connection, where))
    except TimeoutError:
        raise ConnectFailed(f"{where} did not get ready within {_PATIENCE:g} s") from None


async def _runner(connection: Connection, where: str) -> RunnerClient | None:
    """A channel to the runner, brought where it is missing; None on a host without Python."""
    bundle = runner_file()
    channel = await connection.open(first_contact(bundle.size, bundle.sha256))
    kept = False
    try:
        word, head = await _answer(channel, where)
        if word == "bare":
            return None
        if word == "need":
            await channel.write(bundle.data)
        client = RunnerClient(channel, where, head)
        kept = True
        return client
    finally:
        if not kept:
            channel.close()


async def _another(connection: Connection, where: str) -> RunnerClient:
    """One more channel to a runner that is there."""
    try:
        async with asyncio.timeout(_PATIENCE):
            client = await _runner(connection, where)
    except TimeoutError:
        raise ConnectionLost(f"{where} did not start its runner within {_PATIENCE:g} s") from None
    if client is None:
        raise ConnectionLost(f"{where} has lost its Python")
    return client


async def _greeted(client: RunnerClient, more: Callable[[], Awaitable[RunnerClient]]) -> Tickets:
    try:
        return await RunnerTickets.greet(client, more)
    except BaseException:
        await client.close()
        raise


async def _answer(channel: Channel, where: str) -> tuple[str, bytes]:
    """The word of the boot line, and the bytes behind it. What a login shell prints before that line is passed over."""
    seen = b""
    while len(seen) < _MOST_NOISE:
        begin = 0 if seen.startswith(_MARK) else seen.find(b"\n" + _MARK) + 1
        if begin or seen.startswith(_MARK):
            line, end, rest = seen[begin:].partition(b"\n")
            word = line.removeprefix(_MARK).decode(errors="replace")
            if end and word in {"have", "need", "bare"}:
                return word, rest
        part = await channel.read()
        if not part:
            raise HostUnfit(f"{where} cannot be made ready: {await _said(channel, seen)}")
        seen += part
    raise HostUnfit(f"{where} prints more than 64 KiB before it runs a command")


async def _said(channel: Channel, seen: bytes) -> str:
    told = b""
    with contextlib.suppress(TransportError):
        told = await channel.read_error()
    text = (seen[-500:] + told[-500:]).decode(errors="replace").strip()
    return text or f"the first command ended with exit code {await channel.wait()} and no word"


async def _bare(connection: Connection, where: str) -> Tickets:
    script = bare_script()
    install = install_bare(script.size, script.sha256)
    answer = await connection.run(install, timeout=_PATIENCE)
    if not answer.out.rstrip().endswith(_HAVE):
        answer = await connection.run(install, script.data, timeout=_PATIENCE)
    if not answer.out.rstrip().endswith(_HAVE):
        told = (answer.out + answer.err)[-500:].decode(errors="replace").strip()
        raise HostUnfit(f"{where} cannot be made ready: {told or f'exit code {answer.rc}'}")
    return await BareTickets.greet(connection, lambda words: bare_command(script.sha256, words))
