"""`workers` (api.md 8)."""

from __future__ import annotations

from gurita.catalog.serving import body_of, serve
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.machines import health
from gurita.machines.discovering import DiscoverQuery, discovered
from gurita.machines.records import WORKERS
from gurita.machines.resources import MachineConnection, Worker
from gurita.machines.workers.service import get_in, register_in, workers
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


@_space.post("/workers", permission="WorkerEdit", returns=Worker)
async def create(call: Call, body: Worker) -> bytes:
    """Adds a worker."""
    ctx = call.context

    def register(tx: Tx) -> Worker:
        return get_in(tx, ctx.whole, register_in(tx, ctx, body).id)

    return body_of(call, workers, await call.services.store.write(register))


@_space.get("/workers/discover", permission="WorkerEdit", returns=Worker)
async def discover(call: Call, query: DiscoverQuery) -> bytes:
    """Dials a host and shows the fingerprint of its key, to be compared and put into a new worker."""
    return with_links(write(Worker(**await discovered(call, query))), {})


@_space.get("/workers/{id}/connection", permission="WorkerView", returns=MachineConnection)
async def connection(call: Call, id: str) -> bytes:
    """What the last health check of a worker saw."""
    found = await call.services.store.read(lambda tx: health.connection_in(tx, get_in(tx, call.context, id)))
    place = call.links.space(f"workers/{found.machine_id}")
    return with_links(write(found), {"Self": f"{place}/connection", "Machine": place})


@_space.get("/workers/operatingsystem/names/all", permission="WorkerView")
async def operating_systems(call: Call) -> list[str]:
    """Every operating system a health check of a worker found."""
    return await call.services.store.read(lambda tx: health.seen_in(tx, call.space, "os", WORKERS.name))


@_space.get("/workers/operatingsystem/shells/all", permission="WorkerView")
async def shells(call: Call) -> list[str]:
    """Every shell a health check of a worker found."""
    return await call.services.store.read(lambda tx: health.seen_in(tx, call.space, "shell", WORKERS.name))


routes = [*_space.items, *serve(workers, without="create")]
