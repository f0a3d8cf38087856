"""Loading what a deployment's task stands on, and showing it to the planning rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gurita.deployments import service as deployments
from gurita.deployments.kinds import KINDS
from gurita.deployments.rules import Choice, Machine, Scene
from gurita.deployments.surveying import feeds_in
from gurita.environments import service as environments
from gurita.environments.resources import Environment
from gurita.execution.retaining import retained_in
from gurita.execution.scenery import Scenery
from gurita.execution.typed_values import Expanded, expanded_in
from gurita.feeds import service as feeds
from gurita.formats.scoping import Surroundings
from gurita.http.context import Context
from gurita.kernel.ids import folded
from gurita.lifecycles.channels import service as channels
from gurita.projects import service as projects
from gurita.projects.resources import DeploymentProcess
from gurita.releases import service as releases
from gurita.releases.rules.selection import versions_of
from gurita.store.tx import Tx
from gurita.variables import service as variables
from gurita.variables.rules import Book, ScopedVariable, SecretRef, here, is_reference, may_apply

__all__ = ["load_scenery", "scene_of"]


def load_scenery(tx: Tx, ctx: Context, deployment_id: str) -> Scenery:
    """Everything frozen with the release, and the opened secrets. Raises NotFound for what is gone."""
    deployment = deployments.get_in(tx, ctx, deployment_id)
    release = releases.get_in(tx, ctx, deployment.release_id)
    sets = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    found = tuple(variables.values_in(tx, ctx, sets))
    answered = deployments.answered_in(tx, ctx, release, deployment)
    wanted = [each.value.id for each in found if isinstance(each.value, SecretRef)]
    wanted += answered.secrets.values()
    secrets = ctx.services.secrets.open_all_in(tx, ctx.space, wanted)
    environment = environments.get_in(tx, ctx, deployment.environment_id)
    channel = channels.get_in(tx, ctx, release.channel_id)
    project = projects.get_in(tx, ctx, release.project_id)
    around = deployments.surrounding_in(tx, ctx, project, environment, channel)
    at = here(environment=environment.id, channel=channel.id, process=release.project_id)
    book = Book(found)
    plain = {n: each.value for n, each in book.at(at).values.items() if isinstance(each.value, str)}
    expanded, warnings = _expanded_in(tx, ctx, found, answered, environment, at)
    process = projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id)
    return Scenery(
        space=ctx.space,
        space_name=around.space_name,
        deployment=deployment,
        release=release,
        project=project,
        environment=environment,
        channel=channel,
        process=process,
        variables=found,
        book=book,
        prompted=answered,
        secrets=secrets,
        plain=plain | dict(answered.texts),
        expanded=expanded,
        system=deployments.system_values_in(tx, ctx, around, release, deployment),
        warnings=tuple(warnings),
        web=around.web,
        feeds=(named := feeds_in(tx, ctx)),
        registries=_registries_in(tx, ctx, process, named),
        retained=retained_in(tx, ctx, deployment.tentacle_retention_period),
    )


def _expanded_in(
    tx: Tx,
    ctx: Context,
    found: Iterable[ScopedVariable],
    answered: deployments.Answered,
    environment: Environment,
    at: Surroundings,
) -> tuple[dict[str, Expanded], list[str]]:
    """The documents that variables and answers stand for, of those that may apply in this deployment."""
    named = [
        (each.name, each.type, each.value)
        for each in found
        if isinstance(each.value, str) and is_reference(each.type, each.value) and may_apply(each, at)
    ]
    named += [(name, kind, answered.texts[name]) for name, kind in answered.references.items()]
    return expanded_in(tx, ctx, named, (environment.id, environment.name))


def _registries_in(
    tx: Tx, ctx: Context, process: DeploymentProcess, named: Mapping[str, str]
) -> dict[str, feeds.Registry]:
    """The feeds that hold images of this process; all of them when one is named by an expression."""
    wanted = {
        each.feed_id or "" for step in process.steps for action in step.actions for each in action.packages
    }
    known = (
        named.values()
        if any("#{" in each for each in wanted)
        else {named.get(folded(each), "") for each in wanted}
    )
    return feeds.registries_in(tx, ctx.services, ctx.space, set(known)) if wanted else {}


def scene_of(scenery: Scenery, found: tuple[Machine, ...], expand: Callable[[str], str]) -> Scene:
    """What the planning rules look at."""
    deployment, project = scenery.deployment, scenery.project
    return Scene(
        process=scenery.process,
        environment_id=scenery.environment.id,
        channel_id=scenery.channel.id,
        machines=found,
        choice=Choice(
            skip_actions=frozenset(deployment.skip_actions),
            only_machines=frozenset(deployment.specific_machine_ids),
            excluded_machines=frozenset(deployment.excluded_machine_ids),
            only_tags=frozenset(deployment.specific_target_tag_ids),
            excluded_tags=frozenset(deployment.excluded_target_tag_ids),
            guided=deployment.use_guided_failure,
        ),
        policy=project.project_connectivity_policy,
        project_guided=project.default_guided_failure_mode,
        environment_guided=scenery.environment.use_guided_failure,
        kinds=KINDS,
        max_parallelism=scenery.plain.get("Octopus.Action.MaxParallelism", ""),
        acquire_parallelism=scenery.plain.get("Octopus.Acquire.MaxParallelism", ""),
        versions=versions_of(scenery.process, scenery.release.selected_packages),
        feeds=scenery.feeds,
        expand=expand,
        names={
            scenery.environment.id: scenery.environment.name,
            scenery.channel.id: scenery.channel.name,
            **{each.id: each.name for each in found},
        },
    )
