"""`events` (api.md 10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from starlette.responses import Response, StreamingResponse

from gurita.audit.categories import CATEGORIES, DOCUMENT_TYPES
from gurita.audit.csv_lines import csv_lines
from gurita.audit.groups import AGENTS, GROUPS, applies_to
from gurita.audit.reading import EventQuery, block, find, list_events
from gurita.audit.resources import Event, EventAgent, EventCategory, EventDocumentType, EventGroup
from gurita.audit.trail.verification_routes import routes as _verification
from gurita.audit.trail_routes import routes as _trail
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import Wire, write
from gurita.kernel.errors import NotFound

__all__ = ["routes"]

_mixed = Routes("mixed")

_TEMPLATE = (
    "{/id}{?skip,regarding,regardingAny,user,users,projects,projectGroups,environments,eventGroups,eventCategories,"
    "eventAgents,tags,tenants,from,to,internal,fromAutoId,toAutoId,documentTypes,asCsv,asJson,take,ids,spaces,includeSystem,"
    "excludeDifference}"
)

_BLOCK = 1000
_MOST_LINES = 10_000_000
"""Events of one file; who needs more asks by dates."""


class AppliesToQuery(Wire):
    """What the kinds of events are to concern: `Subscription`, `Trigger`, `Machine`…"""

    applies_to: str = ""


def _body(call: Call, event: Event) -> bytes:
    return with_links(write(event), {"Self": call.links.space(f"events/{event.id}")})


@_mixed.get("/events", permission="EventView", returns=Listing[Event], also=("text/csv",))
async def list_(call: Call, query: EventQuery) -> bytes | Response:
    """The audit trail, newest first; with `asCsv` or `asJson` as a file."""
    if query.as_csv or query.as_json:
        return await _as_file(call, query)
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


class _Lines(Protocol):
    def __call__(self, events: Iterable[Event], *, head: bool) -> str: ...


def _json_lines(events: Iterable[Event], *, head: bool) -> str:
    """Items of a JSON array, one a line."""
    items = ",\n".join(write(each).decode() for each in events)
    return f"[\n{items}" if head else items and f",\n{items}"


_FORMS: dict[str, tuple[_Lines, str, str]] = {
    "csv": (csv_lines, "text/csv", "events.csv"),
    "json": (_json_lines, "application/json", "events.json"),
}


async def _as_file(call: Call, query: EventQuery) -> Response:
    """Block after block, so that a long trail needs little memory. The first is read before the answer begins."""

    lines_of, media, name = _FORMS["csv" if query.as_csv else "json"]
    whole = not query.as_csv and not query.exclude_difference

    async def read(before: int | None) -> list[Event]:
        return await call.services.store.read(
            lambda tx: block(tx, call.context, query, before, _BLOCK, whole=whole)
        )

    first = await read(None)

    async def lines() -> AsyncIterator[str]:
        found, sent = first, 0
        yield lines_of(found, head=True)
        while len(found) == _BLOCK and sent < _MOST_LINES and await call.still_allowed():
            sent += len(found)
            found = await read(int(found[-1].id.partition("-")[2]))
            yield lines_of(found, head=False)
        if not query.as_csv and len(found) < _BLOCK:  # one that was cut off does not look whole
            yield "\n]\n"

    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(lines(), media_type=media, headers=headers)


@_mixed.get("/events/categories", permission="EventView")
async def categories(_call: Call, query: AppliesToQuery) -> list[EventCategory]:
    """The kinds of events."""
    wanted = applies_to(query.applies_to)
    return [EventCategory(id=id, name=name) for id, name in CATEGORIES.items() if id in wanted]


@_mixed.get("/events/groups", permission="EventView")
async def groups(_call: Call, query: AppliesToQuery) -> list[EventGroup]:
    """Groups of kinds of events."""
    wanted = set(applies_to(query.applies_to))
    return [
        EventGroup(id=id, name=name, event_categories=list(inside))
        for id, (name, inside) in GROUPS.items()
        if wanted & set(inside)
    ]


@_mixed.get("/events/agents", permission="EventView")
async def agents(_call: Call) -> list[EventAgent]:
    """The kinds of programs that cause events."""
    return [EventAgent(id=id, name=name) for id, (name, _) in AGENTS.items()]


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


routes = [*_mixed.items, *_trail, *_verification]
