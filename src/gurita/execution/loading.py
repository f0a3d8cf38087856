"""Loading what a deployment's task stands on, and showing it to the planning rules."""

from __future__ import annotations

from collections.abc import Callable

from gurita.deployments import service as deployments
from gurita.deployments.rules import Choice, Kind, Machine, Scene
from gurita.environments import service as environments
from gurita.execution.scenery import Scenery
from gurita.feeds import service as feeds
from gurita.feeds.resources import Feed
from gurita.http.context import Context
from gurita.kernel.ids import folded
from gurita.kernel.sensitive import Sensitive
from gurita.lifecycles.channels import service as channels
from gurita.machines import service as machines
from gurita.machines.dialling import refusal_of
from gurita.projects import service as projects
from gurita.projects.resources import Action
from gurita.releases import service as releases
from gurita.releases.rules.selection import versions_of
from gurita.spaces import service as spaces
from gurita.steps.registry import STEP_TYPES
from gurita.steps.step_type import StepType
from gurita.store.tx import Tx
from gurita.variables import service as variables
from gurita.variables.rules import SecretRef, evaluate, here

__all__ = ["load_scenery", "machines_in", "scene_of"]


def load_scenery(tx: Tx, ctx: Context, deployment_id: str) -> Scenery:
    """Everything frozen with the release, and the opened secrets. Raises NotFound for what is gone."""
    deployment = deployments.get_in(tx, ctx, deployment_id)
    release = releases.get_in(tx, ctx, deployment.release_id)
    sets = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    found = tuple(variables.values_in(tx, ctx, sets))
    secrets: dict[str, Sensitive] = {}
    for each in found:
        if isinstance(each.value, SecretRef) and each.value.id not in secrets:
            secrets[each.value.id] = ctx.services.secrets.open_in(tx, ctx.space, each.value.id)
    environment = environments.get_in(tx, ctx, deployment.environment_id)
    channel = channels.get_in(tx, ctx, release.channel_id)
    at = here(environment=environment.id, channel=channel.id, process=release.project_id)
    plain = {name: each.value for name, each in evaluate(found, at).items() if isinstance(each.value, str)}
    return Scenery(
        space=ctx.space,
        space_name=spaces.get_in(tx, ctx.within(""), ctx.space).name,
        deployment=deployment,
        release=release,
        project=projects.get_in(tx, ctx, release.project_id),
        environment=environment,
        channel=channel,
        process=projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id),
        variables=found,
        prompted=deployments.prompted_in(tx, ctx, release, deployment),
        secrets=secrets,
        plain=plain,
        web=getattr(ctx.services.settings, "url", ""),
        feeds=_feeds_in(tx, ctx),
    )


def _feeds_in(tx: Tx, ctx: Context) -> dict[str, str]:
    """The ids of the space's feeds by folded name, slug and id, in this order of weight; and what means the built-in one."""
    found = feeds.feeds.open(tx, ctx).all()
    named = {folded(key(each)): each.id for key in _KEYS for each in found}
    for each in found:
        if each.feed_type == "BuiltIn":
            named |= {"": each.id, feeds.BUILT_IN_ID: each.id}
    return named


_KEYS: tuple[Callable[[Feed], str], ...] = (lambda f: f.name, lambda f: f.slug, lambda f: f.id)


def machines_in(tx: Tx, ctx: Context, scenery: Scenery) -> tuple[Machine, ...]:
    """The environment's machines as they are now. One whose last check brought no runner has no Python."""
    return tuple(
        Machine(
            id=each.id,
            name=each.name,
            roles=tuple(each.roles),
            is_disabled=each.is_disabled,
            health=each.health_status,
            has_python=each.has_latest_calamari,
            refusal=refusal_of(each),
        )
        for each in machines.in_environment_in(tx, ctx, scenery.environment.id)
    )


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
        kinds={name: _kind(kind) for name, kind in STEP_TYPES.items()},
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


def _kind(kind: StepType) -> Kind:
    return Kind(
        server_only=kind.server_only,
        needs_python=lambda action: kind.needs_python(_plain(action)),
        idempotent=kind.idempotent,
        check=lambda action: kind.check(_plain(action)),
    )


def _plain(action: Action) -> dict[str, str]:
    return {name: value for name, value in action.properties.items() if isinstance(value, str)}
