"""Following the trail: events in the order they were sealed in, for whoever tells others of them.

Numbers may be committed out of their order; seals may not. So what is remembered of a place in the trail is a seal and how
many events of the next one were dealt with, and no event is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from gurita.audit.reading import as_event
from gurita.audit.records import event
from gurita.audit.resources import Event, EventFact
from gurita.audit.seeing import seen
from gurita.audit.trail.records import audit_seal
from gurita.audit.trail.sealing import anchor_in

if TYPE_CHECKING:
    from gurita.http.context import Viewer
    from gurita.store.tx import Tx

__all__ = ["events_at_in", "facts_in", "highest_number_in", "newest_seal_in", "sealed_after_in"]

_AT_ONCE = 500
_members = msgspec.json.Decoder(list[tuple[int, str]])
_related = msgspec.json.Decoder(tuple[str, ...])
_LIGHT = (
    event.c.number,
    event.c.space,
    event.c.category,
    event.c.document_type,
    event.c.user_id,
    event.c.user_agent,
    event.c.related,
)


def highest_number_in(tx: Tx) -> int:
    """The highest number any event has."""
    return int(tx.scalar(select(func.max(event.c.number))) or 0)


def newest_seal_in(tx: Tx) -> int:
    """The newest seal; 0 before the first."""
    newest = tx.scalar(select(func.max(audit_seal.c.seal)))
    return anchor_in(tx).seal if newest is None else int(newest)


def sealed_after_in(tx: Tx, seal: int, most: int, last: int | None = None) -> list[tuple[int, list[int]]]:
    """The next seals after one (to `last` at most), each with the numbers of its events in their order.

    What was archived is left out: the seals go on after it.
    """
    where = [audit_seal.c.seal > seal]
    if last is not None:
        where.append(audit_seal.c.seal <= last)
    rows = tx.all(
        select(audit_seal.c.seal, audit_seal.c.members).where(*where).order_by(audit_seal.c.seal).limit(most)
    )
    return [(int(row["seal"]), [number for number, _ in _members.decode(row["members"])]) for row in rows]


def facts_in(tx: Tx, numbers: Sequence[int], space: str, viewer: Viewer) -> list[EventFact]:
    """What filters ask of the events with these numbers, in their order: those of a space that a viewer may see."""
    if not numbers or not viewer.may("EventView", space):
        return []
    found: dict[int, EventFact] = {}
    for block in _blocks(numbers):
        rows = tx.all(
            select(*_LIGHT).where(event.c.number.in_(block), event.c.space == space, seen(viewer, [space]))
        )
        for row in rows:
            found[row["number"]] = EventFact(
                number=row["number"],
                category=row["category"],
                document_type=row["document_type"],
                user_id=row["user_id"],
                user_agent=row["user_agent"],
                related=_related.decode(row["related"]),
            )
    return [found[number] for number in numbers if number in found]


def events_at_in(tx: Tx, numbers: Sequence[int], *, whole: bool) -> dict[int, tuple[Event, str]]:
    """Events by their number, each with the hash of its content; `whole` with their differences."""
    found = {}
    for block in _blocks(numbers):
        for row in tx.all(select(event).where(event.c.number.in_(block))):
            found[int(row["number"])] = (as_event(row, whole=whole), row["hash"] or "")
    return found


def _blocks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
