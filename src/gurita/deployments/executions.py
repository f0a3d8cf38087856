"""The executions API: one call with names, one task an environment (api.md 5, 15.7)."""

from __future__ import annotations

from gurita.deployments import service
from gurita.deployments.choices import actions_by_name, machines_by_name_in
from gurita.deployments.resources import (
    CreatedDeployments,
    CreateDeploymentUntenantedV1,
    Deployment,
    DeploymentServerTask,
)
from gurita.environments import service as environments
from gurita.http.context import Context
from gurita.http.wire import moment
from gurita.kernel.clock import iso
from gurita.kernel.errors import Invalid, NotFound
from gurita.projects import service as projects
from gurita.projects.resources import Project
from gurita.releases import service as releases
from gurita.releases.resources import Release
from gurita.store.tx import Tx
from gurita.store.within import spot

__all__ = ["create_untenanted_in"]


def create_untenanted_in(tx: Tx, ctx: Context, body: CreateDeploymentUntenantedV1) -> CreatedDeployments:
    """Queues the release in every environment, or in none. Raises Invalid naming every name that is unknown."""
    problems: list[str] = []
    names = [name for name in body.environment_names if name]
    if not names:
        problems.append("EnvironmentNames: name at least one environment.")
    project = projects.find_in(tx, ctx.whole, body.project_name)
    if project is None:
        problems.append(f"ProjectName: there is no project '{body.project_name}' in this space.")
    ids = []
    for place, name in enumerate(names):
        try:
            ids.append(environments.get_in(tx, ctx.whole, name).id)
        except NotFound:
            problems.append(f"EnvironmentNames[{place}]: there is no environment '{name}' in this space.")
    release = _release(tx, ctx, project, body.release_version, problems)
    if problems or release is None:
        raise Invalid(*problems)
    for id in ids:
        ctx.must("DeploymentCreate", spot(tx, release.project_id, id))
    if body.update_variable_snapshot:
        release = releases.snapshot_variables_in(tx, ctx, release.id)
    made = [service.create_in(tx, ctx, _deployment(tx, ctx, body, release, id)) for id in dict.fromkeys(ids)]
    return CreatedDeployments(
        deployment_server_tasks=[
            DeploymentServerTask(deployment_id=each.id, server_task_id=each.task_id) for each in made
        ]
    )


def _release(
    tx: Tx, ctx: Context, project: Project | None, version: str, problems: list[str]
) -> Release | None:
    if project is None:
        return None
    found = releases.find_in(tx, ctx, project.id, version)
    if found is None:
        problems.append(f"ReleaseVersion: '{project.name}' has no release '{version}'.")
    return found


def _deployment(
    tx: Tx, ctx: Context, body: CreateDeploymentUntenantedV1, release: Release, environment: str
) -> Deployment:
    process = projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id)
    ctx = ctx.whole
    return Deployment(
        release_id=release.id,
        environment_id=environment,
        force_package_download=bool(body.force_package_download),
        force_package_redeployment=bool(body.force_package_redeployment),
        skip_actions=actions_by_name(process, body.skip_step_names),
        specific_machine_ids=machines_by_name_in(
            tx, ctx, environment, body.specific_machine_names, "SpecificMachineNames"
        ),
        excluded_machine_ids=machines_by_name_in(
            tx, ctx, environment, body.excluded_machine_names, "ExcludedMachineNames"
        ),
        specific_target_tag_ids=[name for name in body.specific_target_tag_names or [] if name],
        excluded_target_tag_ids=[name for name in body.excluded_target_tag_names or [] if name],
        use_guided_failure=body.use_guided_failure,
        priority=body.priority or "LifecycleDefault",
        comments=body.comments or "",
        form_values=dict(body.variables or {}),
        queue_time=_moment(body.run_at, "RunAt"),
        queue_time_expiry=_moment(body.no_run_after, "NoRunAfter"),
    )


def _moment(text: str | None, member: str) -> str | None:
    return iso(moment(text, member)) if text else None
