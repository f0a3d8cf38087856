"""What a deployment of a release would do (`releases/{id}/deployments/preview/{environment}`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.deployments.changes.service import changes_in, changes_markdown
from gurita.deployments.kinds import KINDS
from gurita.deployments.placing import Placing
from gurita.deployments.resources import DeploymentPreview
from gurita.deployments.rules import Scene, plan, preview
from gurita.deployments.surveying import feeds_in, machines_in
from gurita.environments import service as environments
from gurita.formats.variables import Variables
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.lifecycles.channels import service as channels
from gurita.projects import service as projects
from gurita.releases.rules.selection import versions_of
from gurita.releases.service import get_in, process_in, values_in
from gurita.store.within import spot
from gurita.variables.rules import evaluate, form, here, may_apply

if TYPE_CHECKING:
    from gurita.engine.plan import Plan
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.projects.resources import Project
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx
    from gurita.variables.rules import ScopedVariable

__all__ = ["PreviewQuery", "planned_in", "preview_in"]


class PreviewQuery(Wire):
    """Whether disabled steps are shown as rows."""

    include_disabled_steps: bool = False


def preview_in(tx: Tx, ctx: Context, id: str, environment_id: str, query: PreviewQuery) -> DeploymentPreview:
    """The plan of a deployment with nothing chosen, and the questions it would ask."""
    release = get_in(tx, ctx, id)
    environment = environments.get_in(tx, ctx.whole, environment_id)
    ctx.must("DeploymentView", spot(tx, release.project_id, environment.id))
    ctx = ctx.whole
    found = values_in(tx, ctx, release)
    at = here(environment=environment.id, channel=release.channel_id, process=release.project_id)
    scene = _scene_in(tx, ctx, release, environment, found)
    planned = plan(scene)
    placing = Placing(ctx, scene.expand, release.id, local=ctx.services.settings.local_scripts)
    _, unplaced = placing.plan_in(tx, planned)
    planned = replace(planned, errors=(*planned.errors, *unplaced))
    asked = form([v for v in found if may_apply(v, at)])
    changes = changes_in(tx, ctx, release, environment.id)
    project = projects.get_in(tx, ctx, release.project_id)
    return replace(
        preview(planned, asked, include_disabled=query.include_disabled_steps),
        changes=changes,
        changes_markdown=changes_markdown(project, release, environment, changes),
    )


def planned_in(tx: Tx, ctx: Context, release: Release, environment: Environment) -> Plan:
    """The plan alone."""
    return plan(_scene_in(tx, ctx, release, environment, values_in(tx, ctx, release)))


def _scene_in(
    tx: Tx, ctx: Context, release: Release, environment: Environment, found: list[ScopedVariable]
) -> Scene:
    at = here(environment=environment.id, channel=release.channel_id, process=release.project_id)
    plain = {name: v.value for name, v in evaluate(found, at).items() if isinstance(v.value, str)}
    project = projects.get_in(tx, ctx, release.project_id)
    process = process_in(tx, ctx, release)
    return Scene(
        process=process,
        environment_id=environment.id,
        channel_id=release.channel_id,
        machines=machines_in(tx, ctx, environment.id, local=ctx.services.settings.local_scripts),
        policy=project.project_connectivity_policy,
        project_guided=project.default_guided_failure_mode,
        environment_guided=environment.use_guided_failure,
        kinds=KINDS,
        max_parallelism=plain.get("Octopus.Action.MaxParallelism", ""),
        acquire_parallelism=plain.get("Octopus.Acquire.MaxParallelism", ""),
        versions=versions_of(process, release.selected_packages),
        feeds=feeds_in(tx, ctx),
        expand=_expand(project, environment, plain),
        names=_names(tx, ctx, project),
    )


def _expand(project: Project, environment: Environment, plain: dict[str, str]) -> Callable[[str], str]:
    known = {
        **plain,
        "Octopus.Environment.Id": environment.id,
        "Octopus.Environment.Name": environment.name,
        "Octopus.Project.Id": project.id,
        "Octopus.Project.Name": project.name,
    }
    variables = Variables(known)

    def expand(text: str) -> str:
        try:
            return variables.evaluate(text).text
        except ValueError as error:
            raise Invalid(f"'{text[:60]}' cannot be evaluated: {error}") from None

    return expand


def _names(tx: Tx, ctx: Context, project: Project) -> dict[str, str]:
    named = {e.id: e.name for e in environments.all_in(tx, ctx)}
    return named | {c.id: c.name for c in channels.of_project_in(tx, ctx, project.id)}
