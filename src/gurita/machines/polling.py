"""Which polling agents may dial in, whatever the space, and what happens when one has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

from msgspec import json
from sqlalchemy import select

from gurita.engine.tables import task
from gurita.http.context import Context, Services
from gurita.kernel.errors import Invalid
from gurita.machines.health import seen_before_in
from gurita.machines.reachable import begin_check_in
from gurita.machines.records import MACHINES, WORKERS
from gurita.machines.resources import MachineBase, PollingEndpoint
from gurita.machines.rules import split_fingerprints, subscription
from gurita.store.documents import DocumentKind
from gurita.store.tx import Tx

__all__ = ["gate", "greeting", "polls_in"]


def gate(services: Services) -> Callable[[str, str], Awaitable[bool]]:
    """Of (fingerprint, subscription): whether such an agent may dial in now."""

    async def allowed(fingerprint: str, name: str) -> bool:
        return await services.store.read(lambda tx: polls_in(tx, fingerprint, name))

    return allowed


def greeting(services: Services, context: Callable[[str], Context]) -> Callable[[str, str], Awaitable[None]]:
    """Of (fingerprint, subscription) of an agent that has dialled in: has its machine looked at, if that never went well.

    A new machine is looked at when it is made known, which may be before its agent dials in for the first time.
    """

    async def greet(fingerprint: str, name: str) -> None:
        if await services.store.read(lambda tx: _unseen_in(tx, fingerprint, name)):
            await services.store.write(lambda tx: begin(tx, fingerprint, name))

    def begin(tx: Tx, fingerprint: str, name: str) -> None:
        for machine in _unseen_in(tx, fingerprint, name):
            begin_check_in(tx, context(machine.space_id), machine)

    return greet


def polls_in(tx: Tx, fingerprint: str, name: str) -> bool:
    """Whether an enabled machine or worker of any space polls under this subscription with this key."""
    return next(_polling_in(tx, fingerprint, name), None) is not None


def _unseen_in(tx: Tx, fingerprint: str, name: str) -> list[MachineBase]:
    """The machines of an agent that no check has reached yet, and for which none waits to begin."""
    found = [one for one in _polling_in(tx, fingerprint, name) if not seen_before_in(tx, one)]
    if not found:
        return []
    waiting = select(task.c.arguments).where(task.c.name == "Health", task.c.state == "Queued")
    named = {id for row in tx.all(waiting) for id in json.decode(row["arguments"]).get("MachineIds") or ()}
    return [one for one in found if one.id not in named]


def _polling_in(tx: Tx, fingerprint: str, name: str) -> Iterator[MachineBase]:
    for kind in (MACHINES, WORKERS):
        yield from _of_kind_in(tx, kind, fingerprint, name)


def _of_kind_in(tx: Tx, kind: DocumentKind[Any], fingerprint: str, name: str) -> Iterator[MachineBase]:
    c = kind.c
    wanted = select(c.body).where(
        c.style == "TentacleActive",
        c.thumbprint.contains(fingerprint, autoescape=True),
        c.is_disabled.is_(False),
    )
    for row in tx.all(wanted.limit(100)):
        machine: MachineBase = kind.codec.read(row["body"], kind.struct)
        told = machine.endpoint
        if not isinstance(told, PollingEndpoint) or fingerprint not in split_fingerprints(machine.thumbprint):
            continue
        with suppress(Invalid):
            if subscription(told.uri) == name:
                yield machine
