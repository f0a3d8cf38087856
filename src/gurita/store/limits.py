"""What a viewer sees of a kind, ready to be asked: the statements of a list are prepared once for all who see it alike.

Two viewers see alike when their scopes name the same dimensions; the ids in them are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from sqlalchemy import ColumnElement, Table

from gurita.kernel.places import Scope
from gurita.store.among import Awaited, as_parameter
from gurita.store.kind_statements import Listing

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

__all__ = ["Limit", "Limits", "Scoped"]

_MOST_SHAPES = 50
"""How many shapes of a kind are prepared; statements of rarer ones are put together each time."""
_MOST_SCOPES = 4
_DIMENSIONS = ("projects", "groups", "environments", "tenants")


@runtime_checkable
class Scoped(Protocol):
    """What limits a kind by scopes: their reach for a viewer, and the condition for documents within some."""

    def scopes(self, viewer: Any, space: str) -> list[Scope]: ...

    def condition(
        self, scopes: Sequence[Scope], columns: ReadOnlyColumnCollection[str, Column[Any]]
    ) -> ColumnElement[bool] | None: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """The condition for what a viewer sees, with the parameters it wants; `listing` if its statements are prepared."""

    condition: ColumnElement[bool]
    params: Mapping[str, str] = field(default_factory=dict)
    listing: Listing | None = None


class Limits:
    """The limits of all viewers of one kind."""

    def __init__(self, name: str, table: Table, order: Sequence[str], visible: Any) -> None:
        self._name = name
        self._table = table
        self._order = order
        self._visible = visible
        self._shapes: dict[tuple[Any, ...], tuple[ColumnElement[bool], Listing]] = {}

    def of(self, viewer: Any, space: str) -> Limit | None:
        """What a viewer sees in a space; None for all. Remembered with what the viewer was given."""
        kept = getattr(getattr(viewer, "held", None), "kept", None)
        if kept is None:
            return self._made(viewer, space)
        key = self._name, space
        if key not in kept:
            kept[key] = self._made(viewer, space)
        found: Limit | None = kept[key]
        return found

    def _made(self, viewer: Any, space: str) -> Limit | None:
        visible = self._visible
        if not isinstance(visible, Scoped):
            seen = visible(viewer, self._table.c, space)
            return None if seen is None else Limit(seen)
        scopes = sorted(visible.scopes(viewer, space), key=_shape)
        shape = tuple(map(_shape, scopes))
        if len(scopes) <= _MOST_SCOPES and (shape in self._shapes or len(self._shapes) < _MOST_SHAPES):
            return self._shaped(shape, scopes)
        seen = visible.condition(scopes, self._table.c)
        return None if seen is None else Limit(seen)

    def _shaped(self, shape: tuple[Any, ...], scopes: Sequence[Scope]) -> Limit | None:
        known = self._shapes.get(shape)
        if known is None:
            awaited = [_awaited(scope, number) for number, scope in enumerate(scopes)]
            condition = self._visible.condition(awaited, self._table.c)
            if condition is None:
                return None
            known = condition, Listing(self._table, self._order, condition)
            self._shapes[shape] = known
        params = {
            _name(number, dimension): as_parameter(ids)
            for number, scope in enumerate(scopes)
            for dimension in _DIMENSIONS
            if (ids := getattr(scope, dimension))
        }
        return Limit(known[0], params, known[1])


def _shape(scope: Scope) -> tuple[bool, ...]:
    return *(bool(getattr(scope, dimension)) for dimension in _DIMENSIONS), scope.explicit_tenant


def _awaited(scope: Scope, number: int) -> Scope:
    """The scope with its ids left open."""
    ids = {
        dimension: Awaited(_name(number, dimension)) for dimension in _DIMENSIONS if getattr(scope, dimension)
    }
    return Scope(**ids, explicit_tenant=scope.explicit_tenant)


def _name(number: int, dimension: str) -> str:
    return f"seen_{number}_{dimension}"
