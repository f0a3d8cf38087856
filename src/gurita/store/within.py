"""Scopes of permissions as SQL: the condition for rows that lie within one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from gurita.kernel.places import Place, Scope
from gurita.store.among import among
from gurita.store.kinds import KINDS

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = [
    "all_of",
    "any_of",
    "group_in",
    "in_column",
    "merged",
    "of_projects",
    "seen",
    "seen_across",
    "spot",
]


def spot(tx: Tx, project: str | None, environment: str | None = "", tenant: str | None = "") -> Place:
    """One project, environment and tenant; "" or None: in none of them."""
    return Place(
        project or "",
        group_in(tx, project) if project else None,
        frozenset([environment] if environment else ()),
        frozenset([tenant] if tenant else ()),
    )


def seen(
    scopes: Iterable[Scope],
    *,
    project: ColumnElement[Any] | None = None,
    environment: ColumnElement[Any] | None = None,
    tenant: ColumnElement[Any] | None = None,
) -> ColumnElement[bool] | None:
    """The condition for rows within scopes, by the columns that hold their project, environment and tenant; None for all."""
    return any_of(
        [
            all_of(
                of_projects(scope, project, None),
                in_column(scope.environments, environment, none_is_in=False),
                in_column(scope.tenants, tenant, none_is_in=not scope.explicit_tenant),
            )
            for scope in merged(
                scopes,
                projects=project is not None,
                environments=environment is not None,
                tenants=tenant is not None,
            )
        ]
    )


def seen_across(
    scopes: Mapping[str, Sequence[Scope]],
    space: ColumnElement[Any],
    *,
    project: ColumnElement[Any] | None = None,
    environment: ColumnElement[Any] | None = None,
    tenant: ColumnElement[Any] | None = None,
) -> ColumnElement[bool]:
    """The condition for rows of several spaces, each within the scopes that count in it."""
    free, found = [], []
    for id, held in scopes.items():
        within = seen(held, project=project, environment=environment, tenant=tenant)
        if within is None:
            free.append(id)
        else:
            found.append(and_(space == id, within))
    return or_(space.in_(free), *found)


def merged(scopes: Iterable[Scope], *, projects: bool, environments: bool, tenants: bool) -> list[Scope]:
    """The same reach in as few scopes as are found easily, without the dimensions that do not count.

    Twenty roles in one environment each are one scope of twenty environments: a shorter statement.
    """
    counted = [
        Scope(
            one.projects if projects else _NONE,
            one.groups if projects else _NONE,
            one.environments if environments else _NONE,
            one.tenants if tenants else _NONE,
            one.explicit_tenant,
        )
        for one in scopes
    ]
    if any(one.everything for one in counted):
        return [Scope()]
    for alike, join in _MERGES:
        together: dict[Any, list[Scope]] = {}
        for one in counted:
            together.setdefault(alike(one), []).append(one)
        counted = [join(each) for each in together.values()]
    return counted


def _joined_projects(alike: list[Scope]) -> Scope:
    if any(not (one.projects or one.groups) for one in alike):
        return replace(alike[0], projects=_NONE, groups=_NONE)
    projects, groups = (one.projects for one in alike), (one.groups for one in alike)
    return replace(alike[0], projects=_NONE.union(*projects), groups=_NONE.union(*groups))


def _joined_environments(alike: list[Scope]) -> Scope:
    sets = [one.environments for one in alike]
    return replace(alike[0], environments=_NONE.union(*sets) if all(sets) else _NONE)


def _joined_tenants(alike: list[Scope]) -> Scope:
    sets = [one.tenants for one in alike]
    return replace(alike[0], tenants=_NONE.union(*sets) if all(sets) else _NONE)


_NONE: frozenset[str] = frozenset()
_MERGES: tuple[tuple[Callable[[Scope], Any], Callable[[list[Scope]], Scope]], ...] = (
    (lambda one: (one.environments, one.tenants, one.explicit_tenant), _joined_projects),
    (lambda one: (one.projects, one.groups, one.tenants, one.explicit_tenant), _joined_environments),
    (lambda one: (one.projects, one.groups, one.environments, one.explicit_tenant), _joined_tenants),
)
"""Scopes that are alike in all dimensions but one, and what they are together."""


def any_of(conditions: Sequence[ColumnElement[bool] | None]) -> ColumnElement[bool] | None:
    """One of them; None when one of them is None, which means all."""
    found = [one for one in conditions if one is not None]
    if len(found) < len(conditions):
        return None
    return or_(*found) if found else false()


def group_in(tx: Tx, project: str) -> str | None:
    """The project group of a project, if there is such a project."""
    c = KINDS["Projects"].c
    found = tx.scalar(select(c.project_group_id).where(c.id == project))
    return None if found is None else str(found)


def all_of(*conditions: ColumnElement[bool] | None) -> ColumnElement[bool] | None:
    found = [one for one in conditions if one is not None]
    return and_(*found) if found else None


def of_projects(
    scope: Scope, project: ColumnElement[Any] | None, group: ColumnElement[Any] | None
) -> ColumnElement[bool] | None:
    if not (scope.projects or scope.groups) or (project is None and group is None):
        return None
    found: list[ColumnElement[bool]] = []
    if scope.projects and project is not None:
        found.append(among(project, scope.projects))
    if scope.groups and group is not None:
        found.append(among(group, scope.groups))
    elif scope.groups and project is not None:
        c = KINDS["Projects"].c
        found.append(project.in_(select(c.id).where(among(c.project_group_id, scope.groups))))
    return or_(*found) if found else false()


def in_column(
    wanted: frozenset[str], column: ColumnElement[Any] | None, *, none_is_in: bool
) -> ColumnElement[bool] | None:
    if not wanted or column is None:
        return None
    found = among(column, wanted)
    return or_(found, column.is_(None), column == "") if none_is_in else found
