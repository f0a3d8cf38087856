"""API shapes of `gurita/releases/{id}/variable-changes`. They are our own."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.http.wire import Wire

__all__ = ["TakeVariableChanges", "TakenChange", "VariableChange", "VariableChanges", "VariableState"]


class VariableState(Wire):
    """A value as it is on one side. Sensitive ones are never told; `scope` has names where the reader may know them."""

    name: str
    value: str | None
    type: str
    is_sensitive: bool
    is_prompted: bool
    scope: dict[str, list[str]] = field(default_factory=dict)


class VariableChange(Wire):
    """A value that is not as the release has it. `members` says what differs: Name, Value, Type, Scope, Prompt, Description."""

    set_id: str
    set_name: str
    variable_id: str
    name: str
    change: Literal["Added", "Removed", "Changed"]
    members: list[str] = field(default_factory=list)
    before: VariableState | None = None
    after: VariableState | None = None


class VariableChanges(Wire):
    """What of a release's variables has changed since they were frozen.

    `hidden` counts changes the reader may not see. `other`: sets differ in more than single values, such as in the order of rows.
    `digest` stands for both sides: whoever takes values says it, so that nobody takes what they have not seen.
    """

    release_id: str
    digest: str
    changes: list[VariableChange] = field(default_factory=list)
    hidden: int = 0
    other: bool = False


class TakenChange(Wire):
    """One of the changes."""

    set_id: str
    variable_id: str


class TakeVariableChanges(Wire):
    """`POST …/variable-changes`: the changes to take; everything else stays as the release has it."""

    digest: str
    take: list[TakenChange] = field(default_factory=list)
    take_hidden: bool = False
