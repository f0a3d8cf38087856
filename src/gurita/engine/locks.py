"""Reader-writer locks on targets, in fair order: rows first, their meaning pure.

With writers W and readers R waiting as W W R W W, the first W holds; nobody passes anybody (product.md 3.4.8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Text, bindparam, delete, func, insert, select, update

from gurita.engine.tables import action, lock
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = ["Held", "Mode", "acquire_in", "blockers", "release_in"]

Mode = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Held:
    """A row of a lock's queue, in order of arrival."""

    number: int
    task: int
    holder: str
    mode: str


def blockers(queue: Sequence[Held], number: int) -> list[Held]:
    """Whom the row `number` waits for: every earlier row it conflicts with. Empty means it holds the lock."""
    mine = next(row for row in queue if row.number == number)
    earlier = [row for row in queue if row.number < number]
    if mine.mode == "read":
        return [row for row in earlier if row.mode != "read"]
    return earlier


_WAITING = (
    select(lock.c.number, lock.c.task, lock.c.holder, lock.c.mode)
    .where(lock.c.key == bindparam("k"))
    .order_by(lock.c.number)
)
_QUEUE = {"sqlite": Prepared(_WAITING), "postgresql": Prepared(_WAITING.with_for_update())}
_COLUMNS = ("key", "task", "holder", "mode", "granted", "since")
_JOIN = Prepared(insert(lock).values({name: bindparam(name) for name in _COLUMNS}).returning(lock.c.number))
_TAKE = Prepared(
    insert(lock)
    .from_select(
        _COLUMNS,
        select(*(bindparam(name, type_=lock.c[name].type) for name in _COLUMNS)).where(
            ~select(lock.c.number).where(lock.c.key == bindparam("key")).exists()
        ),
    )
    .returning(lock.c.number)
)
"""Takes a lock nobody holds or waits for."""

_GRANT = Prepared(update(lock).where(lock.c.number == bindparam("n")).values(granted=True))
_LEAVE = Prepared(
    delete(lock).where(
        lock.c.key == bindparam("k"),
        lock.c.task == bindparam("t"),
        lock.c.holder == select(action.c.ticket).where(action.c.number == bindparam("a")).scalar_subquery(),
    )
)
_ARRIVE = Prepared(select(func.pg_advisory_xact_lock(func.hashtext(bindparam("k", type_=Text)))))


def acquire_in(tx: Tx, key: str, task: int, holder: str, mode: Mode, now: int) -> list[Held]:
    """Takes a place in the lock's queue, or keeps the one it has; gives whom it still waits for."""
    _serialise(tx, key)
    values = {"key": key, "task": task, "holder": holder, "mode": mode, "granted": True, "since": now}
    if tx.scalar(_TAKE, values) is not None:
        return []
    queue = _read(tx, key)
    mine = next((row for row in queue if row.task == task and row.holder == holder), None)
    if mine is None:
        number = tx.scalar(_JOIN, values | {"granted": False})
        mine = Held(number, task, holder, mode)
        queue.append(mine)
    ahead = blockers(queue, mine.number)
    if not ahead:
        tx.run(_GRANT, {"n": mine.number})
    return ahead


def release_in(tx: Tx, key: str, task: int, attempt: int) -> None:
    """Gives up the place an attempt (a row of `action`) has, and wakes whoever waits for this lock."""
    tx.run(_LEAVE, {"k": key, "t": task, "a": attempt})
    tx.notify("locks", key)


def _read(tx: Tx, key: str) -> list[Held]:
    rows = tx.all(_QUEUE[tx.dialect], {"k": key})
    return [Held(row["number"], row["task"], row["holder"], row["mode"]) for row in rows]


def _serialise(tx: Tx, key: str) -> None:
    """Two nodes that find the same lock free must not both take it: arrivals at one lock come one by one."""
    if tx.dialect != "sqlite":
        tx.run(_ARRIVE, {"k": key})
