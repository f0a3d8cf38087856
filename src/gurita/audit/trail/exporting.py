"""Seals with their events out of the database, as lines: for exports, archives and streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from gurita.audit.records import event
from gurita.audit.trail.chain import Anchor, Head
from gurita.audit.trail.file_format import event_line, opening_line, seal_line
from gurita.audit.trail.keys import public_in
from gurita.audit.trail.records import audit_seal
from gurita.audit.trail.sealing import anchor_in, head_of

if TYPE_CHECKING:
    from gurita.http.context import Services
    from gurita.store.tx import Tx

__all__ = ["Piece", "exported", "opening_in", "piece_in"]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A seal, its members, and its lines."""

    head: Head
    numbers: list[int]
    begins: int
    ends: int
    lines: bytes


def piece_in(tx: Tx, installation: str, after: int) -> Piece | None:
    """The first seal after this one."""
    row = tx.one(select(audit_seal).where(audit_seal.c.seal > after).order_by(audit_seal.c.seal).limit(1))
    if row is None:
        return None
    members = msgspec.json.decode(row["members"], type=list[tuple[int, str]])
    numbers, rows = [number for number, _ in members], dict[int, Any]()
    for at in range(0, len(numbers), _AT_ONCE):
        some = select(event).where(event.c.number.in_(numbers[at : at + _AT_ONCE]))
        rows |= {each["number"]: each for each in tx.all(some)}
    head, times = head_of(row, installation), [each["occurred"] for each in rows.values()] or [0]
    lines = [seal_line(head, members), *(event_line(rows[number]) for number in numbers if number in rows)]
    return Piece(head, numbers, min(times), max(times), b"".join(lines))


def opening_in(tx: Tx, installation: str, after: Anchor | None = None) -> bytes:
    """The first line of a file that goes on after `after`, or begins where the database does."""
    return opening_line(installation, public_in(tx), after or anchor_in(tx))


async def exported(services: Services) -> AsyncIterator[bytes]:
    """Everything that is sealed and in the database, a seal a piece."""
    store, installation = services.store, services.installation_id
    anchor = await store.read(anchor_in)
    yield await store.read(lambda tx: opening_in(tx, installation, anchor))
    at = anchor.seal
    while (piece := await store.read(lambda tx, at=at: piece_in(tx, installation, at))) is not None:  # type: ignore[misc]
        yield piece.lines
        at = piece.head.seal
