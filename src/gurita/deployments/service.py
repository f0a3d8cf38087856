"""Asking for deployments, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from gurita.audit import service as audit
from gurita.catalog.visibility import must_at
from gurita.deployments import prompts
from gurita.deployments.changes.service import changes_in, changes_markdown
from gurita.deployments.choices import check_machines_in, check_times
from gurita.deployments.knowing import surrounding_in, system_values_in
from gurita.deployments.linking import deployment_body
from gurita.deployments.prompts import Answered, answered_in
from gurita.deployments.records import DEPLOYMENTS
from gurita.deployments.resources import Deployment
from gurita.deployments.rules.guidance import guidance
from gurita.deployments.tagging import tag_in
from gurita.engine.queue import NewTask, submit_in
from gurita.engine.rows import LOOK
from gurita.engine.states import ACTIVE_TASKS, FINAL_TASKS
from gurita.engine.tables import action, task
from gurita.environments import service as environments
from gurita.http.context import Context
from gurita.http.wire import moment
from gurita.kernel.clock import iso
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.lifecycles import service as lifecycles
from gurita.lifecycles.channels import service as channels
from gurita.lifecycles.resources import Retention
from gurita.projects import service as projects
from gurita.projects.resources import Project
from gurita.releases import service as releases
from gurita.releases.defects import service as defects
from gurita.releases.resources import Release
from gurita.releases.rules.progression import progress, tentacle_retention, why_not
from gurita.store.tx import Tx
from gurita.store.within import spot

__all__ = [
    "Answered",
    "answered_in",
    "create_in",
    "delete_in",
    "deployment_body",
    "finished_in",
    "get_in",
    "present_in",
    "reached_in",
    "rerun_in",
    "started_in",
    "surrounding_in",
    "system_values_in",
]


def create_in(tx: Tx, ctx: Context, body: Deployment, *, rerun_of: int | None = None) -> Deployment:
    """Queues a deployment and gives it with its task. Raises Invalid with everything that is wrong, NotFound, Forbidden."""
    release = releases.get_in(tx, ctx, body.release_id)
    environment = environments.get_in(tx, ctx.whole, body.environment_id)
    ctx.must("DeploymentCreate", spot(tx, release.project_id, environment.id, body.tenant_id))
    ctx, body = ctx.whole, replace(body, environment_id=environment.id, release_id=release.id)
    project = projects.get_in(tx, ctx, release.project_id)
    way, problems = _way_in(tx, ctx, project, release, body)
    body, wrong = prompts.with_answers_in(tx, ctx, release, body, trusted=rerun_of is not None)
    tag, bad_tag = tag_in(tx, ctx, project, release, environment, body)
    if problems := [*problems, *_problems(tx, ctx, release, body), *wrong, *bad_tag]:
        raise Invalid(*problems)
    now = ctx.services.milliseconds()
    starts, expires = check_times(body, now)
    changes = changes_in(tx, ctx, release, environment.id, body.tenant_id)
    whole = replace(
        _completed(ctx, body, project, release, environment.name),
        tentacle_retention_period=way.retention,
        changes=changes,
        changes_markdown=changes_markdown(project, release, environment, changes),
    )
    made = DEPLOYMENTS.open(tx, ctx.space).insert(whole)
    new = NewTask(
        space=ctx.space,
        name="Deploy",
        description=f"Deploy {project.name} release {release.number} to {environment.name}",
        arguments={"DeploymentId": made.id},
        tag=tag,
        project=project.id,
        environment=environment.id,
        tenant=body.tenant_id or None,
        origin=ctx.viewer.user_id,
        priority=1 if body.priority == "On" or (body.priority == "LifecycleDefault" and way.first) else 0,
        not_before=starts,
        not_after=expires,
        rerun_of=rerun_of,
    )
    number = submit_in(tx, new, now)
    made = DEPLOYMENTS.open(tx, ctx.space).update(replace(made, task_id=f"ServerTasks-{number}"), 1)
    _record(tx, ctx, "DeploymentQueued", made, "was queued")
    return made


def _completed(ctx: Context, body: Deployment, project: Project, release: Release, to: str) -> Deployment:
    """What a client may not say of its deployment, filled in."""
    return replace(
        body,
        id="",
        project_id=project.id,
        channel_id=release.channel_id,
        deployment_process_id=release.project_deployment_process_snapshot_id,
        manifest_variable_set_id=release.project_variable_set_snapshot_id,
        name=f"Deploy to {to}",
        force_package_download=body.force_package_download or project.force_package_download,
        queue_time=_normal(body.queue_time, "QueueTime"),
        queue_time_expiry=_normal(body.queue_time_expiry, "QueueTimeExpiry"),
        created=iso(ctx.services.clock.now()),
        deployed_by=ctx.viewer.username,
        deployed_by_id=ctx.viewer.user_id,
        task_id="",
    )


def _normal(text: str | None, member: str) -> str | None:
    """A time as the contract writes it, whatever way the client wrote it; to the millisecond."""
    return iso(moment(text, member)) if text else None


def _problems(tx: Tx, ctx: Context, release: Release, body: Deployment) -> list[str]:
    """Everything that keeps the deployment from being queued, a sentence each."""
    process = projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id)
    known = {each.id for step in process.steps for each in step.actions}
    return [
        *check_machines_in(tx, ctx, body),
        *(
            f"SkipActions: the process of this release has no action '{id}'."
            for id in body.skip_actions
            if id not in known
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Way:
    """What the lifecycle says of a place: how long targets keep what is deployed, and whether its tasks go `first`."""

    retention: Retention | None = None
    first: bool = False


def _way_in(
    tx: Tx, ctx: Context, project: Project, release: Release, body: Deployment
) -> tuple[_Way, list[str]]:
    """The way to the place, and why the release may not take it, by project and lifecycle."""
    if project.is_disabled:
        return _Way(), [
            f"ProjectId: the project '{project.name}' is disabled. Enable it in its settings first."
        ]
    if body.tenant_id:
        return _Way(), [
            f"TenantId: '{body.tenant_id}' cannot be used; this server has no tenants yet. Leave it out."
        ]
    channel = channels.get_in(tx, ctx, release.channel_id)
    lifecycle = lifecycles.get_in(tx, ctx, channel.lifecycle_id or project.lifecycle_id)
    everywhere = [each.id for each in environments.all_in(tx, ctx)]
    reached = reached_in(tx, ctx, release.id)
    defect = defects.unresolved_in(tx, ctx, [release.id]).get(release.id)
    states = progress(lifecycle, everywhere, reached, defect=defect is not None)
    reason = why_not(states, body.environment_id, reached, defect=defect)
    if reason is None:
        place = next((n for n, each in enumerate(states) if body.environment_id in each.environments), 0)
        first = states[place].phase.is_priority_phase if states else False
        return _Way(tentacle_retention(lifecycle, states, place), first), []
    name = environments.names_in(tx, ctx, [body.environment_id])[body.environment_id]
    return _Way(), [f"EnvironmentId: '{name}' {reason}."]


def reached_in(tx: Tx, ctx: Context, release_id: str) -> set[str]:
    """Environments with a successful deployment of a release."""
    c = DEPLOYMENTS.c
    found = (
        select(c.environment_id)
        .distinct()
        .join(task, task.c.number == c.task)
        .where(c.space_id == ctx.space, c.release_id == release_id, task.c.state == "Success")
    )
    return {row["environment_id"] for row in tx.all(found)}


def get_in(tx: Tx, ctx: Context, id: str) -> Deployment:
    """A deployment as it is stored. Raises NotFound."""
    return DEPLOYMENTS.open(tx, ctx.space, ctx.viewer).get(id)


def present_in(tx: Tx, ctx: Context, found: list[Deployment]) -> list[Deployment]:
    """Deployments with what their tasks tell: failures, and the machines that were deployed to. Where nobody chose, it is
    shown whether a failure would ask a person now."""
    found = _guided(tx, ctx, found)
    numbers = [int(each.task_id.removeprefix("ServerTasks-")) for each in found if each.task_id]
    if not numbers:
        return found
    failed = {
        row["number"]
        for row in tx.all(select(task.c.number).where(task.c.number.in_(numbers), task.c.state == "Failed"))
    }
    machines: dict[int, set[str]] = {}
    began = action.c.ticket.not_like(f"{LOOK}%")
    on = select(action.c.task, action.c.target).distinct().where(action.c.task.in_(numbers), began)
    for row in tx.all(on):
        machines.setdefault(row["task"], set()).add(row["target"])
    return [_presented(each, failed, machines) for each in found]


def _guided(tx: Tx, ctx: Context, found: list[Deployment]) -> list[Deployment]:
    open_ = [each for each in found if each.use_guided_failure is None]
    if not open_:
        return found
    modes = projects.guided_failure_in(tx, ctx, {each.project_id for each in open_})
    asks = {each.id: each.use_guided_failure for each in environments.all_in(tx, ctx.whole)}
    return [
        replace(
            each,
            use_guided_failure=guidance(
                each.use_guided_failure,
                modes.get(each.project_id, ""),
                asks.get(each.environment_id, False),
            ).on,
        )
        for each in found
    ]


def _presented(each: Deployment, failed: set[int], machines: dict[int, set[str]]) -> Deployment:
    number = int(each.task_id.removeprefix("ServerTasks-") or 0)
    targets = sorted(id for id in machines.get(number, ()) if id.startswith("Machines-"))
    return replace(each, failure_encountered=number in failed, deployed_to_machine_ids=targets)


def delete_in(tx: Tx, ctx: Context, id: str) -> None:
    """Removes the record of a deployment that has ended. Raises Conflict while its task is active."""
    found = get_in(tx, ctx, id)
    must_at(tx, ctx, "DeploymentDelete", DEPLOYMENTS, found)
    state = tx.scalar(select(task.c.state).where(task.c.number == int(found.task_id.partition("-")[2])))
    if state in ACTIVE_TASKS:
        raise Conflict(f"The deployment is {str(state).lower()}; cancel {found.task_id} first.")
    DEPLOYMENTS.open(tx, ctx.space).delete(id)
    _record(tx, ctx, "Deleted", found, "was deleted")


def started_in(tx: Tx, ctx: Context, deployment: Deployment) -> None:
    """The deployment's task has begun its work."""
    _record(tx, ctx, "DeploymentStarted", deployment, "has started")


def finished_in(tx: Tx, ctx: Context, id: str, state: str) -> None:
    """The deployment's task has ended."""
    try:
        found = DEPLOYMENTS.open(tx, ctx.space).get(id)
    except NotFound:
        return
    category = {"Success": "DeploymentSucceeded", "Canceled": "DeploymentCanceled"}.get(
        state, "DeploymentFailed"
    )
    verb = {"Success": "succeeded", "Canceled": "was canceled"}.get(state, "failed")
    _record(tx, ctx, category, found, verb)


def rerun_in(tx: Tx, ctx: Context, row: Any) -> int:
    """Queues the deployment of an ended task again, as it was asked for. Gives the new task's number."""
    if row["state"] not in FINAL_TASKS:
        raise Conflict("The task has not ended yet; it can be run again once it has.")
    former = get_in(tx, ctx, str(msgspec.json.decode(row["arguments"])["DeploymentId"]))
    again = replace(former, queue_time=None, queue_time_expiry=None)
    return int(create_in(tx, ctx, again, rerun_of=row["number"]).task_id.partition("-")[2])


def _record(tx: Tx, ctx: Context, category: str, deployment: Deployment, verb: str) -> None:
    message = f"Deployment {audit.mention(deployment.id, deployment.name)} {verb}"
    related = [
        deployment.id,
        deployment.project_id,
        deployment.environment_id,
        deployment.release_id,
        deployment.task_id,
    ]
    audit.record(tx, ctx, category, message, related)


def _leave_release(tx: Tx, ctx: Context, release: Release) -> None:
    """A release takes the records of its deployments with it, unless one of them is under way."""
    c = DEPLOYMENTS.c
    for each in DEPLOYMENTS.open(tx, ctx.space).all(where=[c.release_id == release.id]):
        delete_in(tx, ctx, each.id)


releases.goes_with_releases(_leave_release)
