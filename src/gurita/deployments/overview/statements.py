"""The statements behind dashboards. None of them reads more of the past than it shows.

The latest deployment of a place is the last entry of its stretch of one index, so that ten times more deployments do
not make a dashboard slower.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Index, Select, Subquery, Table, and_, func, select

from gurita.deployments.records import DEPLOYMENTS
from gurita.engine.tables import task
from gurita.store.registry import KINDS

__all__ = ["TASK_COLUMNS", "latest_of_places", "latest_of_releases", "previous_of_places"]

_d = DEPLOYMENTS.table
Index("deployment_place", _d.c.space_id, _d.c.project_id, _d.c.environment_id, _d.c.number)
Index("deployment_of_release", _d.c.space_id, _d.c.release_id, _d.c.environment_id, _d.c.number)

TASK_COLUMNS = [column for column in task.c if column.name not in ("plan", "parser")]
_OWN = [
    _d.c.id.label("deployment_id"),
    _d.c.project_id.label("deployment_project"),
    _d.c.environment_id.label("deployment_environment"),
    _d.c.release_id.label("deployment_release"),
    _d.c.channel_id.label("deployment_channel"),
    _d.c.tenant_id.label("deployment_tenant"),
    _d.c.number.label("deployment_number"),
]


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


def _shown(numbers: Subquery, space: str) -> Select[Any]:
    """Deployments by number, with their tasks and the versions of their releases."""
    r = _table("Releases")
    return (
        select(*_OWN, r.c.name.label("release_number"), *TASK_COLUMNS)
        .select_from(numbers)
        .join(_d, and_(_d.c.space_id == space, _d.c.number == numbers.c.found))
        .join(task, task.c.number == _d.c.task)
        .join(r, r.c.id == _d.c.release_id)
        .order_by(_d.c.number)
    )


def _last(space: str, places: Subquery, release: str) -> Any:
    """The number of the last deployment of a place."""
    query = select(func.max(_d.c.number)).where(
        _d.c.space_id == space,
        _d.c.project_id == places.c.project,
        _d.c.environment_id == places.c.environment,
    )
    if release:
        query = query.where(_d.c.release_id == release)
    return query.correlate(places).scalar_subquery()


def latest_of_places(
    space: str, projects: Collection[str], environments: Collection[str], release: str = ""
) -> Select[Any]:
    """The last deployment of every project in every environment; of one release, if it is given."""
    places = _places(space, projects, environments)
    numbers = select(_last(space, places, release).label("found")).select_from(places).subquery("latest")
    return _shown(numbers, space)


def previous_of_places(space: str, projects: Collection[str], environments: Collection[str]) -> Select[Any]:
    """The last successful deployment before the last one, of every project in every environment."""
    places = _places(space, projects, environments)
    before = (
        select(_d.c.number)
        .join(task, task.c.number == _d.c.task)
        .where(
            _d.c.space_id == space,
            _d.c.project_id == places.c.project,
            _d.c.environment_id == places.c.environment,
            _d.c.number < _last(space, places, ""),
            task.c.state == "Success",
        )
        .order_by(_d.c.number.desc())
        .limit(1)
        .correlate(places)
        .scalar_subquery()
    )
    return _shown(select(before.label("found")).select_from(places).subquery("previous"), space)


def latest_of_releases(space: str, releases: Collection[str]) -> Select[Any]:
    """The last deployment of each release to each environment."""
    numbers = (
        select(func.max(_d.c.number).label("found"))
        .where(_d.c.space_id == space, _d.c.release_id.in_(releases))
        .group_by(_d.c.release_id, _d.c.environment_id, _d.c.tenant_id)
        .subquery("latest")
    )
    return _shown(numbers, space)
