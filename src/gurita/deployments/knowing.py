"""Reads what the system variables of a deployment tell: who, where, and what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from gurita.deployments.facts import (
    History,
    Person,
    Surrounding,
    deployment_values,
    place_values,
    release_values,
)
from gurita.deployments.records import DEPLOYMENTS
from gurita.engine.tables import task
from gurita.store.kinds import KINDS
from gurita.store.tables import metadata

if TYPE_CHECKING:
    from typing import Any

    from gurita.deployments.resources import Deployment
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.lifecycles.resources import Channel
    from gurita.projects.resources import Project
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["history_in", "surrounding_in", "system_values_in"]


def system_values_in(
    tx: Tx, ctx: Context, at: Surrounding, release: Release | None, deployment: Deployment | None
) -> dict[str, str]:
    """The system variables of a place, a release there, and its deployment, as far as they are given."""
    found = place_values(at)
    if release is None:
        return found
    environment = at.environment.id if at.environment else ""
    history = history_in(tx, ctx, release, environment, deployment)
    found |= release_values(release, at, history)
    if deployment is not None:
        number = int(deployment.task_id.partition("-")[2] or 0)
        row = tx.one(select(task.c.description, task.c.tag).where(task.c.number == number))
        found |= deployment_values(
            deployment,
            at,
            _person_in(tx, deployment),
            history,
            description=row["description"] if row else deployment.name,
            tag=(row["tag"] if row else "") or "",
        )
    return found


def surrounding_in(
    tx: Tx, ctx: Context, project: Project, environment: Environment | None, channel: Channel | None
) -> Surrounding:
    """The place, with the names around it."""
    spaces, groups = KINDS["Spaces"].c, KINDS["ProjectGroups"].c
    settings = ctx.services.settings
    return Surrounding(
        space=ctx.space,
        space_name=str(tx.scalar(select(spaces.name).where(spaces.id == ctx.space)) or ""),
        project=project,
        group_name=str(tx.scalar(select(groups.name).where(groups.id == project.project_group_id)) or ""),
        environment=environment,
        channel=channel,
        web=str(getattr(settings, "url", "") or settings.public_url),
        prefix=settings.prefix,
    )


def _person_in(tx: Tx, deployment: Deployment) -> Person:
    """Who deployed, with the address they have now; the name of then for who is gone, or is no person."""
    then = Person(deployment.deployed_by_id, deployment.deployed_by)
    kind, _, number = deployment.deployed_by_id.partition("-")
    if kind.lower() != "users" or not number.isdecimal() or "user_account" not in metadata.tables:
        return then
    c = metadata.tables["user_account"].c
    row = tx.one(select(c.username, c.display_name, c.email).where(c.number == int(number)))
    return Person(then.id, row["username"], row["display_name"], row["email"]) if row else then


def history_in(
    tx: Tx, ctx: Context, release: Release, environment: str, deployment: Deployment | None
) -> History:
    """What came before a deployment (or would, before one that is made now) of a release to an environment."""
    c = KINDS["Releases"].c
    number = int(release.id.partition("-")[2] or 0)
    before = (
        select(c.id, c.name)
        .where(c.space_id == ctx.space, c.parent == release.project_id, c.number < number)
        .order_by(c.number.desc())
        .limit(1)
    )
    previous = _release(tx, before)
    if not environment:
        return History(previous=previous)
    there = _deployed(ctx.space, release.project_id, environment, deployment)
    successful = there.where(task.c.state == "Success")
    last = tx.one(successful)
    return History(
        previous=previous,
        previous_here=_release(tx, there),
        current_here=_release(tx, successful),
        successful_deployment=str(last["deployment"]) if last else "",
    )


def _deployed(space: str, project: str, environment: str, deployment: Deployment | None) -> Select[Any]:
    """The releases deployed there before a deployment, for the same tenant, the last first."""
    d, r = DEPLOYMENTS.c, KINDS["Releases"].c
    tenant = (deployment.tenant_id if deployment else None) or ""
    query = (
        select(r.id, r.name, d.id.label("deployment"))
        .join(DEPLOYMENTS.table, d.release_id == r.id)
        .join(task, task.c.number == d.task)
        .where(
            d.space_id == space,
            d.project_id == project,
            d.environment_id == environment,
            d.tenant_id == tenant,
        )
        .order_by(d.number.desc())
        .limit(1)
    )
    if deployment is not None and deployment.id:
        query = query.where(d.number < int(deployment.id.partition("-")[2]))
    return query


def _release(tx: Tx, query: Select[Any]) -> tuple[str, str]:
    row = tx.one(query)
    return (str(row["id"]), str(row["name"])) if row else ("", "")
