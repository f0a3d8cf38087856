"""Where a release is, where it may go, and what would happen there (api.md 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Raw

from gurita.catalog.frozen import live_id
from gurita.deployments import service as deployments
from gurita.deployments.overview import service as overview
from gurita.deployments.resources import DeploymentTemplate, PromotionTarget
from gurita.environments import service as environments
from gurita.library import service as library
from gurita.lifecycles import service as lifecycles
from gurita.lifecycles.channels import service as channels
from gurita.projects import service as projects
from gurita.releases.defects import service as defects
from gurita.releases.resources import PhaseDeployment, PhaseProgression, Release, ReleaseProgression
from gurita.releases.rules.progression import PhaseState, deployable, next_environments, progress
from gurita.releases.service import get_in
from gurita.tasks import service as tasks
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.call import Call
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["progression_in", "template_in"]


def _states_in(tx: Tx, ctx: Context, release: Release) -> tuple[list[PhaseState], set[str]]:
    """The phases of the release's lifecycle as it is now, and the environments it has reached."""
    ctx = ctx.whole
    channel = channels.get_in(tx, ctx, release.channel_id)
    project = projects.get_in(tx, ctx, release.project_id)
    lifecycle = lifecycles.get_in(tx, ctx, channel.lifecycle_id or project.lifecycle_id)
    reached = overview.reached_in(tx, ctx, [release.id]).get(release.id, set())
    order = [e.id for e in environments.all_in(tx, ctx)]
    defect = release.id in defects.unresolved_in(tx, ctx, [release.id])
    return progress(lifecycle, order, reached, defect=defect), reached


def progression_in(tx: Tx, call: Call, id: str) -> ReleaseProgression:
    """The phases of a release with its deployments in them."""
    ctx = call.context
    release = get_in(tx, ctx, id)
    states, reached = _states_in(tx, ctx, release)
    made = overview.of_release_in(tx, ctx, release.id)
    current = next((s for s in states if s.progress == "Current"), None)
    return ReleaseProgression(
        phases=[
            PhaseProgression(
                id=s.phase.id,
                name=s.phase.name,
                blocked=s.blocked,
                progress=s.progress,
                deployments=[
                    PhaseDeployment(
                        task=Raw(tasks.task_body(call, task)),
                        deployment=Raw(deployments.deployment_body(call, deployment)),
                    )
                    for deployment, task in made
                    if deployment.environment_id in s.environments
                ],
                automatic_deployment_targets=s.phase.automatic_deployment_targets,
                optional_deployment_targets=_optional(s),
                minimum_environments_before_promotion=s.phase.minimum_environments_before_promotion,
                is_optional_phase=s.phase.is_optional_phase,
                is_priority_phase=s.phase.is_priority_phase,
            )
            for s in states
        ],
        next_deployments=next_environments(states, reached),
        next_deployments_minimum_required=current.minimum if current else 0,
    )


def _optional(state: PhaseState) -> list[str]:
    automatic = state.phase.automatic_deployment_targets
    return [e for e in state.environments if e not in automatic]


def template_in(tx: Tx, ctx: Context, links: Links, id: str) -> DeploymentTemplate:
    """Where a release may go, and what has changed in its project since it was made."""
    release = get_in(tx, ctx, id)
    states, reached = _states_in(tx, ctx, release)
    names = {e.id: e.name for e in environments.all_in(tx, ctx)}
    process, version = live_id(release.project_deployment_process_snapshot_id)
    _, known = live_id(release.project_variable_set_snapshot_id)
    included = library.sets_of(projects.get_in(tx, ctx.whole, release.project_id))[1:]
    now = [(id, variables.get_in(tx, ctx.whole, id).version) for id in included]
    return DeploymentTemplate(
        is_deployment_process_modified=projects.process_in(tx, ctx, process).version != version,
        is_variable_set_modified=variables.get_in(tx, ctx.whole, variables.id_of(release.project_id)).version
        != known,
        is_library_variable_set_modified=now
        != [live_id(id) for id in release.library_variable_set_snapshot_ids],
        promote_to=[
            PromotionTarget(
                id=e,
                name=names[e],
                links={
                    "Preview": links.space(
                        f"releases/{release.id}/deployments/preview/{e}{{?includeDisabledSteps}}"
                    )
                },
            )
            for e in deployable(states, reached)
            if e in names
        ],
        links={
            "Self": links.space(f"releases/{release.id}/deployments/template"),
            "Release": links.space(f"releases/{release.id}"),
        },
    )
