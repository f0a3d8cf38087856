"""The packages of an action: a list of references, and the older properties that say the same of the primary one.

Clients use either (api.md 4). A reference in `Packages` wins; both say the same once a process is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from gurita.kernel.ids import folded
from gurita.projects.resources import Action, DeploymentProcess, PackageReference
from gurita.projects.rules.settings import is_expression, text

__all__ = [
    "DOWNLOAD",
    "FEED",
    "LOCATIONS",
    "PACKAGE",
    "is_deferred",
    "package_problems",
    "with_feeds",
    "with_packages",
]

PACKAGE = "Octopus.Action.Package.PackageId"
FEED = "Octopus.Action.Package.FeedId"
DOWNLOAD = "Octopus.Action.Package.DownloadOnTentacle"

LOCATIONS = ("Server", "ExecutionTarget", "NotAcquired")
"""Where a package is acquired."""

_OF_PROPERTY = {"true": "ExecutionTarget", "notacquired": "NotAcquired", "false": "Server", "": "Server"}
_TO_PROPERTY = {"Server": "False", "ExecutionTarget": "True", "NotAcquired": "NotAcquired"}
_LONGEST = 500


def with_packages(action: Action, guid: Callable[[], str]) -> Action:
    """The action with its primary package both in `packages` and in its properties; ids where they are missing."""
    packages = [_whole(each, guid) for each in action.packages]
    place = next((k for k, each in enumerate(packages) if not each.name), None)
    primary = _primary(action, None if place is None else packages[place], guid)
    if primary is None:
        return replace(action, packages=packages)
    if place is None:
        packages.insert(0, primary)
    else:
        packages[place] = primary
    location = primary.acquisition_location or ""
    said = {
        PACKAGE: primary.package_id or "",
        FEED: primary.feed_id or "",
        DOWNLOAD: _TO_PROPERTY.get(location, location),
    }
    return replace(action, packages=packages, properties={**action.properties, **said})


def _whole(reference: PackageReference, guid: Callable[[], str]) -> PackageReference:
    location = (reference.acquisition_location or "").strip() or "Server"
    known = {each.lower(): each for each in LOCATIONS}
    return replace(
        reference,
        id=reference.id or guid(),
        name=(reference.name or "").strip(),
        package_id=(reference.package_id or "").strip(),
        feed_id=(reference.feed_id or "").strip(),
        acquisition_location=known.get(location.lower(), location),
    )


def _primary(
    action: Action, listed: PackageReference | None, guid: Callable[[], str]
) -> PackageReference | None:
    """The primary reference: as it is listed, else as the properties have it."""
    package, feed = text(action.properties, PACKAGE).strip(), text(action.properties, FEED).strip()
    if listed is not None and listed.package_id:
        return replace(listed, feed_id=listed.feed_id or feed)
    if not package:
        return None
    said = text(action.properties, DOWNLOAD).strip()
    location = _OF_PROPERTY.get(said.lower(), said)
    if listed is not None:
        return replace(listed, package_id=package, feed_id=listed.feed_id or feed)
    return PackageReference(
        id=guid(),
        package_id=package,
        feed_id=feed,
        acquisition_location=location,
        properties={"SelectionMode": "immediate"},
    )


def is_deferred(reference: PackageReference) -> bool:
    """Whether the package is chosen where the template of this step is used."""
    return str(reference.properties.get("SelectionMode") or "").lower() == "deferred"


def package_problems(where: str, action: Action) -> Iterator[str]:
    """What is wrong with an action's references. Whether a feed exists is asked elsewhere."""
    seen: set[str] = set()
    for k, package in enumerate(action.packages):
        member = f"{where}.Packages[{k}]"
        name = folded(package.name or "")
        if name in seen:
            yield f"{member}.Name: another package reference has the same name."
        seen.add(name)
        if len(name) > _LONGEST:
            yield f"{member}.Name: is longer than {_LONGEST} characters."
        if not package.package_id and not is_deferred(package):
            yield f"{member}.PackageId: must not be empty. Name the package, or an expression such as #{{Package}}."
        location = package.acquisition_location or ""
        if location not in LOCATIONS and not is_expression(location):
            known = ", ".join(LOCATIONS)
            yield f"{member}.AcquisitionLocation: '{location[:60]}' is not known. Use one of {known}, or an expression."


def with_feeds(
    process: DeploymentProcess, find: Callable[[str], str | None]
) -> tuple[DeploymentProcess, list[str]]:
    """The process with the ids of its feeds, however they were named, and what names none. `find` gives the id of a feed by
    id, slug or name; "" is asked of it too, and stays where it knows nothing. Expressions stay as they are."""
    problems: list[str] = []

    def id_of(where: str, named: str) -> str:
        if is_expression(named):
            return named
        found = find(named)
        if found is None and named:
            problems.append(f"{where}.FeedId: '{named}' is no feed of this space. Use one by its id.")
        return found or named

    def action_of(where: str, action: Action) -> Action:
        packages = [
            replace(each, feed_id=id_of(f"{where}.Packages[{k}]", each.feed_id or ""))
            for k, each in enumerate(action.packages)
        ]
        primary = next((each for each in packages if not each.name), None)
        said = {} if primary is None else {FEED: primary.feed_id or ""}
        return replace(action, packages=packages, properties={**action.properties, **said})

    steps = []
    for i, step in enumerate(process.steps):
        actions = [action_of(f"Steps[{i}].Actions[{j}]", each) for j, each in enumerate(step.actions)]
        steps.append(replace(step, actions=actions))
    return replace(process, steps=steps), problems
