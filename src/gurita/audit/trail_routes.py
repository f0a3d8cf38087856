"""The chain's status, exports that can be verified, archives, retention and the stream."""

from __future__ import annotations

import msgspec
from msgspec import field
from sqlalchemy import func, select
from starlette.responses import Response, StreamingResponse

from gurita.audit import service as audit
from gurita.audit.records import event
from gurita.audit.trail import archiving
from gurita.audit.trail.chain import fingerprint
from gurita.audit.trail.exporting import exported
from gurita.audit.trail.keys import public_in
from gurita.audit.trail.records import audit_seal
from gurita.audit.trail.sealing import anchor_in, last_head_in
from gurita.audit.trail.settings import (
    AuditStream,
    EventRetention,
    Position,
    StreamStatus,
    change_in,
    read_in,
)
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import with_links
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import Moment, Wire, write
from gurita.kernel.clock import iso_of
from gurita.secrets.service import hide
from gurita.store.tx import Tx

__all__ = ["routes"]

_system = Routes("system")
routes = _system.items


class AuditStatus(Wire):
    """How far the trail is sealed. `head` is what is signed; `unsealed_events` were committed within the last second or so.

    `archived_events` are no longer in the database; the chain there goes on from the last archive.
    """

    id: str = "audit-status"
    sealed_events: int = 0
    unsealed_events: int = 0
    archived_events: int = 0
    seals: int = 0
    last_sealed: Moment | None = None
    public_key: str = ""
    key_fingerprint: str = ""
    head: dict[str, str | int] | None = None
    links: dict[str, str] = field(default_factory=dict)


class ArchivedEvents(Wire, kw_only=True):
    """A file of events that are no longer in the database: JSON lines, packed with gzip, which `gurita audit verify` reads."""

    id: str
    file_name: str
    file_bytes: int
    created_date: Moment
    from_: Moment = field(name="From")
    to: Moment
    event_count: int
    links: dict[str, str] = field(default_factory=dict)


def _status_in(tx: Tx, installation: str) -> AuditStatus:
    head, key, anchor = last_head_in(tx, installation), public_in(tx), anchor_in(tx)
    if head is None:
        waiting = int(tx.scalar(select(func.count()).select_from(event)))
        return AuditStatus(
            unsealed_events=waiting, public_key=key, key_fingerprint=fingerprint(key) if key else ""
        )
    highest = tx.scalar(select(audit_seal.c.highest).where(audit_seal.c.seal == head.seal))
    return AuditStatus(
        sealed_events=head.count,
        unsealed_events=int(tx.scalar(select(func.count()).where(event.c.number > highest))),
        archived_events=anchor.count,
        seals=head.seal,
        last_sealed=iso_of(head.sealed),
        public_key=key,
        key_fingerprint=fingerprint(key),
        head=msgspec.to_builtins(head),
    )


@_system.get("/gurita/audit/status", permission="EventView")
async def status(call: Call) -> AuditStatus:
    """How far the audit trail is sealed, and with which key."""
    installation = call.services.installation_id
    found = await call.services.store.read(lambda tx: _status_in(tx, installation))
    links = {
        "Self": call.links.system("gurita/audit/status"),
        "Export": call.links.system("gurita/audit/export"),
    }
    return msgspec.structs.replace(found, links=links)


@_system.get(
    "/gurita/audit/export", permission="AdministerSystem", returns=bytes, media="application/x-ndjson"
)
async def export(call: Call) -> Response:
    """Everything that is sealed and not archived, as lines `gurita audit verify --export` reads. Holds all spaces' events."""
    told = "The whole audit trail was exported"
    await call.services.store.write(
        lambda tx: audit.record(tx, call.context, "EventsExported", told, space="")
    )
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "no-store"}
    return StreamingResponse(exported(call.services), media_type="application/x-ndjson", headers=headers)


@_system.get("/events/archives", permission="EventRetentionView", returns=Listing[ArchivedEvents])
async def archives(call: Call, query: ListQuery) -> bytes:
    """The archives of events, newest first."""
    rows = await call.services.store.read(archiving.archives_in)
    items = []
    for row in rows:
        id = f"EventArchives-{row['number']}"
        if query.ids and id not in query.ids:
            continue
        place = call.links.system(f"events/archives/{id}")
        made = ArchivedEvents(
            id=id,
            file_name=archiving.name_of(row),
            file_bytes=row["size"],
            created_date=iso_of(row["created"]),
            from_=iso_of(row["begins"]),
            to=iso_of(row["ends"]),
            event_count=row["events"],
        )
        items.append(with_links(write(made), {"Self": place, "Download": place}))
    page = items[query.skip : query.skip + query.take]
    path = call.links.system("events/archives")
    return envelope(
        "ArchivedEvents", page, len(items), query.paging, path=path, template="{/id}{?skip,take,ids}"
    )


@_system.get(
    "/events/archives/{id}", permission="EventRetentionView", returns=bytes, media="application/gzip"
)
async def download(call: Call, id: str) -> Response:
    """An archive's file."""
    row = await call.services.store.read(lambda tx: archiving.find_in(tx, id))
    headers = {
        "Content-Disposition": f'attachment; filename="{archiving.name_of(row)}"',
        "Content-Length": str(row["size"]),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        call.services.blobs.stream(row["blob"]), media_type="application/gzip", headers=headers
    )


@_system.delete("/events/archives/{id}", permission="EventRetentionDelete")
async def drop(call: Call, id: str) -> bytes:
    """Deletes an archive's file for good. The chain still goes on from its signed head."""
    await call.services.store.write(lambda tx: archiving.drop_in(tx, call.context, id))
    return b"{}"


@_system.get("/eventretentionconfiguration", permission="EventRetentionView")
async def retention(call: Call) -> EventRetention:
    """How long events stay in the database."""
    found = await call.services.store.read(lambda tx: read_in(tx, EventRetention))
    return msgspec.structs.replace(found, links={"Self": call.links.system("eventretentionconfiguration")})


@_system.put("/eventretentionconfiguration", permission="ConfigureServer")
async def set_retention(call: Call, body: EventRetention) -> EventRetention:
    """Sets how long events stay in the database: the job that archives them runs once an hour."""
    found = await call.services.store.write(lambda tx: change_in(tx, call.context, body))
    return msgspec.structs.replace(found, links={"Self": call.links.system("eventretentionconfiguration")})


def _with_status(tx: Tx, call: Call, stream: AuditStream) -> AuditStream:
    position, head = read_in(tx, Position), last_head_in(tx, call.services.installation_id)
    told = StreamStatus(
        delivered_seal=position.seal,
        delivered_events=position.count,
        behind=max(0, (0 if head is None else head.count) - position.count) if stream.is_enabled else 0,
        last_delivered=iso_of(position.at) if position.at else None,
        failures=position.failures,
        last_error=position.error,
    )
    links = {"Self": call.links.system("audit-stream")}
    return msgspec.structs.replace(hide(stream), status=told, links=links)


@_system.get("/audit-stream", permission="ConfigureServer")
async def stream(call: Call) -> AuditStream:
    """Where sealed events are sent, and how far that is."""
    return await call.services.store.read(lambda tx: _with_status(tx, call, read_in(tx, AuditStream)))


@_system.put("/audit-stream", permission="ConfigureServer")
async def set_stream(call: Call, body: AuditStream) -> AuditStream:
    """Sets where sealed events are sent."""
    return await call.services.store.write(
        lambda tx: _with_status(tx, call, change_in(tx, call.context, body))
    )
