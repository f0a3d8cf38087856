"""`gurita/machine-filters`."""

from __future__ import annotations

from gurita.http.call import Call
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.machines.filters.resources import MachineFilters
from gurita.machines.filters.service import get_in, save_in

__all__ = ["routes"]

_space = Routes("space")


def _shown(call: Call, found: MachineFilters) -> bytes:
    return with_links(write(found), {"Self": call.links.space("gurita/machine-filters")})


@_space.get("/gurita/machine-filters", permission="MachineView", returns=MachineFilters)
async def get(call: Call) -> bytes:
    """The filters of deployment targets that were saved in the space, for everybody who sees targets."""
    return _shown(call, await call.services.store.read(lambda tx: get_in(tx, call.context)))


@_space.put("/gurita/machine-filters", permission="MachineEdit", returns=MachineFilters)
async def put(call: Call, body: MachineFilters) -> bytes:
    """Replaces the saved filters of the space. A stale `Version` is refused with 409."""
    return _shown(call, await call.services.store.write(lambda tx: save_in(tx, call.context, body)))


routes = _space.items
"""Both routes."""
