"""Where variable sets are stored: one document an owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, or_

from gurita.catalog.visibility import Lying
from gurita.kernel.places import ANYWHERE, Place, Scope
from gurita.store.documents import DocumentKind, Indexed, Reference
from gurita.variables.resources import VariableSet
from gurita.variables.rules import referenced_kind, scoped_ids

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from gurita.store.kinds import Kind
    from gurita.store.tx import Tx

__all__ = ["LIBRARY", "SEES_LIBRARY", "VARIABLE_SETS", "is_shared"]

LIBRARY = "LibraryVariableSets-"
"""How the ids of owners begin whose variables many projects share."""
SEES_LIBRARY = "LibraryVariableSetView"
"""What it takes to see variables of the library, besides what it takes to see variables."""

_KINDS = {"Environment": "Environments", "Machine": "Machines", "Channel": "Channels"}


def _references(doc: VariableSet) -> Iterator[Reference]:
    """What scopes name, and what values are that stand for a document. Actions are no documents, roles and tags names;
    processes are checked by their owner."""
    for member, kind, id in scoped_ids(doc):
        if kind in _KINDS:
            yield Reference(member, _KINDS[kind], id)
    for place, variable in enumerate(doc.variables):
        if named := referenced_kind(variable):
            yield Reference(f"Variables[{place}].Value", named, str(variable.value))


def is_shared(doc: VariableSet) -> bool:
    """Whether a set belongs to the library, and so to no project."""
    return doc.owner_id.startswith(LIBRARY)


class _Owned(Lying):
    """Sets lie in their project; those of the library in none. Whether somebody sees the library is asked apart."""

    __slots__ = ()

    def condition(
        self, scopes: Sequence[Scope], columns: ReadOnlyColumnCollection[str, Column[Any]]
    ) -> ColumnElement[bool] | None:
        own = super().condition(scopes, columns)
        return own if own is None or not scopes else or_(own, columns.owner_id.startswith(LIBRARY))

    def place(self, tx: Tx, kind: Kind[Any], doc: Any) -> Place:
        return ANYWHERE if is_shared(doc) else super().place(tx, kind, doc)


VARIABLE_SETS = DocumentKind(
    "variableset",
    VariableSet,
    label=None,
    columns=[Indexed("owner_id", Text, lambda doc: doc.owner_id)],
    references=_references,
    visible=_Owned("VariableView", project="owner_id"),
)
