"""What build servers said of a release's packages, as variables of its notes (runtime formats 1.2).

Collections are JSON, which the language loops over and reaches into: `#{Octopus.Release.Builds[0].BuildNumber}`. What nobody said is not there,
so that a condition on it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from gurita.build_information.resources import BuildInformation, CommitDetails, WorkItem

__all__ = ["commit_facts", "release_facts", "work_item_facts"]

_BUILD = (
    "build_url",
    "branch",
    "build_environment",
    "build_number",
    "vcs_root",
    "vcs_type",
    "vcs_commit_number",
    "vcs_commit_url",
)


def release_facts(
    packages: Sequence[tuple[str, str]], said: Mapping[tuple[str, str], BuildInformation]
) -> dict[str, str]:
    """The variables of the packages (id and version) of a release, each package once, and of the builds they are from."""
    found: dict[str, str] = {}
    builds: dict[tuple[str | None, ...], dict[str, Any]] = {}
    items: dict[str, dict[str, str]] = {}
    for id, version in dict.fromkeys(packages):
        place = f"Octopus.Release.Package[{id}]"
        found |= {f"{place}.PackageId": id, f"{place}.Version": version}
        info = said.get((id, version))
        if info is None:
            continue
        commits, own = list(map(commit_facts, info.commits)), list(map(work_item_facts, info.work_items))
        found |= _collections({f"{place}.Commits": commits, f"{place}.WorkItems": own})
        items |= {each["Id"]: each for each in own if each["Id"] not in items}
        values = tuple(getattr(info, name) for name in _BUILD)
        build = builds.setdefault(values, {"Packages": []} | _build(values))
        build["Packages"].append({"PackageId": id, "Version": version})
    return found | _collections(
        {"Octopus.Release.Builds": list(builds.values()), "Octopus.Release.WorkItems": list(items.values())}
    )


def commit_facts(commit: CommitDetails) -> dict[str, str]:
    """A commit by the names it has in notes."""
    return {
        "CommitId": commit.id,
        "Id": commit.id,
        "LinkUrl": commit.link_url or "",
        "Comment": commit.comment or "",
    }


def work_item_facts(item: WorkItem) -> dict[str, str]:
    """A work item by the names it has in notes."""
    return {
        "Id": item.id,
        "LinkUrl": item.link_url or "",
        "Description": item.description or "",
        "Source": item.source or "",
    }


def _build(values: Iterable[str | None]) -> dict[str, str]:
    names = ("".join(word.capitalize() for word in name.split("_")) for name in _BUILD)
    return {name: value or "" for name, value in zip(names, values, strict=True)}


def _collections(found: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    return {name: msgspec.json.encode(each).decode() for name, each in found.items() if each}
