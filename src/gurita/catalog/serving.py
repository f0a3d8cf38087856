"""The routes of a collection: list, all, get, create, modify, delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from gurita.catalog.collection import ID, Collection
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import Links, with_links
from gurita.http.query import ListQuery
from gurita.http.routes import Route, Routes
from gurita.http.wire import encode, write
from gurita.kernel.paging import Page
from gurita.secrets.service import hide, is_clear

__all__ = ["body_of", "listed", "serve"]

Handler = Callable[..., Awaitable[Any]]


def body_of(call: Call, collection: Collection[Any], doc: Any) -> bytes:
    """A document as JSON, with links and without secrets."""
    return _bodies(call.links, collection, [doc])[0]


def listed(call: Call, collection: Collection[Any], page: Page[Any], path: str | None = None) -> bytes:
    """The envelope of a page. `path` is below the space (or /api), if not the collection's own."""
    links = call.links
    place = links.space if collection.level == "space" else links.system
    return envelope(
        collection.item,
        _bodies(links, collection, page.items),
        page.total,
        page.paging,
        path=place(path or collection.path),
        template="{?skip,take}" if path else collection.template,
        filters=call.filters(),
    )


def _bodies(links: Links, collection: Collection[Any], docs: Sequence[Any]) -> list[bytes]:
    """Documents as JSON. Their links differ only by id unless the collection makes its own: then they are made once."""
    if type(collection).links_of is not Collection.links_of:
        return [with_links(write(hide(doc)), collection.links_of(links, doc)) for doc in docs]
    between = (b"," + encode({"Links": collection.link_templates(links)})[1:]).split(ID.encode())
    kinds: set[type] = {type(doc) for doc in docs}
    shown = docs if all(map(is_clear, kinds)) else [hide(doc) for doc in docs]
    return [
        (write(doc) if getattr(doc, "extras", None) else encode(doc))[:-1] + doc.id.encode().join(between)
        for doc in shown
    ]


def serve(collection: Collection[Any], *, without: str = "") -> list[Route]:
    """The six routes of a collection, but not those named in `without`: of `list all get create modify delete`."""
    routes = Routes("space" if collection.level == "space" else "system")
    one = f"/{collection.path}/{{id}}"
    body, query = collection.body, collection.query
    page, whole = Listing[body], list[body]  # type: ignore[valid-type]
    table = (
        ("list", "GET", f"/{collection.path}", "View", 200, page, {"query": query}),
        ("all", "GET", f"/{collection.path}/all", "View", 200, whole, {"query": query}),
        ("get", "GET", one, "View", 200, body, {"id": str}),
        ("create", "POST", f"/{collection.path}", "Create", 201, body, {"body": body}),
        ("modify", "PUT", one, "Edit", 200, body, {"id": str, "body": body}),
        ("delete", "DELETE", one, "Delete", 200, dict[str, str], {"id": str}),
    )
    handlers = _handlers(collection)
    for name, method, path, verb, status, returns, arguments in table:
        if name in without.split():
            continue
        handler = handlers[name]
        handler.__annotations__ = {"call": Call, **arguments, "return": bytes}
        handler.__name__ = handler.__qualname__ = f"{name}_{collection.path.replace('/', '_')}"
        handler.__doc__ = _summary(name, collection.words or collection.item.lower())
        permission = collection.permission_to(verb)
        routes.add(method, path, permission=permission, status=status, returns=returns)(handler)
    return routes.items


def _summary(name: str, words: str) -> str:
    many = f"{words[:-1]}ies" if words.endswith("y") else f"{words}es" if words.endswith("s") else f"{words}s"
    one = f"{'an' if words[0] in 'aeio' else 'a'} {words}"
    return {
        "list": f"Lists {many}, a page at a time.",
        "all": f"Lists all {many}.",
        "get": f"Shows {one}, by id, slug or name.",
        "create": f"Makes {one}.",
        "modify": f"Replaces {one}.",
        "delete": f"Deletes {one}.",
    }[name]


def _handlers(collection: Collection[Any]) -> dict[str, Handler]:
    async def list_(call: Call, query: ListQuery) -> bytes:
        return listed(call, collection, await collection.list(call.context, query))

    async def all_(call: Call, query: ListQuery) -> bytes:
        docs = await collection.all(call.context, query)
        return b"[" + b",".join(_bodies(call.links, collection, docs)) + b"]"

    async def get(call: Call, id: str) -> bytes:
        return body_of(call, collection, await collection.get(call.context, id))

    async def create(call: Call, body: Any) -> bytes:
        return body_of(call, collection, await collection.create(call.context, body))

    async def modify(call: Call, id: str, body: Any) -> bytes:
        return body_of(call, collection, await collection.modify(call.context, id, body))

    async def delete(call: Call, id: str) -> dict[str, str]:
        await collection.delete(call.context, id)
        return {}

    return {"list": list_, "all": all_, "get": get, "create": create, "modify": modify, "delete": delete}
