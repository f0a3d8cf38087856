"""`releases/{id}/defects` (api.md 5)."""

from __future__ import annotations

from gurita.http.call import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import with_links
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.releases.defects import service
from gurita.releases.defects.resources import Defect

__all__ = ["routes"]

_space = Routes("space")


def _shown(call: Call, defect: Defect) -> bytes:
    release = f"releases/{defect.release_id}"
    links = {
        "Self": call.links.space(f"{release}/defects"),
        "Release": call.links.space(release),
        "ResolveDefect": call.links.space(f"{release}/defects/resolve"),
    }
    return with_links(write(defect), links)


@_space.get("/releases/{id}/defects", permission="ReleaseView", returns=Listing[Defect])
async def list_(call: Call, id: str, query: ListQuery) -> bytes:
    """What held or holds a release back, the newest first."""
    page = await call.services.store.read(lambda tx: service.list_in(tx, call.context, id, query.paging))
    return envelope(
        "Defect",
        [_shown(call, defect) for defect in page.items],
        page.total,
        page.paging,
        path=call.links.space(f"releases/{id}/defects"),
        filters=call.filters(),
    )


@_space.post("/releases/{id}/defects", permission="DefectReport", returns=Defect)
async def report(call: Call, id: str, body: Defect) -> bytes:
    """Holds a release back: phases it has not reached yet are blocked until the defect is resolved."""
    made = await call.services.store.write(lambda tx: service.report_in(tx, call.context, id, body))
    return _shown(call, made)


@_space.post("/releases/{id}/defects/resolve", permission="DefectResolve", status=200, returns=Defect)
async def resolve(call: Call, id: str) -> bytes:
    """Lets a release go on."""
    found = await call.services.store.write(lambda tx: service.resolve_in(tx, call.context, id))
    return _shown(call, found)


routes = _space.items
