"""The dashboard in two parts, for pages that show a part of it at a time: what the rows and columns are, and what is in
the cells of some rows. Neither grows with the cells nobody looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, field
from sqlalchemy import ColumnElement, and_, or_

from gurita.dashboard.rules import environments_of
from gurita.deployments.overview import service as overview
from gurita.engine.tables import task
from gurita.environments import service as environments
from gurita.http.wire import Moment, Wire
from gurita.kernel.paging import MOST, Paging
from gurita.lifecycles import service as lifecycles
from gurita.lifecycles.channels import service as channels
from gurita.projects import service as projects
from gurita.projects.groups import service as groups
from gurita.tasks.rules import moment_of, task_id, troubled

if TYPE_CHECKING:
    from gurita.deployments.overview.service import Brief
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Board", "BoardQuery", "Cells", "CellsQuery", "board_in", "cells_in"]

MOST_ROWS = 200
State = Literal["queued", "running", "waiting", "success", "warning", "failed", "canceled"]

_EXECUTING = task.c.state.in_(["Executing", "Cancelling"])
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "queued": task.c.state == "Queued",
    "running": and_(_EXECUTING, task.c.interruptions == 0),
    "waiting": and_(_EXECUTING, task.c.interruptions > 0),
    "success": and_(task.c.state == "Success", ~task.c.warnings),
    "warning": and_(task.c.state == "Success", task.c.warnings),
    "failed": task.c.state.in_(["Failed", "TimedOut"]),
    "canceled": task.c.state == "Canceled",
}


class BoardQuery(Wire):
    """Which rows are wanted: those with a cell in one of these states; none named means all."""

    states: list[State] = field(default_factory=list)


class BoardProject(Wire):
    """A row. `reach` is the place in `Reaches` of the environments its releases may go to."""

    id: str
    name: str
    slug: str
    project_group_id: str
    is_disabled: bool
    reach: int


class Named(Wire):
    """A column, or the heading of rows."""

    id: str
    name: str


class Board(Wire):
    """Rows in the order of their groups' names and their own, columns in their order.

    Many projects go to the same environments: `reaches` says each set once, as places in `environments`.
    """

    projects: list[BoardProject] = field(default_factory=list)
    project_groups: list[Named] = field(default_factory=list)
    environments: list[Named] = field(default_factory=list)
    reaches: list[list[int]] = field(default_factory=list)


class CellsQuery(Wire):
    """Which rows and columns are wanted. No row that is not named; all columns, if none is."""

    projects: Annotated[list[str], Meta(max_length=MOST_ROWS)] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)


class Cell(Wire):
    """The last deployment of a place. `at` is when it ended, or when it came if it has not."""

    project_id: str
    environment_id: str
    deployment_id: str
    release_id: str
    release_version: str
    channel_id: str
    task_id: str
    state: str
    has_pending_interruptions: bool
    has_warnings_or_errors: bool
    at: Moment


class Cells(Wire):
    """What is in the cells of some rows; a place nothing was deployed to is left out."""

    cells: list[Cell] = field(default_factory=list)


def board_in(tx: Tx, ctx: Context, query: BoardQuery) -> Board:
    """Rows and columns of the dashboard."""
    columns, rows = environments.all_in(tx, ctx), projects.all_in(tx, ctx)
    if query.states:
        wanted = or_(*(_CONDITIONS[state] for state in query.states))
        some = overview.projects_in_states_in(tx, ctx, wanted)
        rows = [one for one in rows if one.id in some]
    reach = environments_of(
        rows,
        channels.channels.open(tx, ctx).list(Paging(0, MOST)).items,
        {one.id: one for one in lifecycles.lifecycles.open(tx, ctx).list(Paging(0, MOST)).items},
        [one.id for one in columns],
    )
    place = {one.id: n for n, one in enumerate(columns)}
    found = groups.groups.open(tx, ctx).all()
    order = {one.id: n for n, one in enumerate(found)}
    reaches: dict[tuple[str, ...], int] = {}
    shown = [
        BoardProject(
            id=one.id,
            name=one.name,
            slug=one.slug,
            project_group_id=one.project_group_id,
            is_disabled=one.is_disabled,
            reach=reaches.setdefault(tuple(reach[one.id]), len(reaches)),
        )
        for one in sorted(rows, key=lambda one: order.get(one.project_group_id, len(order)))
    ]
    used = {one.project_group_id for one in rows}
    return Board(
        projects=shown,
        project_groups=[Named(id=one.id, name=one.name) for one in found if one.id in used],
        environments=[Named(id=one.id, name=one.name) for one in columns],
        reaches=[[place[id] for id in ids] for ids in reaches],
    )


def cells_in(tx: Tx, ctx: Context, query: CellsQuery) -> Cells:
    """What is in the cells of some rows."""
    if not query.projects:
        return Cells()
    return Cells(cells=[_cell(one) for one in overview.brief_in(tx, ctx, query.projects, query.environments)])


def _cell(one: Brief) -> Cell:
    return Cell(
        project_id=one.project_id,
        environment_id=one.environment_id,
        deployment_id=one.deployment_id,
        release_id=one.release_id,
        release_version=one.release_number,
        channel_id=one.channel_id,
        task_id=task_id(one.task),
        state=one.state,
        has_pending_interruptions=one.interruptions > 0 and one.completed is None,
        has_warnings_or_errors=troubled(one.state, warnings=one.warnings),
        at=moment_of(one.completed or one.created),
    )
