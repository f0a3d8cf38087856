"""Rows of the journal as the walk sees them."""

from __future__ import annotations

from dataclasses import dataclass

from gurita.engine.plan import Frozen
from gurita.engine.states import ACTIVE_ACTIONS

__all__ = ["LOOK", "ActionRow", "Place", "StepRow"]

LOOK = "look-"
"""Tickets of actions that begin nothing on a target begin like this: no target knows them."""

Place = tuple[int, int, str]
"""Step index, action index, target id: where in the plan an action stands."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that has begun. `state`: Running, Success, Failed, Skipped or Canceled."""

    step: int
    state: str
    frozen: Frozen


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One attempt at an action on a target. `resolution` is a person's word on its failure:
    `pending` while asked, then `retry`, `ignore`, `exclude` or `fail`. `offset` is where the log goes on."""

    number: int
    step: int
    action: int
    target: str
    attempt: int
    state: str
    ticket: str
    resolution: str | None = None
    store_id: str = ""
    boot_id: str = ""
    begun: int = 0
    offset: int = 0
    parser: bytes = b""
    completed: int | None = None
    rc: int | None = None
    error: str | None = None

    @property
    def place(self) -> Place:
        return self.step, self.action, self.target

    @property
    def active(self) -> bool:
        return self.state in ACTIVE_ACTIONS
