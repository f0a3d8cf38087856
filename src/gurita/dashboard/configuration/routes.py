"""`dashboardconfiguration` (api.md 7)."""

from __future__ import annotations

from gurita.dashboard.configuration.resources import DashboardConfiguration
from gurita.dashboard.configuration.service import get_in, save_in
from gurita.http.call import Call
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import write

__all__ = ["routes"]

_space = Routes("space")


def _shown(call: Call, found: DashboardConfiguration) -> bytes:
    return with_links(write(found), {"Self": call.links.space("dashboardconfiguration")})


@_space.get("/dashboardconfiguration", permission="DeploymentView", returns=DashboardConfiguration)
async def get(call: Call) -> bytes:
    """What the caller wants to see on the dashboard."""
    return _shown(call, await call.services.store.read(lambda tx: get_in(tx, call.context)))


@_space.put("/dashboardconfiguration", permission="DeploymentView", returns=DashboardConfiguration)
async def put(call: Call, body: DashboardConfiguration) -> bytes:
    """Changes what the caller sees on the dashboard; nobody else's changes."""
    return _shown(call, await call.services.store.write(lambda tx: save_in(tx, call.context, body)))


routes = _space.items
