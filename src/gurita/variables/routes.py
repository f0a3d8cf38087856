"""`variables` (api.md 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import field

from gurita.catalog.serving import body_of, serve
from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.errors import Forbidden, NotFound
from gurita.store.tx import Tx
from gurita.variables import keeping, seeing, service, warning
from gurita.variables.resources import VariableSecret, VariableSet, VariableWarning
from gurita.variables.scoped_routes import routes as scoped_routes

if TYPE_CHECKING:
    from gurita.http.context import Context

__all__ = ["routes"]

_space = Routes("space")


class IdsQuery(Wire):
    """Which sets are wanted; none named means all."""

    ids: list[str] = field(default_factory=list)


@_space.get("/variables/all", permission="VariableView", returns=list[VariableSet])
async def all_sets(call: Call, query: IdsQuery) -> bytes:
    """All variable sets, or those with the given ids."""
    ctx = call.context

    def read(tx: Tx) -> list[VariableSet]:
        if not query.ids:
            return service.variable_sets.present(tx, ctx, service.all_in(tx, ctx))
        found = [_find(tx, ctx, id) for id in query.ids]
        return service.variable_sets.present(tx, ctx, [one for one in found if one])

    docs = await call.services.store.read(read, long=True)
    return b"[" + b",".join(body_of(call, service.variable_sets, doc) for doc in docs) + b"]"


def _find(tx: Tx, ctx: Context, id: str) -> VariableSet | None:
    try:
        return service.get_in(tx, ctx, id)
    except (Forbidden, NotFound):
        return None


@_space.get("/variables/{id}/warnings", permission="VariableView")
async def warnings(call: Call, id: str) -> list[VariableWarning]:
    """What of a set is probably not meant: values that never apply or win only by their place, secrets too short to hide."""
    ctx = call.context
    return await call.services.store.read(
        lambda tx: warning.warnings_in(tx, ctx, service.get_in(tx, ctx, id))
    )


@_space.get("/variables/{id}/secrets", permission="VariableView")
async def secrets(call: Call, id: str) -> list[VariableSecret]:
    """Which sensitive variables of a set have a value, never what it is, and whether it was set anew since."""
    ctx = call.context

    def read(tx: Tx) -> list[VariableSecret]:
        return keeping.secrets_of(seeing.seen_in(tx, ctx, service.get_in(tx, ctx, id)))

    return await call.services.store.read(read)


routes = [
    *_space.items,
    *scoped_routes,
    *serve(service.variable_sets, without="list all create delete"),
]
