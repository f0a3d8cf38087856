"""Looking at a host for a health check: what was found, how long it took, and the lines to show for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from gurita.kernel.clock import Clock
from gurita.transport.endpoints import Endpoint, PollingAgent, described
from gurita.transport.errors import HostKeyChanged, HostUnfit, TransportError
from gurita.transport.first_contact import open_tickets
from gurita.transport.local import LocalConnection
from gurita.transport.ssh_connection import SshConnection
from gurita.transport.tickets import Facts

__all__ = ["Evidence", "examine"]

_TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a look at a host brought. Without `error` it is fit for work.

    `dial_ms` and `latency_ms` are milliseconds, 0 when it did not come to that; `fingerprint` is the key the host
    showed, also when it is the wrong one; `log` is the story in sentences.
    """

    error: TransportError | None = None
    fingerprint: str = ""
    dial_ms: float = 0
    latency_ms: float = 0
    has_runner: bool = False
    facts: Facts | None = None
    log: list[str] = field(default_factory=list)


async def examine(
    endpoint: Endpoint, dial: Callable[[Endpoint], Awaitable[SshConnection | LocalConnection]], clock: Clock
) -> Evidence:
    """Dials, measures one round trip, brings the runner and asks for facts; stops at the first error."""
    where = described(endpoint)
    log = [f"Connecting to {where}"]
    began = clock.monotonic()
    try:
        connection = await dial(endpoint)
    except TransportError as error:
        log.append(str(error))
        found = error.found if isinstance(error, HostKeyChanged) else ""
        return Evidence(error=error, fingerprint=found, log=log)
    dialled = (clock.monotonic() - began) * 1000
    log.append(f"Connected in {dialled:.0f} ms; host key {connection.fingerprint or 'none'}")
    evidence = Evidence(fingerprint=connection.fingerprint, dial_ms=dialled, log=log)
    try:
        return await _looked(connection, evidence, clock)
    except TransportError as error:
        log.append(str(error))
        return Evidence(error=error, fingerprint=connection.fingerprint, dial_ms=dialled, log=log)
    finally:
        if not isinstance(endpoint, PollingAgent):
            await connection.close()


async def _looked(connection: SshConnection | LocalConnection, so_far: Evidence, clock: Clock) -> Evidence:
    began = clock.monotonic()
    answer = await connection.run("echo gurita", timeout=_TIMEOUT)
    latency = (clock.monotonic() - began) * 1000
    told = (answer.out.removesuffix(b"gurita\n") + answer.err)[-500:].decode(errors="replace").strip()
    if answer.rc != 0 or not answer.out.endswith(b"gurita\n"):
        raise HostUnfit(f"the host does not run commands cleanly (exit code {answer.rc}): {told}")
    if told:
        so_far.log.append(f"The account's start files print text at every command: {told}")
    so_far.log.append(f"A command takes {latency:.0f} ms")
    tickets = await open_tickets(connection, connection.where)
    try:
        facts = tickets.facts
        so_far.log.append(
            f"{facts.hostname}: {facts.os} {facts.os_version} {facts.arch}, user {facts.user}, "
            + (
                f"Python {facts.python}"
                if tickets.has_runner
                else "no Python 3.8 or newer: plain scripts only"
            )
            + f", {facts.free_bytes // 1_000_000} MB free"
        )
        return Evidence(
            fingerprint=so_far.fingerprint,
            dial_ms=so_far.dial_ms,
            latency_ms=latency,
            has_runner=tickets.has_runner,
            facts=facts,
            log=so_far.log,
        )
    finally:
        await tickets.close()
