"""Viewers whose permissions reach a part of a space only, and a space with two of everything for them to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from gurita.access.rules.evaluating import Grant, Grants, Holding
from gurita.http.context import Viewer
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import Scope
from tests.helpers import House

__all__ = ["EVERYTHING", "Two", "limit", "limited", "scope", "two_of_everything"]

EVERYTHING = frozenset(name for name, one in PERMISSIONS.items() if one.space)


def scope(
    *,
    projects: Iterable[str] = (),
    groups: Iterable[str] = (),
    environments: Iterable[str] = (),
    tenants: Iterable[str] = (),
) -> Scope:
    """A scope from lists of ids."""
    return Scope(frozenset(projects), frozenset(groups), frozenset(environments), frozenset(tenants))


def limited(viewer: Viewer, *grants: Grant) -> Viewer:
    """The same person with nothing but these grants."""
    given = Grants(given=grants)
    return replace(viewer, may=Holding(given).may, held=Holding(given))


def limit(house: House, *scopes: Scope, permissions: Iterable[str] = EVERYTHING) -> None:
    """From now on the caller holds the permissions within these scopes of the default space."""
    given = [Grant(frozenset(permissions), "Spaces-1", one) for one in scopes]
    house.viewer = limited(house.viewer, *given)


@dataclass(frozen=True)
class Two:
    """Ids of what the space has: the first and the second of each kind."""

    environments: tuple[str, str]
    groups: tuple[str, str]
    projects: tuple[str, str]
    machines: tuple[str, str, str]
    releases: tuple[str, str]


async def two_of_everything(house: House) -> Two:
    """Two environments with a machine each and one in both, two groups with a project and a release each."""
    made: dict[str, list[str]] = {}

    async def add(kind: str, body: Any) -> str:
        id = str((await house.post(kind, body))["Id"])
        made.setdefault(kind.partition("/")[0], []).append(id)
        return id

    for name in ("Dev", "Prod"):
        await add("environments", {"Name": name})
    dev, prod = made["environments"]
    cycle = await add("lifecycles", {"Name": "Both"})
    for name, ids in (("web-dev", [dev]), ("web-prod", [prod]), ("web-both", [dev, prod])):
        await add("machines", machine(name, ids))
    for name in ("One", "Two"):
        group = await add("projectgroups", {"Name": name})
        project = await add("projects", {"Name": name, "ProjectGroupId": group, "LifecycleId": cycle})
        await add("releases", {"ProjectId": project, "Version": "1.0.0"})

    def pair(kind: str) -> tuple[str, str]:
        one, other = made[kind]
        return one, other

    one, other, both = made["machines"]
    return Two(
        pair("environments"), pair("projectgroups"), pair("projects"), (one, other, both), pair("releases")
    )


def machine(name: str, environments: list[str]) -> dict[str, Any]:
    """A machine nobody ever dials."""
    return {
        "Name": name,
        "Roles": ["web"],
        "EnvironmentIds": environments,
        "IsDisabled": True,
        "Endpoint": {"CommunicationStyle": "None"},
        "SkipInitialHealthCheck": True,
    }
