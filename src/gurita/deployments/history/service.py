"""The deployments that have begun in a place, with what they planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from gurita.deployments.records import DEPLOYMENTS
from gurita.engine.plan import Plan
from gurita.engine.states import ACTIVE_ACTIONS
from gurita.engine.tables import action, task, task_plan
from gurita.store.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gurita.store.tx import Tx

__all__ = ["Begun", "attempts_in", "begun_in"]

_plan = msgspec.json.Decoder(Plan)
_IGNORED = "ignore"
_NO_WORD = ACTIVE_ACTIONS | {"skipped"}


@dataclass(frozen=True, slots=True)
class Begun:
    """A deployment that has a plan. `completed` is milliseconds since 1970."""

    deployment_id: str
    task: int
    release_id: str
    release_version: str
    state: str
    completed: int | None
    plan: Plan


def begun_in(tx: Tx, space: str, project: str, environment: str, most: int) -> Iterator[Begun]:
    """The newest deployments of a project to an environment that have begun, the last first. Plans are read as they are
    asked for."""
    d, r = DEPLOYMENTS.c, KINDS["Releases"].table
    rows = (
        select(d.id, d.task, d.release_id, r.c.name.label("version"), task.c.state, task.c.completed)
        .add_columns(task_plan.c.plan)
        .join(task, task.c.number == d.task)
        .join(task_plan, task_plan.c.task == d.task)
        .join(r, r.c.id == d.release_id)
        .where(d.space_id == space, d.project_id == project, d.environment_id == environment)
        .order_by(d.number.desc())
        .limit(most)
    )
    for row in tx.all(rows):
        yield Begun(
            deployment_id=row["id"],
            task=row["task"],
            release_id=row["release_id"],
            release_version=row["version"],
            state=row["state"],
            completed=row["completed"],
            plan=_plan.decode(row["plan"]),
        )


def attempts_in(tx: Tx, number: int, ids: Mapping[tuple[int, int], str]) -> list[tuple[str, str, bool]]:
    """What a task began: target, action and whether its last attempt went well. `ids` are those of actions by their
    place in the plan; others do not count."""
    c = action.c
    rows = select(c.step, c.action, c.target, c.state, c.resolution)
    found: dict[tuple[str, str], bool] = {}
    for row in tx.all(rows.where(c.task == number).order_by(c.attempt)):
        id = ids.get((row["step"], row["action"]))
        if id is not None and row["state"] not in _NO_WORD:
            found[row["target"], id] = row["state"] == "success" or row["resolution"] == _IGNORED
    return [(target, id, well) for (target, id), well in found.items()]
