"""`gurita/dashboard-views`."""

from __future__ import annotations

from gurita.dashboard.views.resources import DashboardViews
from gurita.dashboard.views.service import get_in, save_in
from gurita.http.call import Call
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import write

__all__ = ["routes"]

_space = Routes("space")


def _shown(call: Call, found: DashboardViews) -> bytes:
    return with_links(write(found), {"Self": call.links.space("gurita/dashboard-views")})


@_space.get("/gurita/dashboard-views", permission="DeploymentView", returns=DashboardViews)
async def get(call: Call) -> bytes:
    """The views of the dashboard the caller gave names to."""
    return _shown(call, await call.services.store.read(lambda tx: get_in(tx, call.context)))


@_space.put("/gurita/dashboard-views", permission="DeploymentView", returns=DashboardViews)
async def put(call: Call, body: DashboardViews) -> bytes:
    """Replaces the caller's own views; nobody else's change. A stale `Version` is refused with 409."""
    return _shown(call, await call.services.store.write(lambda tx: save_in(tx, call.context, body)))


routes = _space.items
