"""The latest deployments by place, for dashboards and progressions."""

from __future__ import annotations

from collections.abc import Collection
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select

from gurita.deployments.overview.statements import (
    TASK_COLUMNS,
    brief_of_places,
    latest_of_places,
    latest_of_releases,
    previous_of_places,
    projects_in_states,
)
from gurita.deployments.records import DEPLOYMENTS
from gurita.deployments.resources import Deployment
from gurita.deployments.service import present_in
from gurita.engine.tables import task
from gurita.tasks.resources import Task
from gurita.tasks.service import tasks_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "Brief",
    "Placed",
    "brief_in",
    "latest_in",
    "of_release_in",
    "of_releases_in",
    "previous_in",
    "projects_in_states_in",
    "reached_in",
]


_NUMBER = attrgetter("number")


class Brief(NamedTuple):
    """The last deployment of a place, as much as a cell of a matrix shows. Times are milliseconds since 1970."""

    project_id: str
    environment_id: str
    deployment_id: str
    release_id: str
    release_number: str
    channel_id: str
    task: int
    state: str
    interruptions: int
    warnings: bool
    created: int
    completed: int | None


class Placed(NamedTuple):
    """A deployment in its place: what a cell shows of it (the members of `Brief`, and as it), and the rest of an item."""

    project_id: str
    environment_id: str
    deployment_id: str
    release_id: str
    release_number: str
    channel_id: str
    task: int
    state: str
    interruptions: int
    warnings: bool
    created: int
    completed: int | None
    number: int
    tenant_id: str
    not_before: int | None
    started: int | None
    error: str | None


def brief_in(tx: Tx, ctx: Context, projects: Collection[str], environments: Collection[str]) -> list[Brief]:
    """The last deployment of every named project in every named environment. Empty filters let all through."""
    statement = _limited(ctx, brief_of_places(ctx.space, projects, environments))
    return [Brief._make(row) for row in tx.run(statement).all()]


def projects_in_states_in(tx: Tx, ctx: Context, condition: ColumnElement[bool]) -> set[str]:
    """The projects with a place whose last deployment's task is as `condition` says."""
    return {row[0] for row in tx.run(_limited(ctx, projects_in_states(ctx.space, condition)))}


def latest_in(
    tx: Tx, ctx: Context, projects: Collection[str], environments: Collection[str], release: str = ""
) -> list[Placed]:
    """The last deployment of every project in every environment, oldest first. Empty filters let all through."""
    return _read(tx, ctx, latest_of_places(ctx.space, projects, environments, release))


def previous_in(
    tx: Tx, ctx: Context, projects: Collection[str], environments: Collection[str]
) -> list[Placed]:
    """The last successful deployment before the last one."""
    return _read(tx, ctx, previous_of_places(ctx.space, projects, environments))


def of_releases_in(tx: Tx, ctx: Context, releases: Collection[str]) -> list[Placed]:
    """The last deployment of each release to each environment."""
    return _read(tx, ctx, latest_of_releases(ctx.space, releases)) if releases else []


def reached_in(tx: Tx, ctx: Context, releases: Collection[str]) -> dict[str, set[str]]:
    """The environments with a successful deployment of each release."""
    c = DEPLOYMENTS.c
    query = (
        select(c.release_id, c.environment_id)
        .distinct()
        .join(task, task.c.number == c.task)
        .where(c.space_id == ctx.space, c.release_id.in_(releases), task.c.state == "Success")
    )
    found: dict[str, set[str]] = {}
    for row in tx.all(query):
        found.setdefault(row["release_id"], set()).add(row["environment_id"])
    return found


def of_release_in(tx: Tx, ctx: Context, release_id: str) -> list[tuple[Deployment, Task]]:
    """Every deployment of a release with its task, oldest first."""
    c = DEPLOYMENTS.c
    where = [c.release_id == release_id]
    found = present_in(tx, ctx, DEPLOYMENTS.open(tx, ctx.space, ctx.viewer).all(where=where))[::-1]
    numbers = select(c.task).where(c.space_id == ctx.space, *where)
    rows = tx.all(select(*TASK_COLUMNS).where(task.c.number.in_(numbers)))
    tasks = {one.id: one for one in tasks_in(tx, rows, ctx.services.milliseconds())}
    return [(one, tasks[one.task_id]) for one in found if one.task_id in tasks]


def _limited(ctx: Context, statement: Select[Any]) -> Select[Any]:
    """Only the deployments the viewer may see."""
    limits = DEPLOYMENTS.visible
    seen = limits(ctx.viewer, DEPLOYMENTS.c, ctx.space) if limits else None
    return statement if seen is None else statement.where(seen)


def _read(tx: Tx, ctx: Context, statement: Select[Any]) -> list[Placed]:
    found = [Placed._make(row) for row in tx.run(_limited(ctx, statement)).all()]
    found.sort(key=_NUMBER)
    return found
