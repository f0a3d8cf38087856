"""Recurring work as rows: whoever moves a schedule's due time on, in one unit with what it starts, runs it.

A period that passed while nobody was there is not made up for more than once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, select, update

from gurita.engine.tables import schedule
from gurita.store.tx import Tx

__all__ = ["Recurring", "anything_due_in", "due_in", "register_in"]


@dataclass(frozen=True, slots=True)
class Recurring:
    """`begin(tx, now)` runs every `every` seconds on one node of the cluster, inside the unit that claims it."""

    key: str
    every: float
    begin: Callable[[Tx, int], None]


def register_in(tx: Tx, work: Recurring, now: int) -> None:
    """Makes the schedule's row, or takes over a changed period. The first run is one period away."""
    every = int(work.every * 1000)
    known = tx.one(select(schedule.c.every).where(schedule.c.key == work.key))
    if known is None:
        tx.run(insert(schedule).values(key=work.key, next_due=now + every, every=every))
    elif known["every"] != every:
        tx.run(update(schedule).where(schedule.c.key == work.key).values(every=every, next_due=now + every))


def due_in(tx: Tx, works: dict[str, Recurring], now: int) -> list[str]:
    """Begins everything that is due, and nothing twice; gives the keys.

    A due time further away than its own period means the clock was set back: it counts as due.
    """
    begun = []
    for row in tx.all(select(schedule).where(_late(now))):
        work = works.get(row["key"])
        if work is None:
            continue
        mine = (schedule.c.key == row["key"]) & (schedule.c.next_due == row["next_due"])
        moved = tx.run(update(schedule).where(mine).values(next_due=now + row["every"], last=now))
        if moved.rowcount == 1:
            work.begin(tx, now)
            begun.append(row["key"])
    return begun


def anything_due_in(tx: Tx, now: int) -> bool:
    """Whether a schedule is due."""
    return tx.one(select(schedule.c.key).where(_late(now)).limit(1)) is not None


def _late(now: int) -> ColumnElement[bool]:
    return (schedule.c.next_due <= now) | (schedule.c.next_due > now + schedule.c.every)
