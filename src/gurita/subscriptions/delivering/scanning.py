"""What a subscription tells next: read from the trail in the order of its seals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import RowMapping, select

from gurita.access.service import viewer_of_in
from gurita.audit.resources import EventFact
from gurita.audit.service import AGENTS, GROUPS, facts_in, sealed_after_in
from gurita.http.context import Viewer, system_viewer
from gurita.store.kinds import KINDS
from gurita.subscriptions.positions import Key, find_in
from gurita.subscriptions.records import SUBSCRIPTIONS
from gurita.subscriptions.resources import EventFilter, Subscription
from gurita.subscriptions.rules import Wanted, matches, wanted

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["Place", "Progress", "Told", "scanned_in", "told_in", "viewer_in", "wanted_in"]

MOST_SEALS = 20
MOST_EVENTS = 2_000

Place = tuple[int, int]
"""A seal, and how many events of the next one."""


class Progress(msgspec.Struct, omit_defaults=True):
    """What is remembered of what is being sent.

    Of a digest: since when (milliseconds) and to whom (numbers of users) it was sent. Of a webhook: which event was refused
    how often.
    """

    began: int = 0
    sent: list[int] = msgspec.field(default_factory=list)
    event: int = 0
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A subscription and how far it is, as they are stored."""

    row: RowMapping
    doc: Subscription

    @property
    def space(self) -> str:
        """The space whose events it is about; "" for the system."""
        return self.doc.space_id or ""

    @property
    def progress(self) -> Progress:
        """What is remembered of what is being sent."""
        kept = self.row["done"]
        return msgspec.json.decode(kept, type=Progress) if kept.startswith("{") else Progress()


def told_in(tx: Tx, key: Key) -> Told | None:
    """A subscription that is on; None when it was switched off or deleted."""
    row = find_in(tx, key)
    body = tx.scalar(select(SUBSCRIPTIONS.c.body).where(SUBSCRIPTIONS.c.id == key[0]))
    if row is None or body is None:
        return None
    return Told(row, SUBSCRIPTIONS.codec.read(body, Subscription))


def viewer_in(tx: Tx, teams: Iterable[str]) -> Viewer:
    """Who looks: the teams together; without any, somebody who sees everything."""
    named = list(teams)
    return viewer_of_in(tx, named) if named else system_viewer()


def wanted_in(tx: Tx, given: EventFilter) -> Wanted:
    """A filter spelled out, with the projects that are in its groups now."""
    members: dict[str, list[str]] = {}
    if given.project_groups:
        c = KINDS["Projects"].c
        rows = tx.all(select(c.id, c.project_group_id).where(c.project_group_id.in_(given.project_groups)))
        for row in rows:
            members.setdefault(row["project_group_id"], []).append(row["id"])
    return wanted(given, GROUPS, AGENTS, members)


def scanned_in(
    tx: Tx, told: Told, start: Place, viewer: Viewer, filter: Wanted, last: int | None = None
) -> tuple[list[tuple[EventFact, Place]], Place, bool]:
    """The next events that are told of, each with the place after it; the place after all; whether there may be more.

    Looks at some seals after `start`, to `last` at most.
    """
    numbered: list[tuple[int, Place]] = []
    place, taken = start, 0
    pieces = sealed_after_in(tx, start[0], MOST_SEALS, last)
    for seal, numbers in pieces:
        skipped = start[1] if seal == start[0] + 1 else 0
        numbered += list(_placed(seal, numbers))[skipped:]
        place, taken = (seal, 0), taken + 1
        if len(numbered) >= MOST_EVENTS:
            break
    after = dict(numbered)
    fresh = [number for number, _ in numbered if number > told.row["above"]]
    facts = [fact for fact in facts_in(tx, fresh, told.space, viewer) if matches(filter, fact)]
    more = taken < len(pieces) or len(pieces) == MOST_SEALS
    return [(fact, after[fact.number]) for fact in facts], place, more


def _placed(seal: int, numbers: list[int]) -> Iterator[tuple[int, Place]]:
    """Each event of a seal, with the place after it."""
    for count, number in enumerate(numbers, 1):
        yield number, ((seal, 0) if count == len(numbers) else (seal - 1, count))
