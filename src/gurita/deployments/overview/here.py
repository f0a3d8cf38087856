"""What is deployed on one machine: the last deployment of every project and environment that did something there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from gurita.deployments.overview.service import Placed
from gurita.deployments.overview.statements import placed
from gurita.deployments.records import DEPLOYMENTS
from gurita.engine.tables import action, task
from gurita.environments import service as environments
from gurita.http.api import Call
from gurita.http.routes import Routes
from gurita.http.wire import Moment, Wire
from gurita.machines import service as machines
from gurita.projects import service as projects
from gurita.tasks.resources import FINAL_STATES
from gurita.tasks.rules import moment_of, task_id, troubled

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["DeployedHere", "deployed_in", "routes"]

_space = Routes("space")
_BAD = ("failed", "timedout", "lost")


class DeployedHere(Wire, kw_only=True):
    """A release on a machine. `failed_here` says whether something went wrong on this very machine."""

    project_id: str
    project_name: str = ""
    environment_id: str
    environment_name: str = ""
    release_id: str
    release_version: str
    deployment_id: str
    task_id: str
    state: str
    has_warnings_or_errors: bool = False
    completed_time: Moment | None = None
    failed_here: bool = False


@_space.get("/gurita/machines/{id}/deployed", permission="DeploymentView")
async def deployed(call: Call, id: str) -> list[DeployedHere]:
    """What is deployed on a target: of every project and environment the last deployment that ran there, newest first."""
    return await call.services.store.read(lambda tx: deployed_in(tx, call.context, id))


def deployed_in(tx: Tx, ctx: Context, machine: str) -> list[DeployedHere]:
    """The last deployments that ran on a target, as far as the viewer sees them. Raises NotFound."""
    target = machines.get_in(tx, ctx, machine).id
    found = [(Placed._make(row[:-1]), bool(row[-1])) for row in tx.run(_statement(ctx, target))]
    found.sort(key=lambda each: -each[0].number)
    names = environments.names_in(tx, ctx, [one.environment_id for one, _ in found])
    of_projects = {one.id: one.name for one in projects.all_in(tx, ctx)} if found else {}
    return [
        DeployedHere(
            project_id=one.project_id,
            project_name=of_projects.get(one.project_id, ""),
            environment_id=one.environment_id,
            environment_name=names.get(one.environment_id, ""),
            release_id=one.release_id,
            release_version=one.release_number,
            deployment_id=one.deployment_id,
            task_id=task_id(one.task),
            state=one.state,
            has_warnings_or_errors=troubled(one.state, warnings=one.warnings),
            completed_time=moment_of(one.completed) if one.state in FINAL_STATES and one.completed else None,
            failed_here=failed,
        )
        for one, failed in found
    ]


def _statement(ctx: Context, target: str) -> Any:
    d = DEPLOYMENTS.c
    last = (
        select(func.max(d.number))
        .join(action, action.c.task == d.task)
        .where(d.space_id == ctx.space, action.c.target == target)
        .group_by(d.project_id, d.environment_id, d.tenant_id)
    )
    wrong = exists().where(
        action.c.task == task.c.number,
        action.c.target == target,
        action.c.state.in_(_BAD),
        action.c.resolution.is_(None),
    )
    statement = placed().add_columns(wrong.label("failed_here"))
    statement = statement.where(d.space_id == ctx.space, d.number.in_(last))
    limits = DEPLOYMENTS.visible
    seen = limits(ctx.viewer, d, ctx.space) if limits else None
    return statement if seen is None else statement.where(seen)


routes = _space.items
