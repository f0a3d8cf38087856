"""Which events somebody sees: those about what lies within their scopes, by the documents an event concerns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select

from gurita.audit.records import event, event_related
from gurita.store.among import among
from gurita.store.kinds import KINDS
from gurita.store.within import all_of, any_of

if TYPE_CHECKING:
    from gurita.http.context import Viewer
    from gurita.kernel.places import Scope

__all__ = ["seen"]

_OF_PROJECTS = ("", "deploymentprocess-", "deploymentsettings-", "variableset-")
"""What stands before a project's id in the ids of what is its own."""


def seen(viewer: Viewer, spaces: Iterable[str]) -> ColumnElement[bool]:
    """The condition for events of these spaces that a viewer may see.

    Within a scope an event must concern a project, an environment and a tenant of it, as far as the scope names some.
    """
    free: list[str] = []
    found: list[ColumnElement[bool]] = []
    for space in spaces:
        limits = any_of([_within(scope) for scope in viewer.scopes("EventView", space)])
        if limits is None:
            free.append(space)
        else:
            found.append(and_(event.c.space == space, limits))
    return or_(event.c.space.in_(free), *found)


def _within(scope: Scope) -> ColumnElement[bool] | None:
    return all_of(_projects(scope), _about(scope.environments), _about(scope.tenants))


def _projects(scope: Scope) -> ColumnElement[bool] | None:
    named = [f"{before}{id}" for id in scope.projects for before in _OF_PROJECTS]
    own = _about([*named, *scope.groups])
    if not scope.groups:
        return own
    c = KINDS["Projects"].c
    members = select(c.id).where(among(c.project_group_id, scope.groups))
    of_group = select(event_related.c.event).where(event_related.c.document.in_(members))
    inside = event.c.number.in_(of_group)
    return inside if own is None else or_(own, inside)


def _about(ids: Iterable[str]) -> ColumnElement[bool] | None:
    wanted = frozenset(ids)
    if not wanted:
        return None
    return event.c.number.in_(select(event_related.c.event).where(among(event_related.c.document, wanted)))
