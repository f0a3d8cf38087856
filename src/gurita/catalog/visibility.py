"""Which documents a viewer sees and may change: where a kind's documents lie, said once, as SQL and as `Place`.

    MACHINES = DocumentKind(
        "Machines", Machine, references=…,
        visible=Lying("MachineView", environments=Many("EnvironmentIds"), tenants=Many("TenantIds")),
    )

Lists and counts take the condition, so that pages are full and totals leak nothing. Getting a document of the own space
that lies outside is refused with the permission and the scope; one of another space is simply not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, not_, or_, select

from gurita.kernel.places import Place, Scope
from gurita.store.among import among
from gurita.store.tables import reference
from gurita.store.within import all_of, any_of, group_in, in_column, merged, of_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from gurita.http.context import Context, Viewer
    from gurita.kernel.errors import Forbidden
    from gurita.store.kinds import Kind
    from gurita.store.tx import Tx

__all__ = ["Lying", "Many", "must_at", "place_in"]


@dataclass(frozen=True, slots=True)
class Many:
    """A member with ids of several documents, found by the references it makes."""

    field: str


Where = str | Many | None
"""How a kind says where its documents lie: the name of a column, a member with many ids, or not at all."""


@dataclass(frozen=True, slots=True)
class Lying:
    """Where the documents of a kind lie, and what it takes to see them: for `visible` of a kind."""

    permission: str
    project: str | None = None
    group: str | None = None
    environments: Where = None
    tenants: Where = None

    def __call__(
        self, viewer: Viewer, columns: ReadOnlyColumnCollection[str, Column[Any]], space: str
    ) -> ColumnElement[bool] | None:
        """The condition for what a viewer sees; None for all."""
        return self.condition(self.scopes(viewer, space), columns)

    def scopes(self, viewer: Viewer, space: str) -> list[Scope]:
        """Within which scopes a viewer sees documents, in the dimensions that count."""
        return merged(
            viewer.scopes(self.permission, space),
            projects=bool(self.project or self.group),
            environments=self.environments is not None,
            tenants=self.tenants is not None,
        )

    def condition(
        self, scopes: Sequence[Scope], columns: ReadOnlyColumnCollection[str, Column[Any]]
    ) -> ColumnElement[bool] | None:
        """The condition for what lies within one of some scopes; None for all."""
        return any_of([self._within(scope, columns) for scope in scopes])

    def _within(
        self, scope: Scope, c: ReadOnlyColumnCollection[str, Column[Any]]
    ) -> ColumnElement[bool] | None:
        return all_of(
            of_projects(
                scope, c[self.project] if self.project else None, c[self.group] if self.group else None
            ),
            _ids(scope.environments, self.environments, c, none_is_in=False),
            _ids(scope.tenants, self.tenants, c, none_is_in=not scope.explicit_tenant),
        )

    def place(self, tx: Tx, kind: Kind[Any], doc: Any) -> Place:
        """Where a document lies, stored or about to be."""
        project = _value(kind, doc, self.project) if self.project else None
        if self.group:
            group: str | None = _value(kind, doc, self.group)
        else:
            group = group_in(tx, project) if project else None
        return Place(project, group, _found(kind, doc, self.environments), _found(kind, doc, self.tenants))

    def refused(self, tx: Tx, viewer: Viewer, space: str, kind: Kind[Any], doc: Any) -> Forbidden:
        """Why a viewer does not see a document that is there."""
        return viewer.refusal(self.permission, space, self.place(tx, kind, doc))


def place_in(tx: Tx, kind: Kind[Any], doc: Any) -> Place | None:
    """Where a document lies; None for kinds whose permissions nothing restricts."""
    return kind.visible.place(tx, kind, doc) if isinstance(kind.visible, Lying) else None


def must_at(tx: Tx, ctx: Context, permission: str, kind: Kind[Any], *docs: Any) -> None:
    """Raises Forbidden unless a permission is held in all of the places where the documents lie."""
    if not isinstance(kind.visible, Lying):
        return
    scopes = ctx.viewer.scopes(permission, ctx.space)
    if any(scope.everything for scope in scopes):
        return
    for doc in docs:
        ctx.must(permission, kind.visible.place(tx, kind, doc))


def _ids(
    wanted: frozenset[str],
    where: Where,
    c: ReadOnlyColumnCollection[str, Column[Any]],
    *,
    none_is_in: bool,
) -> ColumnElement[bool] | None:
    if not wanted or where is None:
        return None
    if isinstance(where, str):
        return in_column(wanted, c[where], none_is_in=none_is_in)
    named = select(reference.c.to_id).where(reference.c.from_id == c.id, reference.c.field == where.field)
    named = named.correlate(c.id.table)
    found = named.where(among(reference.c.to_id, wanted, sifting=True)).exists()
    return or_(found, not_(named.exists())) if none_is_in else found


def _value(kind: Kind[Any], doc: Any, name: str) -> str:
    """What a column holds of a document."""
    if name == "id":
        return str(doc.id)
    return str(next(column.value(doc) for column in kind.columns if column.name == name) or "")


def _found(kind: Kind[Any], doc: Any, where: Where) -> frozenset[str] | None:
    if where is None:
        return None
    if isinstance(where, str):
        value = _value(kind, doc, where)
        return frozenset([value] if value else ())
    given = kind.references(doc) if kind.references else ()
    return frozenset(one.to_id for one in given if one.stored_field == where.field and one.to_id)
