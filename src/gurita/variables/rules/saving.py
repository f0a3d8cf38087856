"""What a variable set must be like, and what saving fills in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from gurita.catalog.rules import name_problems, text_problems
from gurita.variables.resources import Prompt, Variable, VariableSet
from gurita.variables.rules.typing import CONTROLS, REFERENCING, TYPES

__all__ = [
    "LONGEST_VALUE",
    "MOST_VARIABLES",
    "SCOPES",
    "check",
    "completed",
    "control_of",
    "options_of",
    "scoped_ids",
]

SCOPES = ("Environment", "Machine", "Role", "Action", "Channel", "TenantTag", "Tenant", "ProcessOwner")
"""Kinds of things a variable may be scoped to. Roles and tenant tags are names, the rest ids."""

MOST_VARIABLES = 20_000
LONGEST_VALUE = 1_000_000

_CANONICAL = {kind.lower(): kind for kind in SCOPES}
_TYPES = {kind.lower(): kind for kind in TYPES}
_CONTROLS = {control.lower() for control in CONTROLS}
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}", re.ASCII)


def completed(given: VariableSet, guid: Callable[[], str]) -> VariableSet:
    """The set with ids where they are missing, values as text, and scopes without what is empty."""
    return msgspec.structs.replace(
        given,
        variables=[_complete(v, guid) for v in given.variables],
        scope_values=msgspec.UNSET,
        warnings=msgspec.UNSET,
    )


def _complete(variable: Variable, guid: Callable[[], str]) -> Variable:
    kind = "Sensitive" if variable.is_sensitive else variable.type or "String"
    kind = _TYPES.get(kind.lower(), kind)
    value = variable.value if variable.value is None else str(variable.value)
    return msgspec.structs.replace(
        variable,
        id=variable.id or guid(),
        name=variable.name.strip(),
        value=value.strip() if value is not None and kind in REFERENCING else value,
        type=kind,
        is_sensitive=kind == "Sensitive",
        scope=_scope(variable),
        secret_id=msgspec.UNSET,
    )


def _scope(variable: Variable) -> dict[str, list[str] | None]:
    scope: dict[str, list[str] | None] = {}
    for kind, ids in (variable.scope or {}).items():
        if wanted := list(dict.fromkeys(id for id in ids or () if id)):
            name = _CANONICAL.get(kind.lower(), kind)
            scope[name] = list(dict.fromkeys([*(scope.get(name) or ()), *wanted]))
    return scope


def check(given: VariableSet) -> list[str]:
    """Every reason why a completed set cannot be saved, each naming the member."""
    if len(given.variables) > MOST_VARIABLES:
        return [f"Variables: {len(given.variables)} variables; {MOST_VARIABLES} at most."]
    problems = [p for i, v in enumerate(given.variables) for p in _check(f"Variables[{i}]", v)]
    seen: dict[str, int] = {}
    for i, variable in enumerate(given.variables):
        if variable.id in seen:
            problems.append(
                f"Variables[{i}].Id: '{variable.id}' is also the id of Variables[{seen[variable.id]}]."
            )
        seen.setdefault(variable.id, i)
    return problems


def _check(where: str, variable: Variable) -> Iterator[str]:
    yield from name_problems(variable.name, f"{where}.Name")
    yield from text_problems(variable.description, f"{where}.Description")
    if not _TYPE.fullmatch(variable.type or ""):
        yield f"{where}.Type: '{variable.type}' is no type of variable. Use {', '.join(TYPES)}."
    if isinstance(variable.value, str) and len(variable.value) > LONGEST_VALUE:
        yield f"{where}.Value: has {len(variable.value)} characters. Use at most {LONGEST_VALUE}."
    for kind in variable.scope or {}:
        if kind not in SCOPES:
            yield f"{where}.Scope.{kind}: a variable cannot be scoped to this. Use {', '.join(SCOPES)}."
    if variable.prompt is not None:
        yield from _check_prompt(f"{where}.Prompt", variable.prompt)


def _check_prompt(where: str, prompt: Prompt) -> Iterator[str]:
    yield from text_problems(prompt.label, f"{where}.Label")
    yield from text_problems(prompt.description, f"{where}.Description")
    control = control_of(prompt)
    if control and control.lower() not in _CONTROLS:
        yield f"{where}.DisplaySettings: '{control[:60]}' is no Octopus.ControlType. Use {', '.join(CONTROLS)}."
    if control.lower() == "select" and not options_of(prompt):
        yield f"{where}.DisplaySettings: a Select needs Octopus.SelectOptions, one 'value|label' a line."


def control_of(prompt: Prompt) -> str:
    """How a prompt asks; "" for a line of text."""
    return ((prompt.display_settings or {}).get("Octopus.ControlType") or "").strip()


def options_of(prompt: Prompt) -> dict[str, str]:
    """What may be chosen, with the label of each: lines `value|label`, or `value` alone."""
    lines = ((prompt.display_settings or {}).get("Octopus.SelectOptions") or "").splitlines()
    parted = [line.partition("|") for line in lines if line.strip()]
    return {value.strip(): (label or value).strip() for value, _, label in parted}


def scoped_ids(given: VariableSet) -> Iterator[tuple[str, str, str]]:
    """Everything the variables are scoped to, as (member, kind, id)."""
    for i, variable in enumerate(given.variables):
        for kind, ids in (variable.scope or {}).items():
            for j, id in enumerate(ids or ()):
                yield f"Variables[{i}].Scope.{kind}[{j}]", kind, id
