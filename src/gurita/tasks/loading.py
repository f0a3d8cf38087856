"""What the tree of a task is made of, in one snapshot: plan, steps, attempts, and how grave each place's log is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import RowMapping, case, func, select

from gurita.engine.plan import Frozen, Plan
from gurita.engine.tables import action, log_chunk, step, task_plan
from gurita.tasks.rules import Place, Tree, activity_tree

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["Loaded", "PlaceLog", "load_in", "place_of"]

_plan = msgspec.json.Decoder(Plan)
_frozen = msgspec.json.Decoder(Frozen)
_ATTEMPT = [column for column in action.c if column.name not in ("parser", "ticket", "store_id", "boot_id")]
_PLACES = (
    select(
        log_chunk.c.step,
        log_chunk.c.action,
        log_chunk.c.target,
        log_chunk.c.attempt,
        func.max(log_chunk.c.worst).label("worst"),
        func.min(log_chunk.c.first).label("first"),
        func.count().label("chunks"),
        func.sum(case((log_chunk.c.worst > 0, 1), else_=0)).label("visible"),
        func.sum(log_chunk.c.size).label("size"),
    )
    .group_by(log_chunk.c.step, log_chunk.c.action, log_chunk.c.target, log_chunk.c.attempt)
    .order_by(func.min(log_chunk.c.number))
)


@dataclass(frozen=True, slots=True)
class PlaceLog:
    """The log of one place without its text. `visible` of its chunks hold more than verbose lines."""

    worst: int
    first: int
    chunks: int
    visible: int
    size: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """All rows of a task but the text of its log."""

    row: Mapping[str, Any]
    plan: Plan | None
    steps: Mapping[int, tuple[Mapping[str, Any], Frozen]]
    actions: list[Mapping[str, Any]]
    logs: Mapping[Place, PlaceLog]

    def tree(self) -> Tree:
        """The tree of activities."""
        worst = {place: log.worst for place, log in self.logs.items()}
        return activity_tree(self.row, self.plan, self.steps, self.actions, worst)

    @property
    def log_size(self) -> int:
        """Bytes of the stored log."""
        return sum(log.size for log in self.logs.values())


def load_in(tx: Tx, row: RowMapping) -> Loaded:
    """What belongs to a row of `task`."""
    number = row["number"]
    text = tx.scalar(select(task_plan.c.plan).where(task_plan.c.task == number))
    steps = tx.all(select(step).where(step.c.task == number))
    attempts = tx.all(select(*_ATTEMPT).where(action.c.task == number))
    logs = tx.all(_PLACES.where(log_chunk.c.task == number))
    return Loaded(
        row=dict(row),
        plan=None if text is None else _plan.decode(text),
        steps={each["step"]: (dict(each), _frozen.decode(each["frozen"])) for each in steps},
        actions=[dict(each) for each in attempts],
        logs={
            place_of(each): PlaceLog(
                each["worst"], each["first"], each["chunks"], each["visible"], int(each["size"])
            )
            for each in logs
        },
    )


def place_of(row: RowMapping) -> Place:
    """The place of a row that has the four columns."""
    return row["step"], row["action"], row["target"], row["attempt"]
