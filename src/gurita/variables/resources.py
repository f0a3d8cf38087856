"""API shapes of variable sets (api.md 4)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from gurita.catalog.resource import Resource
from gurita.http.wire import Wire

__all__ = [
    "ProcessReference",
    "Prompt",
    "Reference",
    "ScopeValues",
    "ScopedVariables",
    "Variable",
    "VariableSecret",
    "VariableSet",
    "VariableWarning",
]


class Prompt(Wire):
    """A variable whoever deploys is asked for."""

    label: str | None = ""
    description: str | None = ""
    required: bool = False
    display_settings: dict[str, str] | None = field(default_factory=dict)


class Variable(Wire):
    """One value of a variable and where it holds. A name may have many.

    `scope` maps a kind of thing (`Environment`, `Machine`, `Role`, `Action`, `Channel`, `TenantTag`, `Tenant`,
    `ProcessOwner`) to ids: one of each kind must match. The value of a sensitive variable never goes out;
    `secret_id` exists only in the stored document.
    """

    id: str = ""
    name: str = ""
    value: str | bool | int | float | None = None
    description: str | None = ""
    type: str | None = "String"
    scope: dict[str, list[str] | None] | None = field(default_factory=dict)
    is_editable: bool = True
    is_sensitive: bool = False
    prompt: Prompt | None = None
    secret_id: str | UnsetType = UNSET


class Reference(Wire):
    """Something a variable may be scoped to."""

    id: str
    name: str


class ProcessReference(Wire):
    """A process a variable may be scoped to."""

    id: str
    name: str
    process_type: str


class ScopeValues(Wire):
    """Everything the variables of a set may be scoped to."""

    environments: list[Reference] = field(default_factory=list)
    machines: list[Reference] = field(default_factory=list)
    actions: list[Reference] = field(default_factory=list)
    roles: list[Reference] = field(default_factory=list)
    channels: list[Reference] = field(default_factory=list)
    tenant_tags: list[Reference] = field(default_factory=list)
    tenants: list[Reference] = field(default_factory=list)
    processes: list[ProcessReference] = field(default_factory=list)


class VariableWarning(Wire):
    """Something about a variable that is probably not meant. `code`: duplicate, unreachable, ambiguous, short-secret."""

    code: str
    name: str
    message: str
    variable_ids: list[str] = field(default_factory=list)


class VariableSecret(Wire):
    """Whether a sensitive variable has a value. `stamp` is another one whenever the value was set anew; it says nothing of
    the value, and is empty for none."""

    variable_id: str
    is_set: bool
    stamp: str


class VariableSet(Resource):
    """The variables of an owner, saved together. `scope_values` are added on output, `warnings` (our own) to a set that was
    just saved."""

    owner_id: str = ""
    variables: list[Variable] = field(default_factory=list)
    scope_values: ScopeValues | None | UnsetType = UNSET
    warnings: list[VariableWarning] | None | UnsetType = UNSET


class ScopedVariables(Wire):
    """Variables that hold in one place only: they would go with it. Keys are owners, values names."""

    has_unauthorized_project_variables: bool = False
    has_unauthorized_library_variable_set_variables: bool = False
    variable_map: dict[str, list[str]] = field(default_factory=dict)
