"""`libraryvariablesets` (api.md 4)."""

from __future__ import annotations

from gurita.catalog.serving import serve
from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.library.resources import Usages
from gurita.library.service import get_in, library_sets
from gurita.library.usage import usages_in

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/libraryvariablesets/{id}/usages", permission="LibraryVariableSetView")
async def usages(call: Call, id: str) -> Usages:
    """Which projects include a set, and in which releases it is frozen."""
    ctx = call.context
    return await call.services.store.read(lambda tx: usages_in(tx, ctx, get_in(tx, ctx, id).id))


routes = [*_space.items, *serve(library_sets)]
