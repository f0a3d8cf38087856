"""Taking committed events into the chain: read on a snapshot, signed, and written as one row a seal.

No unit that does a deed knows of it, so writers never wait for each other. What is committed and not yet sealed could be
altered by somebody with the database in his hands; `keeper` keeps that window at a second at most.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, Text, cast, func, insert, or_, select

from gurita.audit.records import event
from gurita.audit.trail.chain import BEGINNING, CONTENT, Anchor, Head, linked, row_hash, signed
from gurita.audit.trail.gaps import Gap, missed, remaining
from gurita.audit.trail.records import audit_archive, audit_seal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from sqlalchemy import RowMapping

    from gurita.store.tx import Tx

__all__ = [
    "MOST",
    "SEALED",
    "Found",
    "Seal",
    "anchor_in",
    "find_in",
    "head_at_in",
    "head_of",
    "last_head_in",
    "made",
    "put_in",
]

MOST = 2000
"""Events a seal takes at most."""

SEALED = "sealed"
"""The channel on which it is told that there is a new seal."""

_FEW = 50
"""Gaps that are asked for one by one."""

_LOCK = 0x6775726974610002
_decode = msgspec.json.decode
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Found:
    """Events no seal has, after the seal at `anchor`. `more`: there are others."""

    anchor: Anchor
    members: list[tuple[int, str]]
    highest: int
    waiting: list[Gap]
    more: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal ready to be written."""

    after: int
    head: Head
    members: list[tuple[int, str]]
    highest: int
    waiting: list[Gap]


def head_of(row: RowMapping, installation: str) -> Head:
    """The head in a row of `audit_seal`."""
    return Head(
        installation, *(row[name] for name in ("seal", "sealed", "count", "chain", "key", "signature"))
    )


def last_head_in(tx: Tx, installation: str) -> Head | None:
    """The newest head, if anything was sealed."""
    row = tx.one(select(audit_seal).order_by(audit_seal.c.seal.desc()).limit(1))
    return None if row is None else head_of(row, installation)


def head_at_in(tx: Tx, seal: int, installation: str) -> Head | None:
    """The head of a seal that is in the database."""
    row = tx.one(select(audit_seal).where(audit_seal.c.seal == seal))
    return None if row is None else head_of(row, installation)


def anchor_in(tx: Tx) -> Anchor:
    """Where the chain begins that is in the database: after what was archived."""
    found = tx.scalar(select(audit_archive.c.head).order_by(audit_archive.c.number.desc()).limit(1))
    return BEGINNING if found is None else _decode(found, type=Head).anchor


def find_in(tx: Tx, now: int) -> Found | None:
    """What the next seal takes; None when everything is sealed. A query on a snapshot."""
    last = tx.one(select(audit_seal).order_by(audit_seal.c.seal.desc()).limit(1))
    highest = 0 if last is None else int(last["highest"])
    waiting = [] if last is None else _decode(last["waiting"], type=list[Gap])
    if not waiting and (tx.scalar(select(func.max(event.c.number))) or 0) <= highest:
        return None
    horizon, ended = _transactions(tx)
    late = _late(tx, waiting)
    fresh = _read(tx, event.c.number > highest, MOST - len(late))
    if not late and not fresh:
        return None
    numbers = [number for number, _ in fresh]
    left = remaining(waiting, {number for number, _ in late}, now, ended)
    left += missed(highest, numbers, now, horizon)
    anchor = anchor_in(tx) if last is None else Anchor(last["seal"], last["count"], last["chain"])
    top = max([highest, *numbers])
    return Found(anchor, late + fresh, top, left, more=len(late) + len(fresh) == MOST)


def _transactions(tx: Tx) -> tuple[int, int]:
    """Of this snapshot: all transactions that run are before the first number; all before the second have ended.

    SQLite has one writer: what a snapshot does not show of lower numbers never comes.
    """
    if tx.dialect == "sqlite":
        return 0, 0
    told = str(tx.scalar(select(cast(func.pg_current_snapshot(), Text))))  # xmin:xmax:those between that run
    ended, horizon, _ = told.split(":", 2)
    return int(horizon), int(ended)


def _late(tx: Tx, gaps: list[Gap]) -> list[tuple[int, str]]:
    """Events that were waited for and have come."""
    if not gaps:
        return []
    if len(gaps) <= _FEW:
        return _read(tx, or_(*(event.c.number.between(gap.first, gap.last) for gap in gaps)), MOST)
    starts = [gap.first for gap in sorted(gaps, key=lambda gap: gap.first)]
    lasts = [gap.last for gap in sorted(gaps, key=lambda gap: gap.first)]
    around = event.c.number.between(starts[0], lasts[-1])
    known = tx.all(select(event.c.number, event.c.hash).where(around).order_by(event.c.number))
    found = []
    for row in known:
        at = bisect_right(starts, row["number"]) - 1
        if row["number"] <= lasts[at]:
            found.append((int(row["number"]), row["hash"] or _late_hash(tx, row["number"])))
    return found[:MOST]


def _read(tx: Tx, which: ColumnElement[bool], most: int) -> list[tuple[int, str]]:
    if most <= 0:
        return []
    rows = tx.all(select(event.c.number, event.c.hash).where(which).order_by(event.c.number).limit(most))
    return [(int(row["number"]), row["hash"] or _late_hash(tx, row["number"])) for row in rows]


def _late_hash(tx: Tx, number: int) -> str:
    """The hash of an event that a version before this one wrote, without it."""
    row: Any = tx.one(select(*(event.c[name] for name in CONTENT)).where(event.c.number == number))
    return row_hash(row)


def made(found: Found, installation: str, key: Ed25519PrivateKey, now: int) -> Seal:
    """The seal over what was found, signed."""
    anchor = found.anchor
    head = Head(
        installation=installation,
        seal=anchor.seal + 1,
        sealed=now,
        count=anchor.count + len(found.members),
        chain=linked(anchor.chain, found.members),
        key="",
    )
    return Seal(anchor.seal, signed(head, key), found.members, found.highest, found.waiting)


def put_in(tx: Tx, seal: Seal) -> bool:
    """Writes a seal; False when another node was quicker, and nothing is done."""
    if tx.dialect == "postgresql" and not tx.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return False
    last = tx.scalar(select(func.max(audit_seal.c.seal)))
    if (anchor_in(tx).seal if last is None else last) != seal.after:
        return False
    head = seal.head
    tx.run(
        insert(audit_seal).values(
            seal=head.seal,
            sealed=head.sealed,
            count=head.count,
            chain=head.chain,
            key=head.key,
            signature=head.signature,
            members=_encode(seal.members).decode(),
            highest=seal.highest,
            waiting=_encode(seal.waiting).decode(),
        )
    )
    tx.notify(SEALED)
    return True
