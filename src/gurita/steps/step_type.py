"""What every step type tells planning and execution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gurita.formats.variables import Variables
from gurita.kernel.errors import GuritaError
from gurita.runner.package_work import STRICT, InstalledAs, Package, PackageWork, Retained

__all__ = ["NotHere", "PackagedWork", "ScriptWork", "StepContext", "StepPackage", "StepType", "late_text"]

_OPEN = re.compile(r"#\{(?!octopus\.)[^}]*\}", re.IGNORECASE)


class NotHere(GuritaError):
    """This action cannot run on this target; says why and what would help."""


@dataclass(frozen=True, slots=True)
class StepPackage:
    """A package of the action, under the name of its reference ("" is the primary one). `brought` is None for one that
    nobody acquires."""

    name: str
    package_id: str
    version: str
    extract: bool = True
    brought: Package | None = None


@dataclass(frozen=True, slots=True)
class StepContext:
    """Where and with what an action runs. `properties` are as written: the type evaluates what it reads.

    `shells` are the interpreters of the target with their versions; `has_runner` is false without Python there. `environment`
    and `tenant` are names, `installed_as` has the ids. `skip_if_installed` is the project's default; `redeploy` says that
    somebody asked to install again what is installed; `retained` is how many installations stay on the target.
    """

    action: str
    properties: Mapping[str, str]
    variables: Variables
    shells: Mapping[str, str] = field(default_factory=dict)
    has_runner: bool = True
    packages: tuple[StepPackage, ...] = ()
    environment: str = ""
    tenant: str = ""
    installed_as: InstalledAs = field(default_factory=InstalledAs)
    skip_if_installed: bool = False
    redeploy: bool = False
    retained: Retained = field(default_factory=Retained)

    @property
    def primary(self) -> StepPackage | None:
        """The package without a name."""
        return next((each for each in self.packages if not each.name), None)

    def text(self, name: str, instead: str = "") -> str:
        """A setting of the action, evaluated: its property, or else the variable of that name."""
        written = self.properties.get(name)
        if written is None:
            return self.variables.value(name) or instead
        return self.variables.evaluate(written).text

    def flag(self, name: str, *, instead: bool = False) -> bool:
        """A setting as yes or no."""
        said = self.text(name).strip().lower()
        return said == "true" if said else instead

    def warnings(self, complaint: str) -> tuple[str, ...]:
        """What an evaluation complains of as a sentence for the log; none for none. Raises NotHere where that is a failure."""
        if not complaint:
            return ()
        told = complaint.rstrip(".") + "."
        if (self.variables.value(STRICT) or "").strip().lower() == "true":
            raise NotHere(f"{told} The variable {STRICT} makes that a failure.")
        return (told,)


@dataclass(frozen=True, slots=True)
class ScriptWork:
    """A script to run on a target. `warnings` go to the log before it."""

    interpreter: str
    script: str
    arguments: tuple[str, ...] = ()
    fail_on_stderr: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackagedWork:
    """Work with packages: the document the target's conventions go by. `warnings` go to the log before it."""

    document: PackageWork
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

    def work(self, context: StepContext) -> ScriptWork | PackagedWork:
        """What the target shall run. Raises NotHere, and VariableError for text that cannot be evaluated."""


def late_text(context: StepContext, name: str) -> str:
    """A setting whose names are known here, or begin with `Octopus.` and are left to the target. Raises NotHere."""
    text = context.text(name)
    if left := _OPEN.search(text):
        raise NotHere(f"{name}: {left.group()} has no value here. Define it, or correct its name.")
    return text
