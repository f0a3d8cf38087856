"""The variables that tell of packages and images (runtime formats 1.2). Where a package lies is told by the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gurita.deployments.rules import PlannedPackage, packages_at
from gurita.engine.plan import Plan, PlanAction
from gurita.feeds.service import Registry
from gurita.kernel.sensitive import Sensitive

__all__ = ["package_values"]

Found = dict[str, str | Sensitive]


def package_values(plan: Plan, current: PlanAction, registries: Mapping[str, Registry] = {}) -> Found:
    """Of every action of the plan under its name, of the current one without it too. `registries` are the feeds that hold images,
    by id; how to sign in there is told to the action that uses the image alone."""
    found: Found = {}
    for step in plan.steps:
        for action in step.actions:
            for package in packages_at(action):
                found |= _of(f"Octopus.Action[{action.name}].Package", package, registries)
    for package in packages_at(current):
        found |= _of("Octopus.Action.Package", package, registries)
        found |= _signing_in("Octopus.Action.Package", package, registries)
    return found


def _of(prefix: str, package: PlannedPackage, registries: Mapping[str, Registry]) -> Found:
    values = {
        "PackageId": package.package_id,
        "PackageVersion": package.version,
        "FeedId": package.feed_id,
    }
    registry = registries.get(package.feed_id)
    if registry is not None:
        values |= {
            "Image": registry.image(package.package_id, package.version),
            "Registry": registry.place,
            "Version": package.version,
        }
    return {f"{where}.{name}": value for where in _places(prefix, package) for name, value in values.items()}


def _signing_in(prefix: str, package: PlannedPackage, registries: Mapping[str, Registry]) -> Found:
    registry = registries.get(package.feed_id)
    if registry is None or not registry.username:
        return {}
    values: Found = {"Feed.UserName": registry.username}
    if registry.password is not None:
        values["Feed.Password"] = registry.password
    return {f"{where}.{name}": value for where in _places(prefix, package) for name, value in values.items()}


def _places(prefix: str, package: PlannedPackage) -> Iterator[str]:
    """The primary package stands under the empty name, and without brackets."""
    yield f"{prefix}[{package.name}]"
    if not package.name:
        yield prefix
