"""Why an action, a step or a target is left out."""

from __future__ import annotations

from enum import StrEnum

from gurita.deployments.rules.scene import Scene
from gurita.engine.plan import Skip
from gurita.projects.resources import Action
from gurita.projects.rules import responsible_teams

__all__ = ["SKIP_CODES", "SkipCode", "is_required", "skip_of"]


class SkipCode(StrEnum):
    """The reason as programs read it. The API and the journal show these words."""

    DISABLED = "Disabled"
    ENVIRONMENT_SCOPE = "EnvironmentScope"
    ENVIRONMENT_EXCLUDED = "EnvironmentExcluded"
    CHANNEL_SCOPE = "ChannelScope"
    TENANT_SCOPE = "TenantScope"
    SKIPPED_BY_USER = "SkippedByUser"
    NOTHING_TO_RUN = "NothingToRun"
    NO_MATCHING_TARGET = "NoMatchingTarget"
    TARGET_DISABLED = "TargetDisabled"
    TARGET_NOT_SELECTED = "TargetNotSelected"
    TARGET_EXCLUDED = "TargetExcluded"
    TARGET_UNAVAILABLE = "TargetUnavailable"
    TARGET_UNHEALTHY = "TargetUnhealthy"


SKIP_CODES = frozenset(code.value for code in SkipCode)


def is_required(action: Action) -> bool:
    """Whether nobody may leave the action out: it says so, or a team was named to answer it."""
    return action.is_required or bool(responsible_teams(action))


def skip_of(action: Action, scene: Scene) -> Skip | None:
    """Why this action does not run in this deployment, or None. The order of the questions is the order of
    the answers: what the process says comes before what the user chose."""
    found = _reason(action, scene)
    if found is None:
        return None
    code, reason = found
    return Skip(code=code, reason=f"'{action.name}' {reason}", id=action.id, name=action.name)


def _reason(action: Action, scene: Scene) -> tuple[SkipCode, str] | None:
    here = scene.name(scene.environment_id)
    if action.is_disabled:
        return SkipCode.DISABLED, "is disabled."
    if action.environments and scene.environment_id not in action.environments:
        return (
            SkipCode.ENVIRONMENT_SCOPE,
            f"runs only in {_listed(action.environments, scene)}, not in {here}.",
        )
    if scene.environment_id in action.excluded_environments:
        return SkipCode.ENVIRONMENT_EXCLUDED, f"does not run in {here}."
    if action.channels and scene.channel_id not in action.channels:
        only = _listed(action.channels, scene)
        return (
            SkipCode.CHANNEL_SCOPE,
            f"runs only for channel {only}, not for {scene.name(scene.channel_id)}.",
        )
    if action.tenant_tags and not _has_tags(action, scene):
        return SkipCode.TENANT_SCOPE, f"runs only for tenants tagged {_listed(action.tenant_tags, scene)}."
    if action.id in scene.choice.skip_actions and not is_required(action):
        return SkipCode.SKIPPED_BY_USER, "was left out by whoever asked for this deployment."
    return None


def _listed(ids: list[str], scene: Scene) -> str:
    return ", ".join(scene.name(id) for id in ids)


def _has_tags(action: Action, scene: Scene) -> bool:
    """OR within a tag set, AND over sets (product.md 3.4.9)."""
    if scene.tenant_tags is None:
        return False
    mine = {tag.casefold() for tag in scene.tenant_tags}
    sets: dict[str, set[str]] = {}
    for tag in action.tenant_tags:
        sets.setdefault(tag.casefold().rpartition("/")[0], set()).add(tag.casefold())
    return all(wanted & mine for wanted in sets.values())
