"""Which polling agents may dial in: asked for every connection on the agent port, whatever the space."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select

from gurita.http.context import Services
from gurita.kernel.errors import Invalid
from gurita.machines.records import MACHINES, WORKERS
from gurita.machines.resources import PollingEndpoint
from gurita.machines.rules import split_fingerprints, subscription
from gurita.store.documents import DocumentKind
from gurita.store.tx import Tx

__all__ = ["gate", "polls_in"]


def gate(services: Services) -> Callable[[str, str], Awaitable[bool]]:
    """Of (fingerprint, subscription): whether such an agent may dial in now."""

    async def allowed(fingerprint: str, name: str) -> bool:
        return await services.store.read(lambda tx: polls_in(tx, fingerprint, name))

    return allowed


def polls_in(tx: Tx, fingerprint: str, name: str) -> bool:
    """Whether an enabled machine or worker of any space polls under this subscription with this key."""
    return any(_polls_in(tx, kind, fingerprint, name) for kind in (MACHINES, WORKERS))


def _polls_in(tx: Tx, kind: DocumentKind[Any], fingerprint: str, name: str) -> bool:
    c = kind.c
    wanted = select(c.body).where(
        c.style == "TentacleActive",
        c.thumbprint.contains(fingerprint, autoescape=True),
        c.is_disabled.is_(False),
    )
    for row in tx.all(wanted.limit(100)):
        machine = kind.codec.read(row["body"], kind.struct)
        told = machine.endpoint
        if not isinstance(told, PollingEndpoint) or fingerprint not in split_fingerprints(machine.thumbprint):
            continue
        try:
            if subscription(told.uri) == name:
                return True
        except Invalid:
            continue
    return False
