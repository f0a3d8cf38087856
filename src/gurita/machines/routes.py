"""`machines`, `machineroles` (api.md 8)."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.catalog.serving import body_of, serve
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import Wire, write
from gurita.kernel.errors import Invalid
from gurita.machines import health, roles
from gurita.machines.policies import routes as policy_routes
from gurita.machines.resources import ListeningEndpoint, Machine, MachineConnection, SshEndpoint
from gurita.machines.rules import DEFAULT_AGENT_PORT, host_problems, port_problems
from gurita.machines.service import get_in, machines, register_in
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")

SSH_PORT = 22


class RegisterQuery(Wire):
    """`force` replaces a machine of the same name."""

    force: bool = False


class DiscoverQuery(Wire):
    """Where to look, and what for."""

    host: str = ""
    port: int | None = None
    type: Literal["Ssh", "TentaclePassive"] = field(default="TentaclePassive")


@_space.post("/machines", permission="MachineCreate", returns=Machine)
async def create(call: Call, body: Machine, query: RegisterQuery) -> bytes:
    """Adds a machine; `?force=true` replaces one of the same name."""
    ctx = call.context

    def register(tx: Tx) -> Machine:
        return get_in(tx, ctx, register_in(tx, ctx, body, force=query.force).id)

    return body_of(call, machines, await call.services.store.write(register))


@_space.get("/machines/discover", permission="MachineCreate", returns=Machine)
async def discover(call: Call, query: DiscoverQuery) -> Machine:
    """Dials a host and shows the fingerprint of its key, to be compared and put into a new machine."""
    port = query.port or (SSH_PORT if query.type == "Ssh" else DEFAULT_AGENT_PORT)
    if found := [*host_problems(query.host, "host"), *port_problems(port, "port")]:
        raise Invalid(*found)
    host = query.host.strip().strip("[]")
    fingerprint = str(await call.services.hub.discover(host, port))
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if query.type == "Ssh":
        uri = f"ssh://{place}/"
        endpoint: SshEndpoint | ListeningEndpoint = SshEndpoint(
            host=host, port=port, fingerprint=fingerprint, uri=uri
        )
    else:
        uri = f"https://{place}/"
        endpoint = ListeningEndpoint(uri=uri, thumbprint=fingerprint)
    return Machine(name=host, endpoint=endpoint, uri=uri, thumbprint=fingerprint, space_id=call.space)


@_space.get("/machines/{id}/connection", permission="MachineView", returns=MachineConnection)
async def connection(call: Call, id: str) -> bytes:
    """What the last health check of a machine saw."""
    found = await call.services.store.read(lambda tx: health.connection_in(tx, get_in(tx, call.context, id)))
    place = call.links.space(f"machines/{found.machine_id}")
    return with_links(write(found), {"Self": f"{place}/connection", "Machine": place})


@_space.get("/machineroles/all", permission="MachineView")
async def all_roles(call: Call) -> list[str]:
    """Every target tag a machine of the space has."""
    return await call.services.store.read(lambda tx: roles.all_in(tx, call.space))


@_space.get("/machines/operatingsystem/names/all", permission="MachineView")
async def operating_systems(call: Call) -> list[str]:
    """Every operating system a health check found."""
    return await call.services.store.read(lambda tx: health.seen_in(tx, call.space, "os"))


@_space.get("/machines/operatingsystem/shells/all", permission="MachineView")
async def shells(call: Call) -> list[str]:
    """Every shell a health check found."""
    return await call.services.store.read(lambda tx: health.seen_in(tx, call.space, "shell"))


routes = [*_space.items, *serve(machines, without="create"), *policy_routes.routes]
