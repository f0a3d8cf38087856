"""What every step type tells planning and execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gurita.formats.variables import Variables
from gurita.kernel.errors import GuritaError

__all__ = ["NotHere", "ScriptWork", "StepContext", "StepType"]


class NotHere(GuritaError):
    """This action cannot run on this target; says why and what would help."""


@dataclass(frozen=True, slots=True)
class StepContext:
    """Where and with what an action runs. `properties` are as written: the type evaluates what it reads.

    `shells` are the interpreters of the target with their versions; `has_runner` is false without Python there.
    """

    action: str
    properties: Mapping[str, str]
    variables: Variables
    shells: Mapping[str, str] = field(default_factory=dict)
    has_runner: bool = True


@dataclass(frozen=True, slots=True)
class ScriptWork:
    """A script to run on a target. `warnings` go to the log before it."""

    interpreter: str
    script: str
    arguments: tuple[str, ...] = ()
    fail_on_stderr: bool = False
    warnings: tuple[str, ...] = ()


class StepType(Protocol):
    """One type of action."""

    name: str
    server_only: bool
    idempotent: bool

    def needs_python(self, properties: Mapping[str, str]) -> bool:
        """Whether an action cannot run on a target without Python."""

    def check(self, properties: Mapping[str, str]) -> list[str]:
        """What of an action this server cannot do, one sentence each; empty when it can run."""

    def work(self, context: StepContext) -> ScriptWork:
        """What the target shall run. Raises NotHere, and VariableError for text that cannot be evaluated."""
