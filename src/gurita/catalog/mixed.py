"""Kinds that live both in spaces and in the system: teams, scoped user roles, subscriptions (api.md §1).

Below a space a list shows the space's and, unless told not to, the system's; below none it shows all that the viewer may
see, or those of the `spaces` asked for. One document is found by its id wherever it is, if the viewer may see it there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from msgspec import field
from sqlalchemy import ColumnElement, func, select

from gurita.catalog.collection import Collection
from gurita.catalog.serving import body_of, listed
from gurita.http.call import Call
from gurita.http.context import Context
from gurita.http.envelope import Listing
from gurita.http.query import ListQuery
from gurita.http.routes import Route, Routes
from gurita.kernel.errors import Forbidden, NotFound
from gurita.kernel.ids import folded
from gurita.kernel.paging import MOST, Page, Paging
from gurita.store.kinds import KINDS

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["MixedQuery", "found_in", "mixed_page", "serve_mixed", "visible_spaces"]

Handler = Callable[..., Awaitable[Any]]


class MixedQuery(ListQuery, kw_only=True):
    """`spaces` narrows a list to some of them, `include_system` adds what belongs to none."""

    spaces: list[str] = field(default_factory=list)
    include_system: bool = True


def visible_spaces(tx: Tx, ctx: Context, permission: str, query: MixedQuery) -> list[str]:
    """The spaces a list shows, "" for the system: those asked for in which the viewer holds the permission."""
    table = KINDS["Spaces"].table
    named = {each.lower() for each in query.spaces}
    present = (
        [ctx.space] if ctx.space else [row["id"] for row in tx.all(select(table.c.id).order_by(table.c.id))]
    )
    wanted = [space for space in present if ctx.space or not named or space.lower() in named]
    if query.include_system:
        wanted.append("")
    return [space for space in wanted if ctx.viewer.may(permission, space)]


def mixed_page(tx: Tx, ctx: Context, collection: Collection[Any], query: Any, paging: Paging) -> Page[Any]:
    """A page of documents of several spaces, as clients see them."""
    kind = collection.kind
    c = kind.c
    where: list[ColumnElement[bool]] = [
        c.space_id.in_(visible_spaces(tx, ctx, collection.permission_to("View"), query))
    ]
    if query.ids:
        where.append(c.id.in_(query.ids))
    if query.name:
        where.append(c.folded == folded(query.name))
    if query.partial_name:
        where.append(c.folded.contains(folded(query.partial_name), autoescape=True))
    where += collection.filters(tx, ctx, query)
    rows = select(c.body).where(*where).order_by(c.folded, c.number)
    found = tx.all(rows.limit(paging.take).offset(paging.skip)) if paging.take else []
    total = int(tx.scalar(select(func.count()).select_from(kind.table).where(*where)))
    docs = [kind.codec.read(row["body"], kind.struct) for row in found]
    return Page(collection.present(tx, ctx, docs), total, paging)


def found_in(tx: Tx, ctx: Context, collection: Collection[Any], id: str, permission: str) -> Context:
    """The context of the place a document lives in. Raises NotFound, also where the viewer may not see it; Forbidden."""
    c = collection.kind.c
    row = tx.one(select(c.space_id).where(func.lower(c.id) == id.lower()))
    space = row["space_id"] if row is not None else None
    if space is None or (ctx.space and space not in ("", ctx.space)):
        raise NotFound(id)
    if not ctx.viewer.may(collection.permission_to("View"), space):
        raise NotFound(id)
    if not ctx.viewer.may(permission, space):
        raise Forbidden(permission, space=space)
    return ctx.within(space)


def serve_mixed(collection: Collection[Any]) -> list[Route]:
    """The six routes of a mixed collection. A new document belongs to the space of the path, else to its own `SpaceId`."""
    routes = Routes("mixed")
    one = f"/{collection.path}/{{id}}"
    body = collection.body
    page, whole = Listing[body], list[body]  # type: ignore[valid-type]
    table = (
        ("list", "GET", f"/{collection.path}", "View", 200, page, {"query": MixedQuery}),
        ("all", "GET", f"/{collection.path}/all", "View", 200, whole, {"query": MixedQuery}),
        ("get", "GET", one, "View", 200, body, {"id": str}),
        ("create", "POST", f"/{collection.path}", "Create", 201, body, {"body": body}),
        ("modify", "PUT", one, "Edit", 200, body, {"id": str, "body": body}),
        ("delete", "DELETE", one, "Delete", 200, dict[str, str], {"id": str}),
    )
    handlers = _reading(collection) | _writing(collection)
    for name, method, path, verb, status, returns, arguments in table:
        handler = handlers[name]
        handler.__annotations__ = {"call": Call, **arguments, "return": bytes}
        handler.__name__ = handler.__qualname__ = f"{name}_{collection.path}"
        handler.__doc__ = f"{name.capitalize()}: {collection.words or collection.item.lower()}."
        permission = collection.permission_to(verb)
        routes.add(method, path, permission=permission, status=status, returns=returns)(handler)
    return routes.items


def _reading(collection: Collection[Any]) -> dict[str, Handler]:
    async def pages(call: Call, query: MixedQuery, paging: Paging) -> Page[Any]:
        return await call.services.store.read(
            lambda tx: mixed_page(tx, call.context, collection, query, paging)
        )

    async def list_(call: Call, query: MixedQuery) -> bytes:
        found = await pages(call, query, query.paging)
        return listed(call, collection, found)

    async def all_(call: Call, query: MixedQuery) -> bytes:
        found = await pages(call, query, Paging(0, MOST))
        return b"[" + b",".join(body_of(call, collection, doc) for doc in found.items) + b"]"

    async def get(call: Call, id: str) -> bytes:
        def query(tx: Tx) -> Any:
            ctx = found_in(tx, call.context, collection, id, collection.permission_to("View"))
            return collection.present(tx, ctx, [collection.get_in(tx, ctx, id)])[0]

        return body_of(call, collection, await call.services.store.read(query))

    return {"list": list_, "all": all_, "get": get}


def _writing(collection: Collection[Any]) -> dict[str, Handler]:
    async def create(call: Call, body: Any) -> bytes:
        ctx = _place(call.context, body, collection.permission_to("Create"))
        return body_of(call, collection, await collection.create(ctx, body))

    async def modify(call: Call, id: str, body: Any) -> bytes:
        def unit(tx: Tx) -> Any:
            ctx = found_in(tx, call.context, collection, id, collection.permission_to("Edit"))
            return collection.present(tx, ctx, [collection.modify_in(tx, ctx, id, body)])[0]

        return body_of(call, collection, await call.services.store.write(unit))

    async def delete(call: Call, id: str) -> dict[str, str]:
        def unit(tx: Tx) -> None:
            ctx = found_in(tx, call.context, collection, id, collection.permission_to("Delete"))
            collection.delete_in(tx, ctx, id)

        await call.services.store.write(unit)
        return {}

    return {"create": create, "modify": modify, "delete": delete}


def _place(ctx: Context, body: Any, permission: str) -> Context:
    """Where a new document goes. Raises Forbidden."""
    if not ctx.space and body.space_id:
        ctx = ctx.within(body.space_id)
    if not ctx.viewer.may(permission, ctx.space):
        raise Forbidden(permission, space=ctx.space)
    return ctx
