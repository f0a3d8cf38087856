"""`events` (api.md 10)."""

from __future__ import annotations

from gurita.audit.categories import CATEGORIES, DOCUMENT_TYPES
from gurita.audit.reading import EventQuery, find, list_events
from gurita.audit.resources import Event, EventCategory, EventDocumentType
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.kernel.errors import NotFound

__all__ = ["routes"]

_mixed = Routes("mixed")
routes = _mixed.items

_TEMPLATE = (
    "{/id}{?skip,regarding,regardingAny,user,users,projects,projectGroups,environments,eventCategories,tenants,from,to,"
    "fromAutoId,toAutoId,documentTypes,take,ids,spaces,includeSystem,excludeDifference}"
)


def _body(call: Call, event: Event) -> bytes:
    return with_links(write(event), {"Self": call.links.space(f"events/{event.id}")})


@_mixed.get("/events", permission="EventView", returns=Listing[Event])
async def list_(call: Call, query: EventQuery) -> bytes:
    """The audit trail, newest first."""
    page = await call.services.store.read(lambda tx: list_events(tx, call.context, query))
    return envelope(
        "Event",
        [_body(call, event) for event in page.items],
        page.total,
        page.paging,
        path=call.links.space("events"),
        template=_TEMPLATE,
        filters=call.filters(),
    )


@_mixed.get("/events/categories", permission="EventView")
async def categories(_call: Call) -> list[EventCategory]:
    """The kinds of events."""
    return [EventCategory(id=id, name=name) for id, name in CATEGORIES.items()]


@_mixed.get("/events/documenttypes", permission="EventView")
async def document_types(_call: Call) -> list[EventDocumentType]:
    """The kinds of documents events are about."""
    return [EventDocumentType(id=id, name=name) for id, name in DOCUMENT_TYPES.items()]


@_mixed.get("/events/{id}", permission="EventView", returns=Event)
async def get(call: Call, id: str) -> bytes:
    """One event."""
    event = await call.services.store.read(lambda tx: find(tx, call.context, id))
    if event is None:
        raise NotFound(id)
    return _body(call, event)
