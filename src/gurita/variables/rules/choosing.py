"""Which value a variable has, where (product.md 3.4.1; the ranking itself is `gurita.formats.scoping`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec import field

from gurita.formats.scoping import Candidate, Choice, Surroundings, choose, rank_of
from gurita.variables.resources import Prompt, Variable

__all__ = ["ScopedVariable", "SecretRef", "choices", "here", "may_apply", "scoped"]

LATER = frozenset({"Machine", "Role", "Action"})
"""Scopes that are only known when a step runs on a target."""


class SecretRef(msgspec.Struct, frozen=True):
    """A sensitive value that nobody has opened yet."""

    id: str


class ScopedVariable(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a variable, taken from a set or its snapshot. `source` and `row` say where it was listed."""

    id: str
    name: str
    value: str | SecretRef
    type: str = "String"
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    from_project: bool = True
    source: int = 0
    row: int = 0
    prompt: Prompt | None = None
    description: str = ""

    @property
    def is_sensitive(self) -> bool:
        """Whether the value must never be shown, even if it is empty."""
        return self.type == "Sensitive"


def scoped(
    variables: Iterable[Variable], *, source: int = 0, from_project: bool = True
) -> list[ScopedVariable]:
    """The variables of a stored set. A sensitive one without a secret has the empty value."""
    return [_scoped(v, source, row, from_project) for row, v in enumerate(variables)]


def _scoped(variable: Variable, source: int, row: int, from_project: bool) -> ScopedVariable:
    return ScopedVariable(
        id=variable.id,
        name=variable.name,
        value=_value(variable),
        type=variable.type or "String",
        scope={kind: tuple(ids) for kind, ids in (variable.scope or {}).items() if ids},
        from_project=from_project,
        source=source,
        row=row,
        prompt=variable.prompt,
        description=variable.description or "",
    )


def _value(variable: Variable) -> str | SecretRef:
    if isinstance(variable.secret_id, str):
        return SecretRef(variable.secret_id)
    return "" if variable.value is None else str(variable.value)


def here(
    *,
    environment: str = "",
    machine: str = "",
    machine_roles: Collection[str] = (),
    step_roles: Collection[str] = (),
    action: str = "",
    channel: str = "",
    tenant: str = "",
    tenant_tags: Collection[str] = (),
    process: str = "",
) -> Surroundings:
    """Where a value is asked for; what is left out is not known and matches no scope."""
    known: dict[str, Collection[str]] = {
        "Environment": [environment],
        "Machine": [machine],
        "Role": machine_roles,
        "Action": [action],
        "Channel": [channel],
        "Tenant": [tenant],
        "TenantTag": tenant_tags,
        "ProcessOwner": [process],
    }
    ids = {kind: [id for id in given if id] for kind, given in known.items()}
    return Surroundings(ids, frozenset(role.casefold() for role in step_roles))


def choices(variables: Iterable[ScopedVariable], at: Surroundings) -> dict[str, Choice]:
    """What was decided for every name, with the reason for each value; by the name as first spelled."""
    named: dict[str, list[ScopedVariable]] = {}
    for variable in variables:
        named.setdefault(variable.name.casefold(), []).append(variable)
    return {group[0].name: choose([_candidate(v) for v in group], at) for group in named.values()}


def may_apply(variable: ScopedVariable, at: Surroundings) -> bool:
    """Whether a value may apply somewhere in a deployment: machines, roles and actions are not known yet."""
    scope = {kind: ids for kind, ids in variable.scope.items() if kind not in LATER}
    return rank_of(scope, at)[0] is not None


def _candidate(variable: ScopedVariable) -> Candidate:
    return Candidate(variable.id, variable.scope, variable.from_project, variable.source, variable.row)
