"""The one evaluator of permissions: nothing else decides who may do what.

A user's grants are the union of what their teams were given: each grant is a role (a set of permissions) in one space or
in the system, narrowed to projects, project groups, environments and tenants. Within a grant all dimensions must fit;
between grants one that fits is enough. What lies in several environments or tenants at once needs the permission in every
one of them (to be seen, in one of them); each may come from another grant.

An empty dimension of a grant means all. Projects and project groups are one dimension, named in two ways. A dimension the
permission cannot be restricted by is not applied to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gurita.kernel.permissions import PERMISSIONS, Permission
from gurita.kernel.places import ANYWHERE, Place, Scope, reached

__all__ = ["NO_GRANTS", "Grant", "Grants", "Holding", "may", "scopes_of", "spaces_of", "teams_that_may"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to a team: `space` is an id, or "" for the system. `team` and `role` are ids, for explanations."""

    permissions: frozenset[str]
    space: str
    scope: Scope = field(default_factory=Scope)
    team: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Grants:
    """All that was given to a user, from whichever team.

    An administrator may do everything, everywhere but in `private` spaces: there, what was given counts.
    """

    administrator: bool = False
    given: tuple[Grant, ...] = ()
    private: frozenset[str] = frozenset()


NO_GRANTS = Grants()


class Holding:
    """Grants that remember what was found in them: nobody evaluates twenty roles anew for each request.

    `kept` is for what others make of these scopes, such as conditions of lists; it lives as long as the grants are believed.
    `inside` are the ids of the spaces in which anything was given.
    """

    __slots__ = ("_scopes", "grants", "inside", "kept")

    def __init__(self, grants: Grants) -> None:
        self.grants = grants
        self.kept: dict[Any, Any] = {}
        self.inside = spaces_of(grants)
        self._scopes: dict[tuple[str, str | None], tuple[Scope, ...]] = {}

    def __call__(self, permission: str, space: str | None) -> tuple[Scope, ...]:
        """See `scopes_of`."""
        found = self._scopes.get((permission, space))
        if found is None:
            found = self._scopes[permission, space] = tuple(scopes_of(self.grants, permission, space))
        return found

    def may(self, permission: str, space: str | None) -> bool:
        """Whether a permission is held somewhere in a space; see `may`."""
        return bool(self(permission, space))


def may(
    grants: Grants, permission: str, space: str | None, place: Place = ANYWHERE, *, somewhere: bool = False
) -> bool:
    """Whether the grants hold a permission in a space (its id), in the system (""), or anywhere at all (None).

    `place` says where in the space; left out, it is enough to hold the permission somewhere in it. `somewhere` asks for
    one of the place's environments and tenants instead of all. An unknown permission is held by nobody.
    """
    if permission not in PERMISSIONS:
        return False
    return reached(scopes_of(grants, permission, space), place, somewhere=somewhere)


def scopes_of(grants: Grants, permission: str, space: str | None) -> Iterator[Scope]:
    """The scopes within which a permission is held in a space: what lists turn into SQL."""
    known = PERMISSIONS.get(permission)
    if known is None:
        return
    if grants.administrator and space not in grants.private:
        yield Scope()
        return
    for grant in grants.given:
        if permission in grant.permissions and _fits(grant, known, space):
            yield applied(grant.scope, known)


def spaces_of(grants: Grants) -> frozenset[str]:
    """The ids of the spaces in which anything was given."""
    return frozenset(
        grant.space
        for grant in grants.given
        if grant.space
        and any((known := PERMISSIONS.get(name)) is not None and known.space for name in grant.permissions)
    )


def applied(scope: Scope, permission: Permission) -> Scope:
    """A scope without the dimensions the permission cannot be restricted by."""
    dimensions = permission.restrictions
    return Scope(
        projects=scope.projects if "Projects" in dimensions else frozenset(),
        groups=scope.groups if "ProjectGroups" in dimensions else frozenset(),
        environments=scope.environments if "Environments" in dimensions else frozenset(),
        tenants=scope.tenants if "Tenants" in dimensions else frozenset(),
        explicit_tenant=permission.explicit_tenant,
    )


def _fits(grant: Grant, permission: Permission, space: str | None) -> bool:
    """A system permission counts in the system alone; one of spaces counts in the grant's own space.

    One that cannot be divided counts only where the grant is for all of the space.
    """
    if space is None:
        return True
    if grant.space:
        return grant.space == space and (grant.scope.everything or not permission.undivided)
    return space == "" and permission.system


def teams_that_may(grants: Iterable[Grant], permission: str, space: str, place: Place) -> list[str]:
    """The ids of the teams whose grants would do: what a refusal tells, so that one knows whom to ask."""
    holders = (
        grant.team for grant in grants if may(Grants(given=(grant,)), permission, space, place) and grant.team
    )
    return sorted(set(holders))
