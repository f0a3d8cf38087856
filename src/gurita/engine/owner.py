"""The fence: every unit of a task's owner begins here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Boolean, bindparam, insert, or_, select, update

from gurita.engine.logs import LogEntry, LogPlace, pack, worst_of
from gurita.engine.states import FINAL_TASKS
from gurita.engine.tables import log_chunk, task
from gurita.engine.transitions import channel
from gurita.kernel.errors import Fenced
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = ["Owned", "Owner", "own", "own_and_log"]

_WARNING = 4


@dataclass(frozen=True, slots=True)
class Owner:
    """Which task, and which of its lives."""

    number: int
    fence: int


@dataclass(slots=True)
class Owned:
    """The locked task row inside a unit."""

    tx: Tx
    owner: Owner
    state: str

    def log(self, place: LogPlace, entries: Sequence[LogEntry]) -> None:
        """Appends lines at a place of the plan."""
        if not entries:
            return
        own_and_log(self.tx, self.owner, place, entries)


_LOCK = select(task.c.state, task.c.fence).where(task.c.number == bindparam("n"))
_LOCK_ROW = {"sqlite": Prepared(_LOCK), "postgresql": Prepared(_LOCK.with_for_update())}
_CHUNK = ("task", "step", "action", "target", "attempt", "first", "lines", "worst", "data", "size")
_INSERT_CHUNK = Prepared(insert(log_chunk).values({name: bindparam(name) for name in _CHUNK}).inline())
_COUNT_LINES = Prepared(
    update(task)
    .where(
        task.c.number == bindparam("n"),
        task.c.fence == bindparam("f"),
        *(task.c.state != state for state in sorted(FINAL_TASKS)),
    )
    .values(
        log_lines=task.c.log_lines + bindparam("count"),
        warnings=or_(task.c.warnings, bindparam("warned", type_=Boolean)),
    )
    .returning(task.c.log_lines)
)


def own(tx: Tx, owner: Owner) -> Owned:
    """Locks the task row; raises Fenced when the task has ended or belongs to a later life."""
    row = tx.one(_LOCK_ROW[tx.dialect], {"n": owner.number})
    if row is None or row["fence"] != owner.fence or row["state"] in FINAL_TASKS:
        raise _fenced(owner)
    return Owned(tx, owner, row["state"])


def own_and_log(tx: Tx, owner: Owner, place: LogPlace, entries: Sequence[LogEntry]) -> None:
    """The same in one statement, for a unit that has something to log: counts the lines and appends them."""
    data, lines = pack(entries)
    worst = worst_of(entries)
    counted = tx.scalar(
        _COUNT_LINES, {"n": owner.number, "f": owner.fence, "count": lines, "warned": worst >= _WARNING}
    )
    if counted is None:
        raise _fenced(owner)
    tx.run(
        _INSERT_CHUNK,
        {
            "task": owner.number,
            "step": place.step,
            "action": place.action,
            "target": place.target,
            "attempt": place.attempt,
            "first": counted - lines,
            "lines": lines,
            "worst": worst,
            "data": data,
            "size": len(data),
        },
    )
    tx.notify(channel(owner.number))


def _fenced(owner: Owner) -> Fenced:
    return Fenced(f"ServerTasks-{owner.number} no longer belongs to fence {owner.fence}")
