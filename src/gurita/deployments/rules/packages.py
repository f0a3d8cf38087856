"""Which packages a deployment needs, in which version, and the step that brings them to the targets.

The step of acquisition has one action, and as its targets first the packages, then the machines: so its rows say of each
how far it is, and its window is `Octopus.Acquire.MaxParallelism`. It never decides alone: a step that finds a package missing on
its target brings it there itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from gurita.deployments.rules.scene import Machine, Scene
from gurita.deployments.rules.skipping import SkipCode
from gurita.deployments.rules.targeting import SERVER, select
from gurita.engine.plan import ON_SERVER, Frozen, Plan, PlanAction, PlanStep, Skip, Target
from gurita.kernel.ids import folded
from gurita.projects.resources import Action, PackageReference, Step

__all__ = [
    "ACQUIRE",
    "ACQUIRE_PARALLEL",
    "PlannedPackage",
    "acquisition",
    "as_data",
    "is_acquisition",
    "is_package",
    "packages_at",
    "packages_of",
    "settle_acquisition",
    "wanted_by",
    "with_acquisition",
]

ACQUIRE = "Gurita.AcquirePackages"
"""The type of the one action of the step of acquisition. No process can hold it."""

ACQUIRE_PARALLEL = 10
"""Packages and targets under way at once unless `Octopus.Acquire.MaxParallelism` says otherwise."""

_PACKAGE = "package:"
_KEY = "packages"


class PlannedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A package of an action, with everything settled when the deployment was planned.

    `name` is the reference's; `location` one of Server, ExecutionTarget and NotAcquired. `extract` is what the reference says.
    """

    name: str = ""
    package_id: str
    feed_id: str
    version: str
    location: str = "Server"
    extract: bool = True

    @property
    def acquired(self) -> bool:
        """Whether somebody fetches it at all."""
        return self.location != "NotAcquired"

    @property
    def key(self) -> str:
        """The same for every reference to the same package of the same feed."""
        return f"{_PACKAGE}{folded(self.feed_id)}/{folded(self.package_id)}/{self.version}"

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.package_id} {self.version}"


Problem = Callable[[str], None]


def packages_of(action: Action, scene: Scene, problem: Problem) -> tuple[PlannedPackage, ...]:
    """The packages of an action, expressions replaced. What cannot be told is a problem, a sentence each."""
    return tuple(
        found for each in action.packages if (found := _planned(action, each, scene, problem)) is not None
    )


def _planned(
    action: Action, reference: PackageReference, scene: Scene, problem: Problem
) -> PlannedPackage | None:
    name = reference.name or ""
    what = f"the package reference '{name}'" if name else "the package"
    package = scene.expand(reference.package_id or "").strip()
    location = _location(scene.expand(reference.acquisition_location or ""))
    if not package or "#{" in package:
        given = reference.package_id or ""
        problem(f"{what} names no package: '{given}' has no value in this deployment.")
        return None
    if location is None:
        problem(
            f"{what} is to be acquired at '{reference.acquisition_location}'. "
            "Use Server, ExecutionTarget or NotAcquired."
        )
        return None
    extract = _is_true(scene.expand(str(reference.properties.get("Extract") or "")))
    if extract and name and not _names_folder(name):
        problem(f"{what} is to be extracted, but '{name}' cannot name a folder. Give it a plain name.")
        return None
    feed = _feed(reference, scene)
    if feed is None:
        problem(f"{what} comes from the feed '{reference.feed_id}', which does not exist in this space.")
        return None
    version = _version(action, reference, scene)
    if version is None:
        problem(f"this release has no version of {what} '{package}'. Make a new release that selects one.")
        return None
    return PlannedPackage(
        name=name,
        package_id=package,
        feed_id=feed,
        version=version,
        location=location,
        extract=extract or not name,
    )


def _names_folder(name: str) -> bool:
    return name not in (".", "..") and not any(each in name for each in "/\\\0")


def _feed(reference: PackageReference, scene: Scene) -> str | None:
    wanted = scene.expand(reference.feed_id or "").strip()
    if scene.feeds is None:
        return wanted
    return scene.feeds.get(folded(wanted))


def _version(action: Action, reference: PackageReference, scene: Scene) -> str | None:
    if scene.versions is None:
        return reference.version or ""
    return scene.versions.get((action.id, folded(reference.name or "")), reference.version) or None


def _location(text: str) -> str | None:
    known = {
        "": "Server",
        "server": "Server",
        "executiontarget": "ExecutionTarget",
        "notacquired": "NotAcquired",
    }
    return known.get(text.strip().lower())


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"


def packages_at(planned: PlanAction) -> tuple[PlannedPackage, ...]:
    """The packages a planned action carries."""
    return tuple(msgspec.convert(each, PlannedPackage) for each in planned.data.get(_KEY, ()))


def as_data(found: Iterable[PlannedPackage]) -> dict[str, Any]:
    """How a planned action carries its packages; nothing if it has none."""
    listed = [msgspec.to_builtins(each) for each in found]
    return {_KEY: listed} if listed else {}


def is_acquisition(step: PlanStep) -> bool:
    """Whether this is the step that brings packages."""
    return step.actions[0].type == ACQUIRE


def is_package(target: Target) -> bool:
    """Whether a target of the step of acquisition is a package, and no machine."""
    return target.id.startswith(_PACKAGE)


def _needed(step: PlanStep) -> list[PlannedPackage]:
    """The packages somebody must fetch before this step runs."""
    if step.skip is not None and step.skip.code != SkipCode.NO_MATCHING_TARGET:
        return []
    return [
        each
        for action in step.actions
        if action.skip is None
        for each in packages_at(action)
        if each.acquired
    ]


def with_acquisition(steps: list[PlanStep], process: list[Step], window: int) -> list[PlanStep]:
    """The steps with the one that acquires packages in its place, if any package is needed after it.

    It stands before the first group with a step that needs a package or wants to come after acquisition. A step that wants to
    come before it does not call for it; what such a step needs it gets by itself.
    """
    calls = [
        step.group
        for step, said in zip(steps, process, strict=True)
        if (_needed(step) and said.package_requirement != "BeforePackageAcquisition") or _wants_after(said)
    ]
    if not calls:
        return steps
    group = min(calls)
    after = [step for step in steps if step.group >= group]
    packages = {each.key: each for step in after for each in _needed(step)}
    if not packages:
        return steps
    place = next(n for n, step in enumerate(steps) if step.group == group)
    made = acquisition(place, group, packages, window)
    later = [replace(step, index=step.index + 1, group=step.group + 1) for step in steps[place:]]
    machines = {t.id: t for step in after if _needed(step) for t in step.targets}
    made = replace(made, targets=(*made.targets, *machines.values()))
    return [*steps[:place], made, *later]


def _wants_after(step: Step) -> bool:
    return step.package_requirement == "AfterPackageAcquisition" or step.requires_packages_to_be_acquired


def acquisition(place: int, group: int, packages: Mapping[str, PlannedPackage], window: int) -> PlanStep:
    """The step itself. Its packages are its first targets."""
    action = PlanAction(
        index=0,
        id="acquire-packages",
        name="Acquire packages",
        number="",
        type=ACQUIRE,
        idempotent=True,
        data=as_data(packages.values()),
    )
    return PlanStep(
        index=place,
        id=action.id,
        name=action.name,
        number="",
        group=group,
        actions=(action,),
        targets=tuple(Target(id=key, name=each.title) for key, each in packages.items()),
        window=window,
    )


def settle_acquisition(plan: Plan, step: PlanStep, scene: Scene, machines: Iterable[Machine]) -> Frozen:
    """The packages, and the machines there are now that need any of them."""
    here = tuple(machines)
    wanted: dict[str, Target] = {}
    skipped: dict[str, Skip] = {}
    for later in plan.steps[step.index + 1 :]:
        if not _needed(later):
            continue
        if not later.roles:
            wanted[ON_SERVER] = SERVER
            continue
        found = select(later.roles, here, scene.choice, scene.policy)
        wanted |= {each.id: each for each in found.targets}
        skipped |= {each.id: each for each in found.skipped}
    packages = tuple(each for each in step.targets if is_package(each))
    return Frozen(targets=(*packages, *wanted.values()), window=step.window, skipped=tuple(skipped.values()))


def wanted_by(plan: Plan, step: PlanStep, target: Target) -> list[PlannedPackage]:
    """The packages the steps after that of acquisition need on a target, each once."""
    roles = {role.casefold() for role in target.roles}
    found: dict[str, PlannedPackage] = {}
    for later in plan.steps[step.index + 1 :]:
        tagged = bool(roles & {role.casefold() for role in later.roles})
        if tagged if later.roles else target.id.startswith((ON_SERVER, "Workers-")):
            found |= {each.key: each for each in _needed(later)}
    return list(found.values())
