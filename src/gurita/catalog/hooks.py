"""What a feature adds to the common behaviour of its documents. All run inside the unit (or query) that needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from gurita.http.query import ListQuery

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Hooks"]

D = TypeVar("D", bound=msgspec.Struct)


class Hooks(Generic[D]):
    """Does nothing special; a feature overrides what it needs. A hook refuses by raising from `gurita.kernel.errors`."""

    query: type[ListQuery] = ListQuery
    """What a list may be filtered by; what goes beyond the common members is for `filters`."""

    def problems(self, doc: D) -> Sequence[str]:
        """Every fault of a document a client sends that shows without the database, a sentence each."""
        return ()

    def prepare(self, tx: Tx, ctx: Context, before: D | None, after: D) -> D:
        """The document as it is to be stored: members filled in, read-only ones taken from `before`.

        `before` is None when it is created. References are checked, and new secrets stored, afterwards.
        """
        return after

    def created(self, tx: Tx, ctx: Context, doc: D) -> None:
        """What else comes into being with a document."""

    def modified(self, tx: Tx, ctx: Context, before: D, after: D) -> None:
        """What else changes with a document."""

    def deleting(self, tx: Tx, ctx: Context, doc: D) -> None:
        """What goes before a document does, or why it must stay."""

    def present(self, tx: Tx, ctx: Context, docs: list[D]) -> list[D]:
        """The documents as clients see them, with what is kept elsewhere filled in."""
        return docs

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        """Conditions for the members a list's query has beyond the common ones."""
        return ()
