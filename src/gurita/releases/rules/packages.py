"""Which packages a release needs a version of, and how clients say which (api.md 5, executions API)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gurita.formats.versions import VersionError, parse
from gurita.kernel.ids import folded
from gurita.projects.resources import Action, DeploymentProcess, PackageReference, Step
from gurita.projects.rules import is_expression
from gurita.releases.resources import SelectedPackage

__all__ = ["Wanted", "chosen", "missing", "resolved", "selected", "wanted_packages", "without"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A package of an action. `fixed` is a version the process itself names."""

    step: Step
    action: Action
    package: PackageReference
    fixed: str

    @property
    def reference(self) -> str:
        """The name of the reference; "" is the primary package."""
        return self.package.name or ""

    def is_chosen_by(self, one: SelectedPackage) -> bool:
        """Whether a release's choice is about this package: action by name, slug or id, in any case."""
        names = {folded(n) for n in (self.action.name, self.action.slug, self.action.id, self.step.name)}
        same_reference = folded(one.package_reference_name or "") == folded(self.reference)
        return same_reference and folded(one.action_name or one.step_name or "") in names

    @property
    def is_resolvable(self) -> bool:
        """Whether its feed can be asked: an expression is known only when the release is deployed."""
        return not any(is_expression(text or "") for text in (self.package.package_id, self.package.feed_id))


def wanted_packages(process: DeploymentProcess, channel_id: str | None = None) -> list[Wanted]:
    """Every package of an action that is not disabled, in the order of the process; with a channel, of actions that run in it."""
    return [
        Wanted(step, action, package, package.version or "")
        for step in process.steps
        for action in step.actions
        if not action.is_disabled and (channel_id is None or channel_id in (action.channels or [channel_id]))
        for package in action.packages
    ]


def chosen(
    packages: Sequence[Wanted], lines: Sequence[str], default: str | None = None
) -> tuple[list[SelectedPackage], list[str]]:
    """The choices that lines such as `Step:1.0`, `Step:Reference:1.0`, `PackageId:1.0` and `*:1.0` make, and what is
    wrong with them. The more exact line wins over `*`, and `*` over the `default` version."""
    problems: list[str] = _version_problem(default) if default else []
    problems = [f"PackageVersion: {problem}." for problem in problems]
    versions: dict[int, tuple[int, str]] = {}
    for place, line in enumerate(lines):
        parts = [part.strip() for part in line.replace("=", ":").split(":")]
        if not 2 <= len(parts) <= 3:
            problems.append(
                f"Packages[{place}]: '{line}' is not Step:Version, Step:Package:Version or *:Version."
            )
            continue
        problems += [f"Packages[{place}]: the version {problem}." for problem in _version_problem(parts[-1])]
        hits = list(_hits(packages, parts[:-1]))
        if not hits and parts[:-1] != ["*"]:
            problems.append(f"Packages[{place}]: no step and no package is called '{':'.join(parts[:-1])}'.")
        for number, strength in hits:
            if strength >= versions.get(number, (0, ""))[0]:
                versions[number] = strength, parts[-1]
    found = []
    for number, package in enumerate(packages):
        version = versions.get(number, (0, package.fixed or default or ""))[1]
        if version:
            found.append(selected(package, version))
    return found, problems


def _hits(packages: Sequence[Wanted], names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of packages the names mean, and how exactly: `*` 1, package id 2, step 3, step and reference 4."""
    first = folded(names[0])
    for number, wanted in enumerate(packages):
        steps = {folded(wanted.action.name), folded(wanted.step.name), folded(wanted.action.slug)}
        ids = {folded(wanted.package.package_id or "")}
        if len(names) == 2:
            second = folded(names[1])
            reference = {folded(wanted.reference), folded(wanted.package.package_id or "")}
            if (first == "*" or first in steps | ids) and (second == "*" or second in reference):
                yield number, 4 if first != "*" else 2
        elif first in steps:
            yield number, 3
        elif first in ids:
            yield number, 2
        elif first == "*":
            yield number, 1


def _version_problem(version: str) -> list[str]:
    """What no kind of feed has as a version. Each feed knows better which of the others it has."""
    try:
        parse(version)
    except VersionError as error:
        return [str(error)]
    return []


def selected(wanted: Wanted, version: str) -> SelectedPackage:
    """A release's choice of a version for a package."""
    return SelectedPackage(
        action_name=wanted.action.name,
        step_name=wanted.step.name,
        package_reference_name=wanted.reference,
        version=version,
    )


def resolved(packages: Sequence[Wanted], given: Iterable[SelectedPackage]) -> list[SelectedPackage]:
    """A client's choices with the step's and the action's names as the process has them, and fixed versions where nothing
    was chosen; others stay as they are."""
    found = []
    for one in given:
        match = next((w for w in packages if w.is_chosen_by(one)), None)
        found.append(selected(match, one.version) if match else one)
    have = {(folded(s.action_name), folded(s.package_reference_name or "")) for s in found}
    fixed = [w for w in packages if w.fixed and (folded(w.action.name), folded(w.reference)) not in have]
    return [*found, *(selected(w, w.fixed) for w in fixed)]


def without(packages: Sequence[Wanted], given: Sequence[SelectedPackage]) -> list[Wanted]:
    """The packages no version was chosen for."""
    return [wanted for wanted in packages if not any(wanted.is_chosen_by(one) for one in given)]


def missing(packages: Sequence[Wanted], given: Sequence[SelectedPackage]) -> list[str]:
    """What is wrong with a release's choices: packages without a version, and versions that are none."""
    problems = [
        f"SelectedPackages[{place}].Version: {problem}."
        for place, one in enumerate(given)
        for problem in _version_problem(one.version)
    ]
    for wanted in without(packages, given):
        package = wanted.package.package_id or wanted.reference
        problems.append(
            f"SelectedPackages: step '{wanted.action.name}' needs a version of the package '{package}'. "
            "Give one for each package."
        )
    return problems
