"""How often projects were deployed, week by week (`reporting/deployments-counted-by-week`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import field
from sqlalchemy import func, select

from gurita.engine.tables import task
from gurita.http.wire import Wire
from gurita.store.within import seen

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["WEEKS", "CountQuery", "CountedProject", "counted_in"]

WEEKS = 26
_WEEK = timedelta(days=7)


class CountQuery(Wire):
    """Which projects are wanted; none named means all that were deployed."""

    project_ids: list[str] = field(default_factory=list)


class Series(Wire):
    """A line of a chart: one number for each label."""

    label: str
    data: list[int]


class ReportData(Wire):
    """A chart. `labels` are the Mondays on which weeks begin, `2024-09-23`."""

    labels: list[str]
    series: list[Series]


class CountedProject(Wire):
    """The deployments of a project over the last half year."""

    project_id: str
    report_data: ReportData


def counted_in(tx: Tx, ctx: Context, query: CountQuery) -> list[CountedProject]:
    """Deployments that were asked for, by project and week in UTC, the oldest week first. One statement."""
    today = ctx.services.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=today.weekday()) - _WEEK * (WEEKS - 1)
    began, length = _milliseconds(first), _WEEK // timedelta(milliseconds=1)
    week = ((task.c.created - began) // length).label("week")
    counts = select(task.c.project, week, func.count().label("deployments")).where(
        task.c.space == ctx.space,
        task.c.name == "Deploy",
        task.c.created >= began,
        task.c.project.is_not(None),
    )
    scopes = ctx.viewer.scopes("DeploymentView", ctx.space)
    within = seen(scopes, project=task.c.project, environment=task.c.environment, tenant=task.c.tenant)
    if within is not None:
        counts = counts.where(within)
    if query.project_ids:
        counts = counts.where(task.c.project.in_(query.project_ids))
    found: dict[str, list[int]] = {}
    for row in tx.all(counts.group_by(task.c.project, week).order_by(task.c.project)):
        weeks = found.setdefault(row["project"], [0] * WEEKS)
        if 0 <= row["week"] < WEEKS:
            weeks[int(row["week"])] = row["deployments"]
    labels = [f"{first + _WEEK * n:%Y-%m-%d}" for n in range(WEEKS)]
    return [
        CountedProject(
            project_id=project,
            report_data=ReportData(labels=labels, series=[Series(label="Deployments", data=data)]),
        )
        for project, data in found.items()
    ]


def _milliseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
