"""`lifecycles` and `channels` (api.md 4)."""

from __future__ import annotations

from gurita.catalog.serving import body_of, serve
from gurita.environments import service as environments
from gurita.http.call import Call
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.kernel.paging import MOST, Paging
from gurita.lifecycles.channels import routes as channel_routes
from gurita.lifecycles.resources import Lifecycle
from gurita.lifecycles.retention.routes import routes as retention
from gurita.lifecycles.rules import previewed
from gurita.lifecycles.service import lifecycles
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


def _environments(tx: Tx, call: Call) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in environments.all_in(tx, call.context)]


@_space.get("/lifecycles/previews", permission="LifecycleView", returns=list[Lifecycle])
async def previews(call: Call, query: ListQuery) -> bytes:
    """Lifecycles with their phases as they work out now: all of them, or those with the given ids."""
    ctx = call.context

    def read(tx: Tx) -> list[Lifecycle]:
        order = _environments(tx, call)
        return [previewed(one, order) for one in lifecycles.list_in(tx, ctx, query, Paging(0, MOST)).items]

    found = await call.services.store.read(read)
    return b"[" + b",".join(body_of(call, lifecycles, one) for one in found) + b"]"


@_space.get("/lifecycles/{id}/preview", permission="LifecycleView", returns=Lifecycle)
async def preview(call: Call, id: str) -> bytes:
    """A lifecycle with its phases as they work out now."""
    ctx = call.context
    found = await call.services.store.read(
        lambda tx: previewed(lifecycles.get_in(tx, ctx, id), _environments(tx, call))
    )
    return body_of(call, lifecycles, found)


routes = [*_space.items, *serve(lifecycles), *channel_routes.routes, *retention]
