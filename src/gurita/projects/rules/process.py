"""What a deployment process must be like, and what is filled in for whoever saves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from gurita.catalog.rules import name_problems
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.ids import folded
from gurita.projects.resources import Action, DeploymentProcess, PropertyValue, Step
from gurita.projects.rules import settings
from gurita.projects.rules.naming import unique_slug
from gurita.projects.rules.packages import package_problems, with_packages

__all__ = ["check", "completed"]

MOST_STEPS = 1000


def completed(process: DeploymentProcess, guid: Callable[[], str]) -> DeploymentProcess:
    """The process with ids, names and slugs where they are missing, and every property a text or a secret.

    A step without a name takes its first action's name, a lone action its step's. Clients send `Id: ""` for what
    is new (api.md 15.14).
    """
    slugs: set[str] = {s.slug for s in process.steps if s.slug}
    return msgspec.structs.replace(process, steps=[_step(step, guid, slugs) for step in process.steps])


def _step(step: Step, guid: Callable[[], str], slugs: set[str]) -> Step:
    name = step.name.strip() or (step.actions[0].name.strip() if step.actions else "")
    slug = step.slug or unique_slug(name, slugs)
    slugs.add(slug)
    taken: set[str] = {a.slug for a in step.actions if a.slug}
    return msgspec.structs.replace(
        step,
        id=step.id or guid(),
        name=name,
        slug=slug,
        properties=_plain(step.properties),
        actions=[_action(action, name, guid, taken) for action in step.actions],
        links={},
    )


def _action(action: Action, step_name: str, guid: Callable[[], str], taken: set[str]) -> Action:
    name = action.name.strip() or step_name
    slug = action.slug or unique_slug(name, taken)
    taken.add(slug)
    whole = msgspec.structs.replace(
        action, id=action.id or guid(), name=name, slug=slug, properties=_plain(action.properties), links={}
    )
    return with_packages(whole, guid)


def _plain(properties: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
    return {
        k: v if isinstance(v, str | SensitiveValue) else str(v)
        for k, v in properties.items()
        if v is not None
    }


def check(process: DeploymentProcess) -> list[str]:
    """Every reason why a completed process cannot be saved; each names the member as the client spells it."""
    if len(process.steps) > MOST_STEPS:
        return [f"Steps: {len(process.steps)} steps; {MOST_STEPS} at most."]
    return [
        *_twins(process),
        *(e for i, s in enumerate(process.steps) for e in _check_step(f"Steps[{i}]", s)),
    ]


def _twins(process: DeploymentProcess) -> Iterator[str]:
    """Names and ids that occur twice. Steps and actions have names of their own: a lone action often carries its
    step's."""
    steps = [(f"Steps[{i}]", s) for i, s in enumerate(process.steps)]
    actions = [(f"{where}.Actions[{j}]", a) for where, s in steps for j, a in enumerate(s.actions)]
    ids: dict[str, str] = {}
    for where, id in [*((w, s.id) for w, s in steps), *((w, a.id) for w, a in actions)]:
        if id in ids:
            yield f"{where}.Id: '{id}' is also the id of {ids[id]}; leave it empty to get a new one."
        ids.setdefault(id, where)
    for kind, owners in (
        ("step", [(w, s.name) for w, s in steps]),
        ("action", [(w, a.name) for w, a in actions]),
    ):
        names: dict[str, str] = {}
        for where, name in owners:
            if name and folded(name) in names:
                yield f"{where}.Name: {names[folded(name)]} is also called '{name}'; each {kind} needs its own name."
            names.setdefault(folded(name), where)


def _check_step(where: str, step: Step) -> Iterator[str]:
    yield from name_problems(step.name, f"{where}.Name")
    if not step.actions:
        yield f"{where}.Actions: a step needs at least one action."
    if step.condition == "Variable" and not settings.step_expression(step).strip():
        yield (
            f"{where}.Properties[{settings.CONDITION}]: the run condition is Variable, so an expression is needed."
        )
    yield from _number(where, step.properties, settings.MAX_PARALLELISM, 1, 10_000)
    for j, action in enumerate(step.actions):
        yield from _check_action(f"{where}.Actions[{j}]", action)


def _check_action(where: str, action: Action) -> Iterator[str]:
    yield from name_problems(action.name, f"{where}.Name")
    if not action.action_type.strip():
        yield f"{where}.ActionType: a type is needed, for example Octopus.Script."
    if action.is_required and action.is_disabled:
        yield f"{where}.IsDisabled: a required action cannot be disabled; clear IsRequired first."
    if action.condition == "Variable" and not settings.action_expression(action).strip():
        key = settings.ACTION_CONDITION
        yield f"{where}.Properties[{key}]: the run condition is Variable, so an expression is needed."
    if both := {e for e in action.environments if e in action.excluded_environments}:
        yield f"{where}.ExcludedEnvironments: {', '.join(sorted(both))} cannot be both included and excluded."
    yield from _number(where, action.properties, settings.RETRY_COUNT, 0, settings.ATTEMPTS)
    yield from _number(where, action.properties, settings.RETRY_BACKOFF, 0, 86_400)
    yield from _number(where, action.properties, settings.TIMEOUT, 0, settings.LONGEST_TIMEOUT)
    yield from package_problems(where, action)


def _number(
    where: str, properties: Mapping[str, PropertyValue], key: str, least: int, most: int
) -> Iterator[str]:
    value = properties.get(key)
    if isinstance(value, SensitiveValue):
        yield f"{where}.Properties[{key}]: cannot be a sensitive value."
    elif (plain := settings.text(properties, key)).strip() and not settings.is_expression(plain):
        try:
            settings.whole(plain, least, most)
        except ValueError as error:
            yield f"{where}.Properties[{key}]: {error}."
