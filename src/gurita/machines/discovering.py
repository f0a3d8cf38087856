"""Looking at a host that is to become a target or worker: `discover` of both."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from gurita.http.api import Call
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.machines.dialling import proxy_in
from gurita.machines.resources import ListeningEndpoint, SshEndpoint
from gurita.machines.rules import DEFAULT_AGENT_PORT, host_problems, port_problems
from gurita.transport.errors import TransportError

__all__ = ["DiscoverQuery", "discovered"]

SSH_PORT = 22


class DiscoverQuery(Wire):
    """Where to look, through which proxy, and what for."""

    host: str = ""
    port: int | None = None
    type: Literal["Ssh", "TentaclePassive"] = field(default="TentaclePassive")
    proxy_id: str = ""


async def discovered(call: Call, query: DiscoverQuery) -> dict[str, Any]:
    """The members of a new machine for the host, with the fingerprint it shows now.

    Raises Invalid when nothing can be reached there, NotFound for an unknown proxy.
    """
    port = query.port or (SSH_PORT if query.type == "Ssh" else DEFAULT_AGENT_PORT)
    if found := [*host_problems(query.host, "host"), *port_problems(port, "port")]:
        raise Invalid(*found)
    host = query.host.strip().strip("[]")
    proxy = await call.services.store.read(lambda tx: proxy_in(tx, call.context, query.proxy_id))
    try:
        fingerprint = str(await call.services.hub.discover(host, port, proxy))
    except TransportError as error:
        raise Invalid(
            f"host: {error}. Check the name, the port, and that the host lets this server in."
        ) from error
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if query.type == "Ssh":
        uri = f"ssh://{place}/"
        endpoint: SshEndpoint | ListeningEndpoint = SshEndpoint(
            host=host, port=port, fingerprint=fingerprint, uri=uri, proxy_id=query.proxy_id or None
        )
    else:
        uri = f"https://{place}/"
        endpoint = ListeningEndpoint(uri=uri, thumbprint=fingerprint, proxy_id=query.proxy_id or None)
    return {
        "name": host,
        "endpoint": endpoint,
        "uri": uri,
        "thumbprint": fingerprint,
        "space_id": call.space,
    }
