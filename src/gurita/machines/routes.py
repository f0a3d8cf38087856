"""`machines`, `machineroles` (api.md 8)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from gurita.catalog.serving import body_of, serve
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import Wire, write
from gurita.kernel.paging import MOST, Paging
from gurita.machines import health, roles
from gurita.machines.discovering import DiscoverQuery, discovered
from gurita.machines.filters import routes as filter_routes
from gurita.machines.policies import routes as policy_routes
from gurita.machines.pools import routes as pool_routes
from gurita.machines.records import MACHINES
from gurita.machines.resources import Machine, MachineConnection, MachineCounts
from gurita.machines.rules import counted
from gurita.machines.service import MachineQuery, get_in, machines, register_in
from gurita.machines.tables import machine_health, machine_role
from gurita.machines.workers import routes as worker_routes
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


class RegisterQuery(Wire):
    """`force` replaces a machine of the same name."""

    force: bool = False


def _seen(call: Call, machine: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """The condition that the viewer sees a machine; nothing for who sees all."""
    limits = MACHINES.visible
    found = limits(call.viewer, MACHINES.c, call.space) if limits else None
    return [] if found is None else [machine.in_(select(MACHINES.c.id).where(found))]


@_space.post("/machines", permission="MachineCreate", returns=Machine)
async def create(call: Call, body: Machine, query: RegisterQuery) -> bytes:
    """Adds a machine; `?force=true` replaces one of the same name."""
    ctx = call.context

    def register(tx: Tx) -> Machine:
        return get_in(tx, ctx.whole, register_in(tx, ctx, body, force=query.force).id)

    return body_of(call, machines, await call.services.store.write(register))


@_space.get("/machines/discover", permission="MachineCreate", returns=Machine)
async def discover(call: Call, query: DiscoverQuery) -> bytes:
    """Dials a host and shows the fingerprint of its key, to be compared and put into a new machine."""
    return with_links(write(Machine(**await discovered(call, query))), {})


@_space.get("/machines/summary", permission="MachineView")
async def summary(call: Call, query: MachineQuery) -> MachineCounts:
    """The machines a query asks for, counted."""
    ctx, every = call.context, Paging(0, MOST)
    page = await call.services.store.read(lambda tx: machines.list_in(tx, ctx, query, every))
    return MachineCounts(**counted(page.items))


@_space.get("/machines/{id}/connection", permission="MachineView", returns=MachineConnection)
async def connection(call: Call, id: str) -> bytes:
    """What the last health check of a machine saw."""
    found = await call.services.store.read(lambda tx: health.connection_in(tx, get_in(tx, call.context, id)))
    place = call.links.space(f"machines/{found.machine_id}")
    return with_links(write(found), {"Self": f"{place}/connection", "Machine": place})


@_space.get("/machineroles/all", permission="MachineView")
async def all_roles(call: Call) -> list[str]:
    """Every target tag a machine of the space has."""
    return await call.services.store.read(
        lambda tx: roles.all_in(tx, call.space, *_seen(call, machine_role.c.machine))
    )


@_space.get("/machines/operatingsystem/names/all", permission="MachineView")
async def operating_systems(call: Call) -> list[str]:
    """Every operating system a health check of a target found."""
    return await call.services.store.read(
        lambda tx: health.seen_in(tx, call.space, "os", MACHINES.name, *_seen(call, machine_health.c.machine))
    )


@_space.get("/machines/operatingsystem/shells/all", permission="MachineView")
async def shells(call: Call) -> list[str]:
    """Every shell a health check of a target found."""
    return await call.services.store.read(
        lambda tx: health.seen_in(
            tx, call.space, "shell", MACHINES.name, *_seen(call, machine_health.c.machine)
        )
    )


routes = [*_space.items, *serve(machines, without="create"), *policy_routes.routes, *pool_routes.routes]
routes += [*worker_routes.routes, *filter_routes.routes]
