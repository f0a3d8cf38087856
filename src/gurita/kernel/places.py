"""Where something lies within a space, and how much of a space a grant reaches: the four dimensions of permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

__all__ = ["ANYWHERE", "Place", "Scope", "Spot", "reached"]

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """One project, environment and tenant; None and "" as in `Place`."""

    project: str | None = None
    group: str | None = None
    environment: str | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies. None: it has no such dimension (a feed has no environment), or nobody asks for it.

    "" or an empty set: it has the dimension and lies in none of it (an untenanted deployment). Several: it lies in all
    of them at once (a machine of two environments). `group` is the project's own.
    """

    project: str | None = None
    group: str | None = None
    environments: frozenset[str] | None = None
    tenants: frozenset[str] | None = None

    @property
    def words(self) -> str:
        """As a sentence says it: `project Projects-1, environment Environments-2`; "" for nowhere in particular."""
        group = self.group if self.project is None else None
        return _worded(
            ("project", None if self.project is None else {self.project}),
            ("project group", None if group is None else {group}),
            ("environment", self.environments),
            ("tenant", self.tenants),
        )

    @property
    def spots(self) -> Iterator[Spot]:
        """The single spots it consists of: one an environment and tenant."""
        for environment, tenant in product(_all_of(self.environments), _all_of(self.tenants)):
            yield Spot(self.project, self.group, environment, tenant)


ANYWHERE = Place()
"""No place in particular: enough to hold the permission somewhere."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a grant reaches. An empty dimension is all of it; projects and groups are one dimension."""

    projects: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()
    tenants: frozenset[str] = frozenset()
    explicit_tenant: bool = False

    @property
    def everything(self) -> bool:
        """Whether nothing narrows it."""
        return not (self.projects or self.groups or self.environments or self.tenants)

    @property
    def words(self) -> str:
        """As a sentence says it: `environments Environments-1 and Environments-2`."""
        if self.everything:
            return "everything"
        return _worded(
            ("project", self.projects or None),
            ("project group", self.groups or None),
            ("environment", self.environments or None),
            ("tenant", self.tenants or None),
        )

    def holds(self, spot: Spot) -> bool:
        """Whether a spot lies within it."""
        return (
            self._holds_project(spot)
            and _within(self.environments, spot.environment, none_is_in=False)
            and _within(self.tenants, spot.tenant, none_is_in=not self.explicit_tenant)
        )

    def _holds_project(self, spot: Spot) -> bool:
        if not (self.projects or self.groups) or (spot.project is None and spot.group is None):
            return True
        return spot.project in self.projects or spot.group in self.groups


def reached(scopes: Iterable[Scope], place: Place, *, somewhere: bool = False) -> bool:
    """Whether each spot of a place lies within one of the scopes; with `somewhere`, whether any does."""
    held = list(scopes)
    enough = any if somewhere else all
    return bool(held) and enough(any(scope.holds(spot) for scope in held) for spot in place.spots)


def _worded(*dimensions: tuple[str, Iterable[str] | None]) -> str:
    found = []
    for what, ids in dimensions:
        if ids is None:
            continue
        named = sorted(id for id in ids if id)
        more = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
        found.append(
            f"{what if len(named) == 1 else what + 's'} {' and '.join([*named[:_MOST_NAMED], *more])}"
            if named
            else f"no {what}"
        )
    return ", ".join(found)


def _all_of(ids: frozenset[str] | None) -> Sequence[str | None]:
    return (None,) if ids is None else sorted(ids) or ("",)


def _within(wanted: frozenset[str], found: str | None, *, none_is_in: bool) -> bool:
    if not wanted or found is None:
        return True
    return found in wanted if found else none_is_in
