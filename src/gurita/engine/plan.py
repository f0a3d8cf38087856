"""A plan: the steps of a task as data, seen before it runs and kept with the task.

Pure shapes. Who runs where is only settled when a step begins: then a `Frozen` row keeps its condition's
result, its targets and its window, and a resumed task goes by that row.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = ["ON_SERVER", "Condition", "Frozen", "Plan", "PlanAction", "PlanStep", "Skip", "Target"]

Condition = Literal["Success", "Failure", "Always", "Variable"]

ON_SERVER = "server"
"""The target id of an action that runs on the server itself."""


class Skip(msgspec.Struct, frozen=True, kw_only=True):
    """Why something does not run: a code for machines, a sentence for people, and what was skipped."""

    code: str
    reason: str
    id: str = ""
    name: str = ""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where an action runs: a machine, or the server (`id == ON_SERVER`)."""

    id: str
    name: str
    roles: tuple[str, ...] = ()


class PlanAction(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do on each target of its step.

    `retries` more attempts after a failure, `backoff` seconds before each; `timeout` seconds, 0 is none.
    `idempotent` actions may be retried by themselves even when nobody knows whether they ran (`lost`).
    `properties` and `data` are the step type's own business.
    """

    index: int
    id: str
    name: str
    number: str
    type: str
    on_server: bool = False
    retries: int = 0
    backoff: float = 0
    timeout: float = 0
    idempotent: bool = False
    skip: Skip | None = None
    properties: dict[str, str] = {}
    data: dict[str, Any] = {}


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step. Steps of one `group` run side by side; groups run in order.

    `window` is how many targets may be under way at once; a target's actions run in order before its place in
    the window is given up. `targets` and `skipped` are what the plan foresees; `freeze` settles them.
    """

    index: int
    id: str
    name: str
    number: str
    group: int
    actions: tuple[PlanAction, ...]
    condition: Condition = "Success"
    expression: str = ""
    roles: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    skipped: tuple[Skip, ...] = ()
    window: int = 10
    required: bool = False
    skip: Skip | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a task will do.

    `guided`: a failure asks a person instead of failing. `guided_off`: somebody said explicitly that nobody
    shall be asked, not even for a lost action. `errors` keep the task from starting at all.
    """

    steps: tuple[PlanStep, ...]
    parallel_steps: int = 10
    guided: bool = False
    guided_off: bool = False
    errors: tuple[str, ...] = ()
    data: dict[str, Any] = {}


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """What was settled when a step began; never changes afterwards.

    `skip` means the whole step does not run.
    """

    targets: tuple[Target, ...] = ()
    window: int = 10
    skipped: tuple[Skip, ...] = ()
    skip: Skip | None = None
