"""The common behaviour of a kind of document over REST: one place, so that all kinds behave alike.

    class Environments(Collection[Environment]):
        kind, body, item = ENVIRONMENTS, Environment, "Environment"
        path, permission = "environments", "Environment"
        template = "{/id}{?name,skip,ids,take,partialName}"
        links = {"Machines": "environments/{id}/machines{?skip,take}"}

        def problems(self, doc): ...
        def prepare(self, tx, ctx, before, after): ...

    environments = Environments()
    routes = [*serve(environments), *more.items]

What ends in `_in` runs inside a unit of the caller's; the rest are units of their own.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.catalog.hooks import Hooks
from gurita.catalog.stale import check_version
from gurita.catalog.visibility import must_at, place_in
from gurita.kernel.errors import Invalid, NotFound
from gurita.kernel.paging import MOST, Page, Paging
from gurita.secrets.service import keep_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement

    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.http.query import ListQuery
    from gurita.store.documents import DocumentKind, Repository
    from gurita.store.tx import Tx

__all__ = ["ID", "Collection"]

D = TypeVar("D", bound=msgspec.Struct)

ID = "{id}"
"""Stands for a document's id in templates of links."""


class Collection(Hooks[D]):
    """A kind of document. Refusals are raised as `gurita.kernel.errors` and leave nothing behind."""

    kind: DocumentKind[Any]
    body: Any
    item: str
    path: str
    permission: str
    level = "space"
    template = "{/id}{?skip,take,ids,partialName}"
    links: Mapping[str, str] = {}
    words = ""
    """How the kind is called in sentences, if not like `item`."""

    def open(self, tx: Tx, ctx: Context) -> Repository[D]:
        """The documents of the context's space, as far as its viewer sees them."""
        return self.kind.open(tx, ctx.space, ctx.viewer)

    def get_in(self, tx: Tx, ctx: Context, id: str) -> D:
        """A document as it is stored, by id, slug or name. Raises NotFound, also for another space's; Forbidden."""
        found = self.open(tx, ctx).find(id)
        if found is None:
            raise NotFound(id)
        return found

    def named_in(self, tx: Tx, ctx: Context, name: str) -> D | None:
        """The document of this name, in whatever case, as it is stored; None if there is none."""
        found = self.open(tx, ctx).list(Paging(), name=name).items if name.strip() else []
        return found[0] if found else None

    def list_in(
        self,
        tx: Tx,
        ctx: Context,
        query: ListQuery,
        paging: Paging | None = None,
        *,
        where: Sequence[ColumnElement[bool]] = (),
    ) -> Page[D]:
        """A page of what the query asks for and `where` lets through, as clients see it."""
        page = self.open(tx, ctx).list(
            paging or query.paging,
            ids=query.ids,
            name=query.name,
            partial_name=query.partial_name,
            where=[*where, *self.filters(tx, ctx, query)],
        )
        return Page(self.present(tx, ctx, page.items), page.total, page.paging)

    def create_in(self, tx: Tx, ctx: Context, doc: D) -> D:
        """Stores a new document and returns it. Whatever id and version it had do not count."""
        self._check_place(ctx, doc)
        doc = _with(doc, id="", space_id=ctx.space, version=0)
        self._refuse(doc)
        doc = self.prepare(tx, ctx, None, doc)
        must_at(tx, ctx, self.permission_to("Create"), self.kind, doc)
        doc = self.open(tx, ctx).insert(keep_in(tx, ctx.services.secrets, ctx.space, None, doc))
        self._record(tx, ctx, "Created", doc, after=doc)
        self.created(tx, ctx, doc)
        return doc

    def modify_in(self, tx: Tx, ctx: Context, id: str, doc: D) -> D:
        """Replaces a document and returns it; one that changes nothing leaves no trace. Raises Conflict if stale."""
        before = self.get_in(tx, ctx, id)
        self._check_place(ctx, doc, before)
        check_version(tx, self._words(), before, doc)
        slug = getattr(doc, "slug", "") or getattr(before, "slug", "")
        doc = _with(doc, id=_id(before), space_id=ctx.space, version=_version(before), slug=slug)
        must_at(tx, ctx, self.permission_to("Edit"), self.kind, before)
        self._refuse(doc)
        doc = self.prepare(tx, ctx, before, doc)
        must_at(tx, ctx, self.permission_to("Edit"), self.kind, doc)
        doc = keep_in(tx, ctx.services.secrets, ctx.space, before, doc)
        return before if doc == before else self.save_in(tx, ctx, before, doc)

    def save_in(self, tx: Tx, ctx: Context, before: D, after: D) -> D:
        """Stores a changed document without asking `problems` or `prepare`: for the feature's own changes."""
        after = self.kind.open(tx, ctx.space).update(after, _version(before))
        self._record(tx, ctx, "Modified", after, before=before, after=after)
        self.modified(tx, ctx, before, after)
        return after

    def delete_in(self, tx: Tx, ctx: Context, id: str) -> None:
        """Deletes a document. Raises Conflict naming what still uses it, Forbidden out of the viewer's scope."""
        doc = self.get_in(tx, ctx, id)
        must_at(tx, ctx, self.permission_to("Delete"), self.kind, doc)
        self.deleting(tx, ctx, doc)
        self.kind.open(tx, ctx.space, ctx.viewer, limited=False).delete(_id(doc))
        self._record(tx, ctx, "Deleted", doc, before=doc)

    async def get(self, ctx: Context, id: str) -> D:
        """A document as clients see it, by id, slug or name."""
        return await ctx.services.store.read(lambda tx: self.present(tx, ctx, [self.get_in(tx, ctx, id)])[0])

    async def list(self, ctx: Context, query: ListQuery) -> Page[D]:
        """A page of documents as clients see them."""
        return await ctx.services.store.read(lambda tx: self.list_in(tx, ctx, query))

    async def all(self, ctx: Context, query: ListQuery) -> builtins.list[D]:
        """All documents as clients see them; `skip` and `take` do not count."""
        page = await ctx.services.store.read(lambda tx: self.list_in(tx, ctx, query, Paging(0, MOST)))
        return page.items

    async def create(self, ctx: Context, doc: D) -> D:
        """Creates a document in a unit of its own; returns it as clients see it."""
        return await ctx.services.store.write(
            lambda tx: self.present(tx, ctx, [self.create_in(tx, ctx, doc)])[0]
        )

    async def modify(self, ctx: Context, id: str, doc: D) -> D:
        """Replaces a document in a unit of its own; returns it as clients see it."""
        return await ctx.services.store.write(
            lambda tx: self.present(tx, ctx, [self.modify_in(tx, ctx, id, doc)])[0]
        )

    async def delete(self, ctx: Context, id: str) -> None:
        """Deletes a document in a unit of its own."""
        await ctx.services.store.write(lambda tx: self.delete_in(tx, ctx, id))

    def link_templates(self, links: Links) -> dict[str, str]:
        """The links of every document: `Self`, and those of `links`, with `ID` for its id."""
        place = links.space if self.level == "space" else links.system
        found = {"Self": place(f"{self.path}/{ID}")}
        return found | {name: place(template) for name, template in self.links.items()}

    def links_of(self, links: Links, doc: D) -> dict[str, str]:
        """The links of a document."""
        id = _id(doc)
        return {name: template.replace(ID, id) for name, template in self.link_templates(links).items()}

    def permission_to(self, verb: str) -> str:
        """The permission for a verb: View, Create, Edit or Delete."""
        return f"{self.permission}{verb}"

    def event_space(self, ctx: Context, doc: D) -> str:
        """The space the events about a document belong to."""
        return ctx.space

    def _words(self) -> str:
        return self.words or self.item.lower()

    def _check_place(self, ctx: Context, doc: D, before: D | None = None) -> None:
        """What a client says of the place of a document must be where it sends it. Raises Invalid."""
        id, space = getattr(doc, "id", ""), getattr(doc, "space_id", "")
        if self.level == "space" and space and space.lower() != ctx.space.lower():
            raise Invalid(
                f"SpaceId: '{space}' is not the space of this address, which is {ctx.space}. "
                f"Send it to /api/{space}/{self.path}, or leave SpaceId out."
            )
        if before is not None and id and id.lower() != _id(before).lower():
            raise Invalid(
                f"Id: '{id}' is not the {self._words()} at this address, which is {_id(before)}. "
                f"Send it to {self.path}/{id}, or leave Id out."
            )

    def _refuse(self, doc: D) -> None:
        if found := list(self.problems(doc)):
            raise Invalid(*found)

    def _record(
        self, tx: Tx, ctx: Context, category: str, doc: D, *, before: D | None = None, after: D | None = None
    ) -> None:
        name = audit.mention(_id(doc), getattr(doc, "name", "") or _id(doc))
        message = f"{self._words().capitalize()} {name} was {category.lower()}"
        space = self.event_space(ctx, doc)
        related = [_id(doc), *_lies_in(tx, self.kind, before), *_lies_in(tx, self.kind, after)]
        audit.record(tx, ctx, category, message, related, before=before, after=after, space=space)


def _with(doc: D, **members: Any) -> D:
    """The document with those of the members it has."""
    known = type(doc).__struct_fields__
    changed: D = replace(doc, **{name: value for name, value in members.items() if name in known})
    return changed


def _lies_in(tx: Tx, kind: DocumentKind[Any], doc: Any) -> list[str]:
    """The ids of the project, environments and tenants a document lies in: whoever sees those sees its events."""
    place = None if doc is None else place_in(tx, kind, doc)
    if place is None:
        return []
    ids = {place.project, *(place.environments or ()), *(place.tenants or ())}
    return sorted(id for id in ids if id)


def _id(doc: Any) -> str:
    return str(doc.id)


def _version(doc: Any) -> int:
    return int(getattr(doc, "version", 0))
