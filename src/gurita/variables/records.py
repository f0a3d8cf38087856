"""Where variable sets are stored: one document an owner."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Text

from gurita.catalog.visibility import Lying
from gurita.store.documents import DocumentKind, Indexed, Reference
from gurita.variables.resources import VariableSet
from gurita.variables.rules import scoped_ids

__all__ = ["VARIABLE_SETS"]

_KINDS = {"Environment": "Environments", "Machine": "Machines", "Channel": "Channels"}


def _references(doc: VariableSet) -> Iterator[Reference]:
    """What scopes name. Actions are no documents, roles and tags names; processes are checked by their owner."""
    for member, kind, id in scoped_ids(doc):
        if kind in _KINDS:
            yield Reference(member, _KINDS[kind], id)


VARIABLE_SETS = DocumentKind(
    "variableset",
    VariableSet,
    label=None,
    columns=[Indexed("owner_id", Text, lambda doc: doc.owner_id)],
    references=_references,
    visible=Lying("VariableView", project="owner_id"),
)
