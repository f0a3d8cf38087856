"""The fence: every unit of a task's owner begins here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from gurita.engine.logs import LogEntry, LogPlace, pack, worst_of
from gurita.engine.states import FINAL_TASKS
from gurita.engine.tables import log_chunk, task
from gurita.engine.transitions import channel
from gurita.kernel.errors import Fenced
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = ["Owned", "Owner", "own"]

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
    lines: int
    warnings: bool

    def log(self, place: LogPlace, entries: Sequence[LogEntry]) -> None:
        """Appends lines at a place of the plan."""
        if not entries:
            return
        data, lines = pack(entries)
        worst = worst_of(entries)
        self.tx.run(
            _INSERT_CHUNK,
            {
                "task": self.owner.number,
                "step": place.step,
                "action": place.action,
                "target": place.target,
                "attempt": place.attempt,
                "first": self.lines,
                "lines": lines,
                "worst": worst,
                "data": data,
                "size": len(data),
            },
        )
        self.lines += lines
        self.warnings = self.warnings or worst >= _WARNING
        self.tx.run(_COUNT_LINES, {"n": self.owner.number, "count": self.lines, "warned": self.warnings})
        self.tx.notify(channel(self.owner.number))


_LOCK = select(task.c.state, task.c.fence, task.c.log_lines, task.c.warnings).where(
    task.c.number == bindparam("n")
)
_LOCK_ROW = {"sqlite": Prepared(_LOCK), "postgresql": Prepared(_LOCK.with_for_update())}
_CHUNK = ("task", "step", "action", "target", "attempt", "first", "lines", "worst", "data", "size")
_INSERT_CHUNK = Prepared(insert(log_chunk).values({name: bindparam(name) for name in _CHUNK}).inline())
_COUNT_LINES = Prepared(
    update(task)
    .where(task.c.number == bindparam("n"))
    .values(log_lines=bindparam("count"), warnings=bindparam("warned"))
)


def own(tx: Tx, owner: Owner) -> Owned:
    """Locks the task row; raises Fenced when the task has ended or belongs to a later life."""
    row = tx.one(_LOCK_ROW[tx.dialect], {"n": owner.number})
    if row is None or row["fence"] != owner.fence or row["state"] in FINAL_TASKS:
        raise Fenced(f"ServerTasks-{owner.number} no longer belongs to fence {owner.fence}")
    return Owned(tx, owner, row["state"], row["log_lines"], bool(row["warnings"]))
