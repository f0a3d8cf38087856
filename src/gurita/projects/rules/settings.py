"""How the settings of steps and actions are read from their properties (api.md 4, "Property keys").

A value may be an expression such as `#{Window}`; `expand` turns it into text when a deployment is planned.
Every reader raises `ValueError` with a sentence without a subject ("must be …, not 'x'").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gurita.projects.resources import Action, PropertyValue, Step

__all__ = [
    "ATTEMPTS",
    "CONDITION",
    "MAX_PARALLELISM",
    "NEVER_RETRIED",
    "RESPONSIBLE_TEAMS",
    "RETRY_BACKOFF",
    "RETRY_COUNT",
    "RUN_ON_SERVER",
    "TARGET_ROLES",
    "TIMEOUT",
    "Retries",
    "action_expression",
    "flag",
    "is_expression",
    "responsible_teams",
    "retries",
    "roles",
    "step_expression",
    "text",
    "timeout_minutes",
    "whole",
    "window",
]

TARGET_ROLES = "Octopus.Action.TargetRoles"
MAX_PARALLELISM = "Octopus.Action.MaxParallelism"
CONDITION = "Octopus.Step.ConditionVariableExpression"
ACTION_CONDITION = "Octopus.Action.ConditionVariableExpression"
RUN_ON_SERVER = "Octopus.Action.RunOnServer"
RETRY_COUNT = "Octopus.Action.AutoRetry.MaximumCount"
RETRY_BACKOFF = "Octopus.Action.AutoRetry.MinimumBackoff"
TIMEOUT = "Octopus.Action.ExecutionTimeout.Minutes"
RESPONSIBLE_TEAMS = "Octopus.Action.Manual.ResponsibleTeamIds"

ATTEMPTS = 3
"""At most so many automatic retries of an action."""

NEVER_RETRIED = frozenset({"octopus.deployrelease", "octopus.healthcheck", "octopus.manual", "octopus.email"})
"""Action types, in lower case, that are never retried by themselves (product.md 3.4.7)."""

LONGEST_TIMEOUT = 60 * 24 * 30

Expand = Callable[[str], str]


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Retries:
    """`count` more attempts after a failure, `backoff` seconds before each."""

    count: int = 0
    backoff: float = 0


def text(properties: Mapping[str, PropertyValue], key: str) -> str:
    """A property as text; `""` if it is absent or a secret."""
    value = properties.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, bool | int | float) else ""


def flag(properties: Mapping[str, PropertyValue], key: str, expand: Expand = _same) -> bool:
    """A property as yes or no: `true`, `yes` and `1` in any case are yes."""
    return expand(text(properties, key)).strip().lower() in ("true", "yes", "1")


def is_expression(value: str) -> bool:
    """Whether a text holds a variable reference, so that its value is only known in a deployment."""
    return "#{" in value


def whole(value: str, least: int, most: int) -> int:
    """A text as a whole number within limits."""
    try:
        number = int(value.strip())
    except ValueError:
        raise ValueError(f"must be a whole number from {least} to {most}, not '{value}'") from None
    if not least <= number <= most:
        raise ValueError(f"must be a whole number from {least} to {most}, not {number}")
    return number


def roles(step: Step, expand: Expand = _same) -> tuple[str, ...]:
    """The target tags a step runs on, in the order given, each once in any case.

    Older clients put them on the only action of a step.
    """
    listed = text(step.properties, TARGET_ROLES)
    if not listed and len(step.actions) == 1:
        listed = text(step.actions[0].properties, TARGET_ROLES)
    found: dict[str, str] = {}
    for role in expand(listed).split(","):
        if role.strip():
            found.setdefault(role.strip().casefold(), role.strip())
    return tuple(found.values())


def window(step: Step, expand: Expand = _same) -> int | None:
    """How many targets a rolling step has under way at once; None if the step does not say."""
    value = expand(text(step.properties, MAX_PARALLELISM))
    return whole(value, 1, 10_000) if value.strip() else None


def step_expression(step: Step) -> str:
    """The expression of a step whose condition is `Variable`."""
    return text(step.properties, CONDITION) or text(step.properties, ACTION_CONDITION)


def action_expression(action: Action) -> str:
    """The expression of an action whose condition is `Variable`."""
    return text(action.properties, ACTION_CONDITION) or text(action.properties, CONDITION)


def retries(action: Action, expand: Expand = _same) -> Retries:
    """How often an action is tried again by itself; never for types that ask or tell people something."""
    count = expand(text(action.properties, RETRY_COUNT))
    if not count.strip() or action.action_type.lower() in NEVER_RETRIED:
        return Retries()
    backoff = expand(text(action.properties, RETRY_BACKOFF))
    return Retries(whole(count, 0, ATTEMPTS), whole(backoff, 0, 86_400) if backoff.strip() else 0)


def timeout_minutes(action: Action, expand: Expand = _same) -> int:
    """After how many minutes an attempt is stopped; 0 is never."""
    value = expand(text(action.properties, TIMEOUT))
    return whole(value, 0, LONGEST_TIMEOUT) if value.strip() else 0


def responsible_teams(action: Action) -> tuple[str, ...]:
    """Teams that answer a manual step. With any named, the step cannot be skipped (product.md 3.4.10)."""
    if action.action_type.lower() != "octopus.manual":
        return ()
    return tuple(t.strip() for t in text(action.properties, RESPONSIBLE_TEAMS).split(",") if t.strip())
