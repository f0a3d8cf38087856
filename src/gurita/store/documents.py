"""What people edit: a table a kind, one repository for all.

    ENVIRONMENTS = DocumentKind(
        "Environments", Environment,
        columns=[Indexed("sort_order", Integer, lambda doc: doc.sort_order)],
        order=("sort_order", "number"),
    )
    MACHINES = DocumentKind(
        "Machines", Machine,
        references=lambda doc: [
            Reference(f"EnvironmentIds[{n}]", "Environments", id) for n, id in enumerate(doc.environment_ids)
        ],
    )
    ENVIRONMENTS.open(tx, space, viewer).list(Paging(), partial_name="dev")

A kind is declared once, at module level, before the store is opened.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement

from gurita.store.kinds import Indexed, Kind, Reference, Visible
from gurita.store.references import referring
from gurita.store.repository import Repository
from gurita.store.tx import Tx

__all__ = ["DocumentKind", "Indexed", "Reference", "Repository", "Visible"]

D = TypeVar("D", bound=msgspec.Struct)


class DocumentKind(Kind[D]):
    """A kind whose documents can be opened. See `Kind` for how one is declared."""

    def open(self, tx: Tx, space: str, viewer: Any = None, *, limited: bool = True) -> Repository[D]:
        """The documents of a space (empty: of the system), as far as `viewer` may see them; None sees all.

        Not `limited`, all of them too; the viewer then counts only in what refusals name.
        """
        return Repository(self, tx, space, viewer, limited=limited)

    def referring(self, field: str, *to_ids: str) -> ColumnElement[bool]:
        """A filter: the documents whose member `field` (without places in lists) names one of `to_ids`."""
        return referring(field, to_ids, self.table.c.id)
