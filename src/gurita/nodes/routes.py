"""`octopusservernodes`, `serverstatus`, `capabilities` (api.md 10)."""

from __future__ import annotations

from msgspec import field
from starlette.responses import Response

from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import with_links
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import Wire, write
from gurita.nodes import service, status
from gurita.nodes.resources import (
    Cluster,
    FeatureToggle,
    FeatureToggles,
    Node,
    NodeDetails,
    NodeSettings,
    NodeSummary,
)
from gurita.nodes.server_routes import routes as _server

__all__ = ["routes"]

_system = Routes("system")

TEAPOT = 418
"""What load balancers are told by a node that takes no new work."""

_TEMPLATE = "{/id}{?skip,take,ids,partialName}"


def _node(found: NodeSummary) -> Node:
    return Node(**{name: getattr(found, name) for name in Node.__struct_fields__})


def _body(call: Call, found: Node) -> bytes:
    place = call.links.system(f"octopusservernodes/{found.id}")
    return with_links(write(found), {"Self": place, "Details": f"{place}/details"})


@_system.get("/octopusservernodes", permission="ConfigureServer", returns=Listing[Node])
async def list_(call: Call, query: ListQuery) -> bytes:
    """All nodes."""
    found = await call.services.store.read(lambda tx: service.summaries_in(tx, call.context))
    partial, ids = query.partial_name.lower(), {id.lower() for id in query.ids}
    found = [one for one in found if partial in one.name.lower() and (not ids or one.id.lower() in ids)]
    page = found[query.skip : query.skip + query.take]
    return envelope(
        "OctopusServerNode",
        [_body(call, _node(one)) for one in page],
        len(found),
        query.paging,
        path=call.links.system("octopusservernodes"),
        template=_TEMPLATE,
        filters=call.filters(),
    )


@_system.get("/octopusservernodes/summary", permission="ConfigureServer", returns=Cluster)
async def summary(call: Call) -> bytes:
    """All nodes with what they do now."""
    found = await call.services.store.read(lambda tx: service.summaries_in(tx, call.context))
    nodes = b",".join(_body(call, one) for one in found)
    own = call.links.system("octopusservernodes/summary")
    return with_links(b'{"Nodes":[' + nodes + b"]}", {"Self": own})


@_system.get("/octopusservernodes/ping", permission=PUBLIC, returns=Node)
async def ping(call: Call) -> Response:
    """The node that answers: 200, or 418 while it is drained. For load balancers, without signing in."""
    name = call.services.settings.node_name
    found = await call.services.store.read(lambda tx: service.by_name_in(tx, call.context, name))
    if found is None:
        return Response(b'{"Name":"","IsOffline":true}', TEAPOT, media_type="application/json")
    refuses = found.is_in_maintenance_mode or found.is_offline
    return Response(_body(call, _node(found)), TEAPOT if refuses else 200, media_type="application/json")


@_system.get("/octopusservernodes/{id}", permission="ConfigureServer", returns=Node)
async def get(call: Call, id: str) -> bytes:
    """One node, by id or name."""
    found = await call.services.store.read(lambda tx: service.summary_in(tx, call.context, id))
    return _body(call, _node(found))


@_system.put("/octopusservernodes/{id}", permission="ConfigureServer", returns=Node)
async def modify(call: Call, id: str, body: NodeSettings) -> bytes:
    """Sets how many tasks the node runs at once; drains or resumes it."""
    await call.services.store.write(lambda tx: service.change_in(tx, call.context, id, body))
    return await get(call, id)


@_system.delete("/octopusservernodes/{id}", permission="ConfigureServer")
async def delete(call: Call, id: str) -> dict[str, str]:
    """Forgets a node that is offline."""
    await call.services.store.write(lambda tx: service.remove_in(tx, call.context, id))
    return {}


@_system.get("/octopusservernodes/{id}/details", permission="ConfigureServer")
async def details(call: Call, id: str) -> NodeDetails:
    """What exactly the node is at."""
    return NodeDetails(
        running_tasks=await call.services.store.read(lambda tx: service.running_in(tx, call.context, id))
    )


@_system.get("/capabilities", permission=SIGNED_IN)
async def capabilities(_call: Call) -> dict[str, list[str]]:
    """Requests this server understands that older ones did not."""
    return {"Capabilities": list(status.CAPABILITIES)}


class ToggleQuery(Wire):
    """Features asked for by name."""

    name: list[str] = field(default_factory=list)


@_system.get("/configuration/feature-toggles", permission=SIGNED_IN)
async def feature_toggles(_call: Call, query: ToggleQuery) -> FeatureToggles:
    """The field's unreleased features; none is known here, so each is off."""
    return FeatureToggles(feature_toggles=[FeatureToggle(name=name, is_enabled=False) for name in query.name])


routes = [*_system.items, *_server]
