"""The variables that tell of packages (runtime formats 1.2). Where a package lies is told by the target."""

from __future__ import annotations

from collections.abc import Iterator

from gurita.deployments.rules import PlannedPackage, packages_at
from gurita.engine.plan import Plan, PlanAction

__all__ = ["package_values"]


def package_values(plan: Plan, current: PlanAction) -> dict[str, str]:
    """Of every action of the plan under its name, of the current one without it too."""
    found: dict[str, str] = {}
    for step in plan.steps:
        for action in step.actions:
            for package in packages_at(action):
                found |= _of(f"Octopus.Action[{action.name}].Package", package)
    for package in packages_at(current):
        found |= _of("Octopus.Action.Package", package)
    return found


def _of(prefix: str, package: PlannedPackage) -> dict[str, str]:
    values = {
        "PackageId": package.package_id,
        "PackageVersion": package.version,
        "FeedId": package.feed_id,
    }
    return {f"{where}.{name}": value for where in _places(prefix, package) for name, value in values.items()}


def _places(prefix: str, package: PlannedPackage) -> Iterator[str]:
    """The primary package stands under the empty name, and without brackets."""
    yield f"{prefix}[{package.name}]"
    if not package.name:
        yield prefix
