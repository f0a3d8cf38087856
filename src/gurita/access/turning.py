"""Sessions in use get a new token every half day, so that one that was copied is good for no longer.

Nobody is signed out by it. The next token is given out and waits: only its first use proves that it arrived, and makes it
the session's own. The former one is good for a minute longer, for requests that were on their way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from gurita.access.credentials import digest
from gurita.access.records import session, session_token
from gurita.access.sessions import LIFE
from gurita.access.users import CHANGED
from gurita.store.tx import Tx

__all__ = ["GRACE", "HALF_LIFE", "Turn", "offer_in", "take_in", "turn_of"]

HALF_LIFE = int(LIFE.total_seconds() * 1000) // 2
"""Milliseconds after which a token is replaced."""

GRACE = 60_000
"""Milliseconds that the former token is good for, and that the next one has to arrive before another is given out."""

_of = session_token.c.session == bindparam("s")
_next = _of, session_token.c.ends.is_(None)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a session is between its tokens: when the present one came, when the next one was given out (0: never)."""

    since: int
    offered: int
    waiting: bool = False
    """Whether the token that was shown is the next one."""

    def due(self, now: int) -> bool:
        """Whether it is time for another token."""
        return not self.waiting and now - self.since > HALF_LIFE and now - self.offered > GRACE


def turn_of(tx: Tx, number: int, created: int, token: str) -> Turn:
    """Where a session is, for whoever showed a token of it."""
    rows = tx.all(select(session_token).where(_of), {"s": number})
    former = [row["made"] for row in rows if row["ends"] is not None]
    waiting = [row for row in rows if row["ends"] is None]
    offered = max((row["made"] for row in waiting), default=0)
    shown = any(row["digest"] == digest(token) for row in waiting)
    return Turn(max([created, *former]), offered, shown)


def offer_in(tx: Tx, number: int, token: str, now: int) -> bool:
    """Gives out the next token; False when another request was quicker."""
    offered = tx.scalar(select(func.max(session_token.c.made)).where(*_next), {"s": number}) or 0
    if now - offered <= GRACE:
        return False
    tx.run(delete(session_token).where(*_next), {"s": number})
    tx.run(insert(session_token), {"digest": digest(token), "session": number, "made": now, "ends": None})
    tx.notify(CHANGED)
    return True


def take_in(tx: Tx, number: int, token: str, now: int) -> None:
    """Makes the next token the session's own, once; the one before the former is gone."""
    taken = tx.run(
        delete(session_token).where(*_next, session_token.c.digest == bindparam("d")),
        {"s": number, "d": digest(token)},
    )
    present: Any = tx.scalar(select(session.c.digest).where(session.c.number == number))
    if not taken.rowcount or present is None:
        return
    tx.run(delete(session_token).where(_of), {"s": number})
    tx.run(update(session).where(session.c.number == number).values(digest=digest(token)))
    former = {"digest": present, "session": number, "made": now, "ends": now + GRACE}
    tx.run(insert(session_token), former)
    tx.notify(CHANGED)
