"""The documents of one kind, in one space, for one viewer. Every statement carries the space."""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

import msgspec
import psycopg
from sqlalchemy import ColumnElement, Select, case, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from gurita.kernel.errors import Conflict, NotFound
from gurita.kernel.ids import folded
from gurita.kernel.paging import MOST, Page, Paging
from gurita.store import in_use, references
from gurita.store.names import checked_fold, free_slug, slug_base
from gurita.store.prepared import Prepared
from gurita.store.sequences import next_number_in
from gurita.store.tables import entity
from gurita.store.tx import Tx

if TYPE_CHECKING:
    from gurita.store.documents import DocumentKind

__all__ = ["Repository"]

D = TypeVar("D", bound=msgspec.Struct)

_BROKEN = (IntegrityError, psycopg.IntegrityError, sqlite3.IntegrityError)
_NEW_ENTITY = Prepared(insert(entity))


class Repository(Generic[D]):
    """See `DocumentKind.open`. Documents that go in are not changed; what is stored is returned."""

    def __init__(self, kind: DocumentKind[D], tx: Tx, space: str, viewer: Any) -> None:
        self._kind = kind
        self._tx = tx
        self._space = space
        self._table = kind.table
        self._walls: list[ColumnElement[bool]] = [kind.table.c.space_id == space]
        if viewer is not None and kind.visible is not None:
            seen = kind.visible(viewer, kind.table.c, space)
            if seen is not None:
                self._walls.append(seen)
        self._viewer = viewer

    def get(self, id: str) -> D:
        """The document with this id. Raises NotFound, alike for unknown ids, hidden ones and those of other spaces."""
        query = select(self._table.c.body).where(self._table.c.id == self._spelled(id), *self._walls)
        body = None if "\0" in id else self._tx.scalar(query)
        if body is None:
            raise NotFound(id)
        return self._read(body)

    def find(self, text: str, parent: str | None = None) -> D | None:
        """The document with this id, else slug, else name, all in any case; None if there is none.

        Unique within one `parent`.
        """
        if "\0" in text:
            return None
        c = self._table.c
        fold, id, slug = folded(text), self._spelled(text), text.lower()
        rank = case((c.id == id, 0), (c.slug == slug, 1), else_=2)
        any_of = or_(c.id == id, c.slug == slug, c.folded == fold)
        query = select(c.body).where(any_of, *self._walls).order_by(rank, c.number).limit(1)
        if parent is not None:
            query = query.where(c.parent == parent)
        body = self._tx.scalar(query)
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
        """A page of what all given filters let through, and how much that is. Empty filters filter nothing."""
        query = self._filtered(ids, name, partial_name, parent, where)
        found: list[D] = []
        if paging.take:
            page = self._ordered(query, order).offset(paging.skip)
            page = page if paging.take >= MOST else page.limit(paging.take)
            found = [self._read(row[0]) for row in self._tx.run(page).all()]
        if found and len(found) < paging.take:
            total = paging.skip + len(found)
        elif not found and not paging.skip and paging.take:
            total = 0
        else:
            total = self._tx.scalar(query.with_only_columns(func.count()))
        return Page(found, total, paging)

    def all(
        self, *, where: Sequence[ColumnElement[bool]] = (), parent: str | None = None
    ) -> builtins.list[D]:
        """Everything in the kind's order."""
        query = self._ordered(self._filtered(None, None, None, parent, where), None)
        return [self._read(row[0]) for row in self._tx.run(query).all()]

    def count(self, *, where: Sequence[ColumnElement[bool]] = (), parent: str | None = None) -> int:
        """How many there are."""
        query = self._filtered(None, None, None, parent, where)
        return int(self._tx.scalar(query.with_only_columns(func.count())))

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
        self._refuse_doubles(doc, id, parent, fold)
        slug = self._slug(doc, id, parent)
        doc = self._with(doc, id=id, space_id=space, version=1, slug=slug)
        row = self._row(doc, fold, slug, parent) | {
            "id": id,
            "space_id": space,
            "number": number,
            "version": 1,
        }
        try:
            self._tx.run(_NEW_ENTITY, {"id": id, "space_id": space, "kind": kind.name})
            self._tx.run(insert(self._table), row)
        except _BROKEN as error:
            self._double(doc, error)
        if kind.references:
            references.save_in(self._tx, space, kind.name, id, kind.references(doc), fresh=True)
        return doc

    def update(self, doc: D, version: int) -> D:
        """Replaces the document with this id, which must be at `version`, and returns it one version later.

        Raises NotFound, Invalid (name, references), Conflict (stale, name, slug).
        """
        kind, c = self._kind, self._table.c
        id = str(doc.id)  # type: ignore[attr-defined]
        current = self._tx.one(select(c.version, c.slug).where(c.id == id, *self._walls))
        if current is None:
            raise NotFound(id)
        if current["version"] != version:
            raise self._stale(doc, version, current["version"])
        fold = self._fold(doc) or id
        parent = kind.parent(doc) if kind.parent else ""
        self._refuse_doubles(doc, id, parent, fold)
        slug = getattr(doc, "slug", "") or current["slug"]
        if slug != current["slug"]:
            slug = self._slug(doc, id, parent)
        doc = self._with(doc, space_id=self._space, version=version + 1, slug=slug)
        row = self._row(doc, fold, slug, parent) | {"version": version + 1}
        try:
            change = update(self._table).where(c.id == id, c.version == version, *self._walls).values(row)
            changed = self._tx.run(change).rowcount
        except _BROKEN as error:
            self._double(doc, error)
        if changed != 1:
            raise self._stale(doc, version, None)
        if kind.references:
            references.save_in(self._tx, self._space, kind.name, id, kind.references(doc))
        return doc

    def delete(self, id: str) -> None:
        """Removes a document. Raises NotFound, Conflict naming what still refers to it."""
        tx, c = self._tx, self._table.c
        row = tx.one(select(c.name).where(c.id == id, *self._walls))
        if row is None:
            raise NotFound(id)
        what = f"{self._kind.title} '{row['name'] or id}'"
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
        """An id as it is stored: clients may write `projects-1`."""
        name = self._kind.name
        return name + id[len(name) :] if id[: len(name) + 1].lower() == f"{name.lower()}-" else id

    def _read(self, body: str) -> D:
        return self._kind.codec.read(body, self._kind.struct)

    def _with(self, doc: D, **members: Any) -> D:
        known = {name: value for name, value in members.items() if name in self._kind.fields}
        return msgspec.structs.replace(doc, **known)

    def _fold(self, doc: D) -> str:
        if self._kind.label is None:
            return ""
        return checked_fold(self._kind.name_of(doc), self._kind.name_field)

    def _row(self, doc: D, fold: str, slug: str, parent: str) -> dict[str, Any]:
        return {
            "name": self._kind.name_of(doc),
            "folded": fold,
            "slug": slug,
            "parent": parent,
            "body": self._kind.codec.write(doc),
            **self._kind.indexed(doc),
        }

    def _filtered(
        self,
        ids: Iterable[str] | None,
        name: str | None,
        partial_name: str | None,
        parent: str | None,
        where: Sequence[ColumnElement[bool]],
    ) -> Select[Any]:
        c = self._table.c
        query = select(c.body).where(*self._walls, *where)
        if wanted := list(ids or ()):
            query = query.where(c.id.in_(wanted))
        if name:
            query = query.where(c.folded == folded(name))
        if partial_name and (part := folded(partial_name)):
            query = query.where(c.folded.contains(part, autoescape=True))
        return query if parent is None else query.where(c.parent == parent)

    def _ordered(self, query: Select[Any], order: Sequence[str] | None) -> Select[Any]:
        c = self._table.c
        names = [*(order or self._kind.order), "number"]
        return query.order_by(*(c[name[1:]].desc() if name[0] == "-" else c[name] for name in names))

    def _refuse_doubles(self, doc: D, id: str, parent: str, fold: str) -> None:
        c = self._table.c
        same = select(c.id).where(c.space_id == self._space, c.parent == parent, c.folded == fold, c.id != id)
        if self._tx.scalar(same) is not None:
            self._double(doc, None)

    def _double(self, doc: D, error: Exception | None) -> NoReturn:
        name = self._kind.name_of(doc)
        if not name:
            raise Conflict(f"Id: {self._kind.title} '{getattr(doc, 'id', '')}' already exists.") from error
        raise Conflict(
            f"{self._kind.name_field}: {self._kind.title} '{name}' already exists. Use another name."
        ) from error

    def _slug(self, doc: D, id: str, parent: str) -> str:
        """The document's own slug, else a free one made from its name. Raises Conflict for a slug that is taken."""
        c = self._table.c
        given = str(getattr(doc, "slug", ""))
        base = given or slug_base(self._kind.name_of(doc) or id)
        near = (
            or_(c.slug == base, c.slug.startswith(f"{base}-", autoescape=True))
            if not given
            else c.slug == base
        )
        query = select(c.slug).where(c.space_id == self._space, c.parent == parent, near, c.id != id)
        taken = [row[0] for row in self._tx.run(query).all()]
        if given and taken:
            raise Conflict(
                f"Slug: '{given}' is the slug of another {self._kind.title}. Use another, or none to have one made."
            )
        return free_slug(base, taken)

    def _stale(self, doc: D, version: int, current: int | None) -> Conflict:
        what = f"{self._kind.title} '{self._kind.name_of(doc) or getattr(doc, 'id', '')}'"
        now = f"which is at version {current} by now" if current else "which was changed in this moment"
        return Conflict(
            f"Version: you changed version {version} of the {what}, {now}. "
            "Get it again, make your change to it, and send it with the version it has then.",
            details={"CurrentVersion": current},
        )
