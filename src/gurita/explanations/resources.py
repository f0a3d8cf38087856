"""What explaining answers with. Our own addition to the contract."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.http.wire import Wire

__all__ = ["Candidate", "ExplainQuery", "Mention", "Source", "VariableExplanation", "VariableExplanations"]

Source = Literal["Variable", "Prompt", "Output", "System", "Property", "Later", "Hidden", "None"]
"""Where a value is from. Later: the server or a target may set it when a deployment runs."""


class ExplainQuery(Wire):
    """Where values are asked for: ids, slugs or names. One of project, release and deployment must be given; the release's
    and the deployment's variables are those that were frozen. Without `name` all names are explained."""

    project: str = ""
    release: str = ""
    deployment: str = ""
    name: str = ""
    environment: str = ""
    machine: str = ""
    role: list[str] = field(default_factory=list)
    step: str = ""
    action: str = ""
    channel: str = ""
    tenant: str = ""
    as_of: str = ""
    """A moment: the values and included sets of the project are those of then. Machines, steps and their tags are today's."""


class Candidate(Wire):
    """A value a variable might have had. `row` counts from 1 within its set, `ranks` from 1 (a step) to 11 (unscoped)."""

    variable_id: str
    set_id: str
    set_name: str
    row: int
    value: str | None
    is_sensitive: bool
    scope: dict[str, list[str]]
    ranks: list[int]
    is_winner: bool
    reason: str
    sentence: str


class Mention(Wire):
    """A variable that a value mentions, itself or through others. `within` is the variable whose text mentions it."""

    path: str
    within: str
    name: str
    source: Source
    value: str | None
    is_sensitive: bool
    sentence: str


class VariableExplanation(Wire):
    """One variable. `template` is its text as it was written, `value` what becomes of it; both are null for what is
    sensitive or may not be seen, and other values show `********` in its place."""

    name: str
    source: Source
    sentence: str
    value: str | None = None
    template: str | None = None
    type: str = "String"
    is_sensitive: bool = False
    is_tied: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    references: list[Mention] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    error: str = ""


class VariableExplanations(Wire):
    """All that was asked for, by name. `place` says where, in names. `gone_sets` are ids of variable sets that were included at
    the moment that was asked for and are no more: their values are missing."""

    place: dict[str, str]
    variables: list[VariableExplanation]
    truncated: bool = False
    gone_sets: list[str] = field(default_factory=list)
