"""`spaces` (api.md 4)."""

from __future__ import annotations

from starlette.responses import Response

from gurita.access import service as access
from gurita.audit import service as audit
from gurita.catalog.logos import show_logo, take_logo
from gurita.catalog.serving import body_of, serve
from gurita.http.call import Call
from gurita.http.permissions import SIGNED_IN, Inside
from gurita.http.routes import Routes
from gurita.spaces.removing import begin_in
from gurita.spaces.resources import Space
from gurita.spaces.searching import SearchQuery, SpaceSearchResult, search_in
from gurita.spaces.service import all_in, get_in, spaces
from gurita.store.tx import Tx
from gurita.tasks import service as tasks
from gurita.tasks.resources import Task
from gurita.tasks.service import task_body

__all__ = ["routes"]

_system, _space = Routes("system"), Routes("space")


def _owner(tx: Tx, call: Call, id: str) -> tuple[str, str]:
    found = get_in(tx, call.context, id)
    return found.id, found.name


def _edited(tx: Tx, call: Call, id: str) -> tuple[str, str]:
    spaces.must_in(tx, call.context, "SpaceEdit", id)
    return _owner(tx, call, id)


@_system.get("/spaces/{id}/logo", permission=SIGNED_IN, media="image/*")
async def logo(call: Call, id: str) -> Response:
    """The picture of a space: its own, or one drawn from its name."""
    return await show_logo(call, lambda tx: _owner(tx, call, id))


@_system.post("/spaces/{id}/logo", permission=Inside("SpaceEdit"), status=200)
async def set_logo(call: Call, id: str) -> dict[str, str]:
    """Replaces the picture of a space by a PNG, JPEG, GIF or WebP."""

    def record(tx: Tx, owner: str) -> None:
        name = audit.mention(owner, get_in(tx, call.context, owner).name)
        audit.record(tx, call.context, "Modified", f"Logo of space {name} was replaced", [owner], space=owner)

    return await take_logo(call, lambda tx: _edited(tx, call, id), record)


@_system.get("/users/{id}/spaces", permission=SIGNED_IN, returns=list[Space])
async def of_user(call: Call, id: str) -> bytes:
    """The spaces a user may do anything in."""
    row = await access.seen(call, id)

    def read(tx: Tx) -> list[Space]:
        reaches = access.reaches_in(tx, row)
        mine = [one for one in all_in(tx, call.context) if reaches(one.id)]
        return spaces.present(tx, call.context, mine)

    found = await call.services.store.read(read)
    return b"[" + b",".join(body_of(call, spaces, one) for one in found) + b"]"


@_space.get("/search", permission=SIGNED_IN)
async def search(call: Call, query: SearchQuery) -> list[SpaceSearchResult]:
    """Documents of a space by a part of their names, as far as the caller may see them."""
    return await call.services.store.read(lambda tx: search_in(tx, call.context, query))


@_system.delete("/spaces/{id}", permission=Inside("SpaceDelete"), status=200, returns=Task)
async def delete(call: Call, id: str) -> bytes:
    """Begins to delete a space, whose task queue was stopped before; the task that does it."""

    def unit(tx: Tx) -> Task:
        return tasks.started_in(tx, call.context, begin_in(tx, call.context, id))

    return task_body(call, await call.services.store.write(unit))


routes = [*_system.items, *_space.items, *serve(spaces, without="delete")]
