"""Which variables of a set somebody sees and may change.

A variable for some environments takes VariableView in one of them, and VariableEdit in all of them; one for every
environment takes VariableViewUnscoped and VariableEditUnscoped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.kernel.places import Place
from gurita.store.within import group_in
from gurita.variables.records import LIBRARY, SEES_LIBRARY, is_shared
from gurita.variables.resources import Variable, VariableSet

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "changing_in",
    "must_change_in",
    "must_see_all_in",
    "seeing_in",
    "seen_in",
    "with_hidden_in",
]

_PERMISSIONS = ("VariableView", "VariableViewUnscoped", "VariableEdit", "VariableEditUnscoped")

Sees = Callable[[Variable], bool]


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose variables they are, read once for all of them."""

    project: str | None
    group: str | None

    def place(self, variable: Variable) -> Place:
        """Where a variable of this owner lies."""
        named = (variable.scope or {}).get("Environment") or []
        return Place(self.project, self.group, frozenset(named) if named else None)


def _owner_in(tx: Tx, owner: str) -> _Owner:
    project = owner if owner.startswith("Projects-") else None
    return _Owner(project, group_in(tx, project) if project else None)


def _is_free(ctx: Context, *permissions: str) -> bool:
    """Whether nothing narrows any of the permissions: what holds for most people, and spares looking."""
    scopes = [ctx.viewer.scopes(one, ctx.space) for one in permissions]
    return all(any(scope.everything for scope in each) for each in scopes)


def seeing_in(tx: Tx, ctx: Context, owner: str) -> Sees:
    """Says of each variable of an owner whether the viewer sees it."""
    if owner.startswith(LIBRARY) and not ctx.viewer.scopes(SEES_LIBRARY, ctx.space):
        return lambda _variable: False
    if _is_free(ctx, *_PERMISSIONS[:2]):
        return lambda _variable: True

    return _deciding(
        _owner_in(tx, owner),
        lambda place: ctx.viewer.may_at(
            "VariableViewUnscoped" if place.environments is None else "VariableView",
            ctx.space,
            place,
            somewhere=True,
        ),
    )


def changing_in(tx: Tx, ctx: Context, owner: str) -> Sees:
    """Says of each variable of an owner whether the viewer may change it."""
    if _is_free(ctx, *_PERMISSIONS[2:]):
        return lambda _variable: True
    return _deciding(
        _owner_in(tx, owner), lambda place: ctx.viewer.may_at(_to_change(place), ctx.space, place)
    )


def _deciding(owner: _Owner, decide: Callable[[Place], bool]) -> Sees:
    """Decides once for all variables that lie in the same place: of thousands, there are few."""
    known: dict[Place, bool] = {}

    def decided(variable: Variable) -> bool:
        place = owner.place(variable)
        if place not in known:
            known[place] = decide(place)
        return known[place]

    return decided


def seen_in(tx: Tx, ctx: Context, found: VariableSet) -> VariableSet:
    """The set without what the viewer does not see; what they may not change says so in `is_editable`."""
    if _is_free(ctx, *_PERMISSIONS, *([SEES_LIBRARY] if is_shared(found) else [])):
        return found
    sees, may_change = seeing_in(tx, ctx, found.owner_id), changing_in(tx, ctx, found.owner_id)
    shown = [one for one in found.variables if sees(one)]
    marked = [one if may_change(one) else replace(one, is_editable=False) for one in shown]
    return replace(found, variables=marked)


def must_see_all_in(tx: Tx, ctx: Context, found: VariableSet) -> None:
    """Raises Forbidden unless the viewer sees every variable of a set."""
    sees = seeing_in(tx, ctx, found.owner_id)
    for one in found.variables:
        if not sees(one):
            scoped = bool((one.scope or {}).get("Environment"))
            permission = "VariableView" if scoped else "VariableViewUnscoped"
            raise ctx.viewer.refusal(permission, ctx.space, _owner_in(tx, found.owner_id).place(one))


def with_hidden_in(tx: Tx, ctx: Context, before: VariableSet, given: VariableSet) -> VariableSet:
    """What somebody sends, who may have seen a part of the set: what they did not see stays, in its place."""
    sees = seeing_in(tx, ctx, before.owner_id)
    known = {one.id: one for one in before.variables}
    whole = [
        replace(one, is_editable=known[one.id].is_editable) if one.id in known else one
        for one in given.variables
    ]
    for place, one in enumerate(before.variables):
        if not sees(one):
            former = before.variables[place - 1].id if place else ""
            at = next((n + 1 for n, each in enumerate(whole) if former and each.id == former), 0)
            whole.insert(at, one)
    return replace(given, variables=whole)


def _to_change(place: Place) -> str:
    return "VariableEditUnscoped" if place.environments is None else "VariableEdit"


def must_change_in(tx: Tx, ctx: Context, before: VariableSet, after: VariableSet) -> None:
    """Raises Forbidden unless the viewer may make, change or remove each variable that differs."""
    if _is_free(ctx, *_PERMISSIONS[2:]):
        return
    owner = _owner_in(tx, after.owner_id)
    old = {one.id: one for one in before.variables}
    new = {one.id: one for one in after.variables}
    for id in {**old, **new}:
        if old.get(id) != new.get(id):
            for one in filter(None, (old.get(id), new.get(id))):
                place = owner.place(one)
                ctx.must(_to_change(place), place)
