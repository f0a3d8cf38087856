"""The statements behind dashboards. None of them reads more of the past than it shows.

The latest deployment of a place is the last entry of its stretch of one index, so that ten times more deployments do
not make a dashboard slower.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Index, ScalarSelect, Select, Subquery, Table, exists, select

from gurita.deployments.records import DEPLOYMENTS
from gurita.engine.tables import task
from gurita.store.kinds import KINDS

__all__ = [
    "TASK_COLUMNS",
    "brief_of_places",
    "latest_of_places",
    "latest_of_releases",
    "placed",
    "previous_of_places",
    "projects_in_states",
]

_d = DEPLOYMENTS.table
Index("deployment_place", _d.c.space_id, _d.c.project_id, _d.c.environment_id, _d.c.number, _d.c.id)
Index("deployment_of_release", _d.c.space_id, _d.c.release_id, _d.c.environment_id, _d.c.number)

TASK_COLUMNS = list(task.c)


def _table(kind: str) -> Table:
    return KINDS[kind].table


def _places(space: str, projects: Collection[str], environments: Collection[str]) -> Subquery:
    """Every project with every environment."""
    p, e = _table("Projects"), _table("Environments")
    query = (
        select(p.c.id.label("project"), e.c.id.label("environment"))
        .join_from(p, e, e.c.space_id == p.c.space_id)
        .where(p.c.space_id == space)
    )
    if projects:
        query = query.where(p.c.id.in_(projects))
    if environments:
        query = query.where(e.c.id.in_(environments))
    return query.subquery("place")


def _brief() -> list[ColumnElement[Any]]:
    """What a cell shows, in the order of `service.Brief`. Nothing of it has to be decoded."""
    r = _table("Releases")
    return [
        _d.c.project_id,
        _d.c.environment_id,
        _d.c.id,
        _d.c.release_id,
        r.c.name.label("version"),
        _d.c.channel_id,
        task.c.number.label("task_number"),
        task.c.state,
        task.c.interruptions,
        task.c.warnings,
        task.c.created,
        task.c.completed,
    ]


def _whole() -> list[ColumnElement[Any]]:
    """What an item of the dashboard shows, in the order of `service.Placed`."""
    own = [_d.c.number, _d.c.tenant_id, task.c.not_before, task.c.started, task.c.error]
    return [*_brief(), *own]


def placed(columns: list[ColumnElement[Any]] | None = None) -> Select[Any]:
    """Deployments with their tasks and the versions of their releases: all that is shown of them, or some columns."""
    r = _table("Releases")
    return (
        select(*(_whole() if columns is None else columns))
        .select_from(_d)
        .join(task, task.c.number == _d.c.task)
        .join(r, r.c.id == _d.c.release_id)
    )


def _named(statement: Select[Any], found: ScalarSelect[Any], places: Subquery) -> Select[Any]:
    """Of the statement's deployments those `found` names, one a place at most.

    The ids are found first and once, and the outer query names no space: else SQLite goes through all deployments and
    asks each about every place. The ids come from the space alone.
    """
    ids = select(found.label("found")).select_from(places).cte("latest").prefix_with("MATERIALIZED")
    return statement.join(ids, ids.c.found == _d.c.id)


def _last(space: str, places: Subquery, column: ColumnElement[Any], release: str = "") -> ScalarSelect[Any]:
    """A column of the last deployment of a place."""
    query = select(column).where(
        _d.c.space_id == space,
        _d.c.project_id == places.c.project,
        _d.c.environment_id == places.c.environment,
    )
    if release:
        query = query.where(_d.c.release_id == release)
    return query.order_by(_d.c.number.desc()).limit(1).correlate(places).scalar_subquery()


def latest_of_places(
    space: str, projects: Collection[str], environments: Collection[str], release: str = ""
) -> Select[Any]:
    """The last deployment of every project in every environment; of one release, if it is given."""
    places = _places(space, projects, environments)
    return _named(placed(), _last(space, places, _d.c.id, release), places)


def brief_of_places(space: str, projects: Collection[str], environments: Collection[str]) -> Select[Any]:
    """The same, as much as a cell shows."""
    places = _places(space, projects, environments)
    return _named(placed(_brief()), _last(space, places, _d.c.id), places)


def projects_in_states(space: str, condition: ColumnElement[bool]) -> Select[Any]:
    """The projects with a place whose last deployment's task is as `condition` says."""
    places = _places(space, (), ())
    tasks = select(_d.c.project_id).select_from(_d).join(task, task.c.number == _d.c.task)
    return _named(tasks, _last(space, places, _d.c.id), places).where(condition).distinct()


def previous_of_places(space: str, projects: Collection[str], environments: Collection[str]) -> Select[Any]:
    """The last successful deployment before the last one, of every project in every environment."""
    places = _places(space, projects, environments)
    before = (
        select(_d.c.id)
        .join(task, task.c.number == _d.c.task)
        .where(
            _d.c.space_id == space,
            _d.c.project_id == places.c.project,
            _d.c.environment_id == places.c.environment,
            _d.c.number < _last(space, places, _d.c.number),
            task.c.state == "Success",
        )
        .order_by(_d.c.number.desc())
        .limit(1)
        .correlate(places)
        .scalar_subquery()
    )
    return _named(placed(), before, places)


def latest_of_releases(space: str, releases: Collection[str]) -> Select[Any]:
    """The last deployment of each release to each environment."""
    newer = _d.alias("newer")
    overtaken = exists().where(
        newer.c.space_id == space,
        newer.c.release_id == _d.c.release_id,
        newer.c.environment_id == _d.c.environment_id,
        newer.c.tenant_id == _d.c.tenant_id,
        newer.c.number > _d.c.number,
    )
    return placed().where(_d.c.space_id == space, _d.c.release_id.in_(releases), ~overtaken)
