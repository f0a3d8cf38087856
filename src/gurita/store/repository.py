"""The documents of one kind, in one space, for one viewer. Every statement carries the space."""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import msgspec
import psycopg
from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from gurita.kernel.errors import Conflict, NotFound
from gurita.kernel.ids import folded
from gurita.kernel.paging import MOST, Page, Paging
from gurita.store import in_use, references
from gurita.store.kind_statements import Listing, ordering
from gurita.store.kinds import Kind
from gurita.store.limits import Limit
from gurita.store.names import checked_fold, free_slug, slug_base
from gurita.store.prepared import Prepared
from gurita.store.sequences import next_number_in
from gurita.store.tables import entity
from gurita.store.tx import Tx

__all__ = ["Repository"]

D = TypeVar("D", bound=msgspec.Struct)

_BROKEN = (IntegrityError, psycopg.IntegrityError, sqlite3.IntegrityError)
_NEW_ENTITY = Prepared(insert(entity))


class Repository(Generic[D]):
    """See `DocumentKind.open`. Documents that go in are not changed; what is stored is returned."""

    def __init__(self, kind: Kind[D], tx: Tx, space: str, viewer: Any, *, limited: bool = True) -> None:
        self._kind = kind
        self._ask = kind.statements
        self._tx = tx
        self._space = space
        self._table = kind.table
        self._viewer = viewer
        limits = kind.limits if limited and viewer is not None else None
        self._limit = limits.of(viewer, space) if limits else None
        self._given: Mapping[str, str] = self._limit.params if self._limit else {}

    def get(self, id: str) -> D:
        """The document with this id. Raises NotFound, alike for unknown ids and those of other spaces; hidden: `Visible`."""
        body = None if "\0" in id else self._body(self._spelled(id))
        if body is None:
            if self._limit and "\0" not in id:
                self._refuse_hidden(self._table.c.id == self._spelled(id))
            raise NotFound(id)
        return self._read(body)

    def find(self, text: str, parent: str | None = None) -> D | None:
        """The document with this id, else slug, else name, all in any case; None if there is none.

        Unique within one `parent`. One that is hidden: see `Visible`.
        """
        if "\0" in text:
            return None
        fold, text = folded(text), self._spelled(text)
        if self._limit is None and parent is None:
            body = self._body(text)
            if body is None:
                body = self._tx.scalar(self._ask.find, {"space": self._space, "text": fold, "fold": fold})
            return None if body is None else self._read(body)
        c = self._table.c
        rank = case((c.id == text, 0), (c.slug == fold, 1), else_=2)
        any_of = or_(c.id == text, c.slug == fold, c.folded == fold)
        conditions = self._conditions(None, None, None, parent, [any_of])
        query = select(c.body).where(c.space_id == self._space, *conditions)
        body = self._tx.scalar(query.order_by(rank, c.number).limit(1), self._given)
        if body is None and self._limit:
            self._refuse_hidden(any_of, *([] if parent is None else [c.parent == parent]))
        return None if body is None else self._read(body)

    def list(
        self,
        paging: Paging,
        *,
        ids: Iterable[str] | None = None,
        name: str | None = None,
        partial_name: str | None = None,
        parent: str | None = None,
        where: Sequence[ColumnElement[bool]] = (),
        order: Sequence[str] | None = None,
    ) -> Page[D]:
        """A page of what all given filters let through, and how much that is. Empty filters filter nothing.

        One row beyond the page is asked for: only where it exists is anything counted.
        """
        limits = [self._limit.condition] if self._limit else []
        conditions = self._conditions(ids, name, partial_name, parent, where)
        listing = self._listing if len(conditions) == len(limits) and order is None else None
        rows: Sequence[Any] = ()
        if paging.take:
            rows = self._plain_page(listing, paging) if listing else self._page(paging, conditions, order)
        found = [self._read(row[0]) for row in rows[: paging.take]]
        if paging.take and len(rows) <= paging.take and (rows or not paging.skip):
            return Page(found, paging.skip + len(rows), paging)
        return Page(found, self._count(listing, conditions), paging)

    def all(
        self, *, where: Sequence[ColumnElement[bool]] = (), parent: str | None = None
    ) -> builtins.list[D]:
        """Everything in the kind's order."""
        return self.list(Paging(0, MOST), where=where, parent=parent).items

    def count(self, *, where: Sequence[ColumnElement[bool]] = (), parent: str | None = None) -> int:
        """How many there are."""
        return self.list(Paging(0, 0), where=where, parent=parent).total

    def insert(self, doc: D) -> D:
        """Stores a new document as version 1, under its id if it has one, else the next of its kind.

        A slug is made from the name unless it has one. Raises Invalid (name, references), Conflict (name, slug, id).
        """
        kind, space = self._kind, self._space
        fold = self._fold(doc)
        parent = kind.parent(doc) if kind.parent else ""
        number = next_number_in(self._tx, kind.name)
        id = getattr(doc, "id", "") or f"{kind.name}-{number}"
        fold = fold or id
        self._refuse_double(doc, id, parent, fold)
        slug = self._slug(doc, id, parent)
        doc = self._with(doc, id=id, space_id=space, version=1, slug=slug)
        row = self._row(doc, fold, slug, parent, 1) | {"id": id, "space_id": space, "number": number}
        try:
            self._tx.run(_NEW_ENTITY, {"id": id, "space_id": space, "kind": kind.name})
            self._tx.run(self._ask.insert, row)
        except _BROKEN as error:
            raise self._double(doc) from error
        if kind.references:
            references.save_in(self._tx, space, kind.name, id, kind.references(doc), fresh=True)
        return doc

    def update(self, doc: D, version: int) -> D:
        """Replaces the document with this id, which must be at `version`, and returns it one version later.

        Raises NotFound, Invalid (name, references), Conflict (stale, name, slug).
        """
        kind = self._kind
        id = str(doc.id)  # type: ignore[attr-defined]
        current = self._state(id)
        if current["version"] != version:
            raise self._stale(doc, version, current["version"])
        fold = self._fold(doc) or id
        parent = kind.parent(doc) if kind.parent else ""
        self._refuse_double(doc, id, parent, fold)
        slug = getattr(doc, "slug", "") or current["slug"]
        if slug != current["slug"]:
            slug = self._slug(doc, id, parent)
        doc = self._with(doc, space_id=self._space, version=version + 1, slug=slug)
        row = {
            f"new_{name}": value for name, value in self._row(doc, fold, slug, parent, version + 1).items()
        }
        try:
            changed = self._tx.run(self._ask.update, {"space": self._space, "id": id, "was": version, **row})
        except _BROKEN as error:
            raise self._double(doc) from error
        if changed.rowcount != 1:
            raise self._stale(doc, version, None)
        if kind.references:
            references.save_in(self._tx, self._space, kind.name, id, kind.references(doc))
        return doc

    def delete(self, id: str) -> None:
        """Removes a document. Raises NotFound, Conflict naming what still refers to it."""
        tx, c = self._tx, self._table.c
        name = self._state(id)["name"]
        what = f"{self._kind.title} '{name or id}'"
        in_use.refuse(tx, what, id, self._viewer)
        try:
            with tx.nested():
                references.remove_in(tx, id)
                tx.run(delete(self._table).where(c.id == id, c.space_id == self._space))
                tx.run(delete(entity).where(entity.c.id == id))
        except _BROKEN as error:
            in_use.refuse(tx, what, id, self._viewer)
            raise Conflict(f"The {what} is in use. Change what uses it first.") from error

    def _spelled(self, id: str) -> str:
        """An id as it is stored: clients may write `projects-1`. Those with words in them are kept as they are."""
        name = self._kind.name
        numbered = id[: len(name) + 1].lower() == f"{name.lower()}-" and id[len(name) + 1 :].isdigit()
        return name + id[len(name) :] if numbered else id

    def _read(self, body: str) -> D:
        return self._kind.codec.read(body, self._kind.struct)

    def _body(self, id: str) -> str | None:
        if self._limit is not None:
            return self._limited_body(self._limit, id)
        return cast("str | None", self._tx.scalar(self._ask.get, {"space": self._space, "id": id}))

    def _limited_body(self, limit: Limit, id: str) -> str | None:
        if limit.listing:
            given = {"space": self._space, "id": id, **limit.params}
            return cast("str | None", self._tx.scalar(limit.listing.get, given))
        c = self._table.c
        query = select(c.body).where(c.id == id, c.space_id == self._space, limit.condition)
        return cast("str | None", self._tx.scalar(query, limit.params))

    @property
    def _listing(self) -> Listing | None:
        """The prepared statements for all that is seen; None for a limit that has none."""
        return self._ask.listing if self._limit is None else self._limit.listing

    def _refuse_hidden(self, *conditions: ColumnElement[bool]) -> None:
        """Raises what the kind says of a document that is there and that the viewer does not see."""
        refused = getattr(self._kind.visible, "refused", None)
        if refused is None:
            return
        c = self._table.c
        body = self._tx.scalar(select(c.body).where(c.space_id == self._space, *conditions).limit(1))
        if body is not None:
            raise refused(self._tx, self._viewer, self._space, self._kind, self._read(body))

    def _state(self, id: str) -> Mapping[str, Any]:
        """Version, slug and name of a document that is to change. Raises NotFound."""
        row = None
        if "\0" not in id and (self._limit is None or self._body(id) is not None):
            row = self._tx.one(self._ask.state, {"space": self._space, "id": id})
        if row is None:
            raise NotFound(id)
        return row

    def _with(self, doc: D, **members: Any) -> D:
        known = {name: value for name, value in members.items() if name in self._kind.fields}
        return msgspec.structs.replace(doc, **known)

    def _fold(self, doc: D) -> str:
        if self._kind.label is None:
            return ""
        return checked_fold(self._kind.name_of(doc), self._kind.name_field)

    def _row(self, doc: D, fold: str, slug: str, parent: str, version: int) -> dict[str, Any]:
        return {
            "name": self._kind.name_of(doc),
            "folded": fold,
            "slug": slug,
            "parent": parent,
            "version": version,
            "body": self._kind.codec.write(doc),
            **self._kind.indexed(doc),
        }

    def _conditions(
        self,
        ids: Iterable[str] | None,
        name: str | None,
        partial_name: str | None,
        parent: str | None,
        where: Sequence[ColumnElement[bool]],
    ) -> builtins.list[ColumnElement[bool]]:
        """What is asked for beyond the space."""
        c = self._table.c
        found = [*([self._limit.condition] if self._limit else []), *where]
        if wanted := list(ids or ()):
            found.append(c.id.in_(wanted))
        if name:
            found.append(c.folded == folded(name))
        if partial_name and (part := folded(partial_name)):
            found.append(c.folded.contains(part, autoescape=True))
        if parent is not None:
            found.append(c.parent == parent)
        return found

    def _plain_page(self, listing: Listing, paging: Paging) -> Sequence[Any]:
        params = {"space": self._space, "take": paging.take + 1, "skip": paging.skip, **self._given}
        return self._tx.run(listing.page, params).rows

    def _page(
        self, paging: Paging, conditions: Iterable[ColumnElement[bool]], order: Sequence[str] | None
    ) -> Sequence[Any]:
        c = self._table.c
        query = select(c.body).where(c.space_id == self._space, *conditions)
        query = query.order_by(*ordering(self._table, order or self._kind.order))
        return self._tx.run(query.limit(paging.take + 1).offset(paging.skip), self._given).all()

    def _count(self, listing: Listing | None, conditions: Iterable[ColumnElement[bool]]) -> int:
        if listing:
            return int(self._tx.scalar(listing.count, {"space": self._space, **self._given}))
        here = self._table.c.space_id == self._space
        query = select(func.count()).select_from(self._table).where(here, *conditions)
        return int(self._tx.scalar(query, self._given))

    def _refuse_double(self, doc: D, id: str, parent: str, fold: str) -> None:
        same = {"space": self._space, "parent": parent, "id": id, "fold": fold}
        if self._tx.scalar(self._ask.same_name, same) is not None:
            raise self._double(doc)

    def _double(self, doc: D) -> Conflict:
        name = self._kind.name_of(doc)
        if not name:
            return Conflict(f"Id: {self._kind.title} '{getattr(doc, 'id', '')}' already exists.")
        return Conflict(
            f"{self._kind.name_field}: {self._kind.title} '{name}' already exists. Use another name."
        )

    def _slug(self, doc: D, id: str, parent: str) -> str:
        """The document's own slug, else a free one made from its name. Raises Conflict for a slug that is taken."""
        given = str(getattr(doc, "slug", ""))
        base = given or slug_base(self._kind.name_of(doc) or id)
        same = {"space": self._space, "parent": parent, "id": id, "slug": base}
        if self._tx.scalar(self._ask.same_slug, same) is None:
            return base
        if given:
            raise Conflict(
                f"Slug: '{given}' is the slug of another {self._kind.title}. Use another, or none to have one made."
            )
        c = self._table.c
        near = c.slug.startswith(f"{base}-", autoescape=True)
        query = select(c.slug).where(c.space_id == self._space, c.parent == parent, near, c.id != id)
        return free_slug(base, [base, *(row[0] for row in self._tx.run(query).all())])

    def _stale(self, doc: D, version: int, current: int | None) -> Conflict:
        what = f"{self._kind.title} '{self._kind.name_of(doc) or getattr(doc, 'id', '')}'"
        now = f"which is at version {current} by now" if current else "which was changed in this moment"
        return Conflict(
            f"Version: you changed version {version} of the {what}, {now}. "
            "Get it again, make your change to it, and send it with the version it has then.",
            details={"CurrentVersion": current},
        )
