"""What a webhook is sent, as the field's receivers know it, with headers of our own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from gurita.audit.resources import Event
from gurita.http.links import Links, with_links
from gurita.http.wire import encode, write
from gurita.kernel.clock import iso_of
from gurita.outbound.signing import signature
from gurita.secrets.service import hide
from gurita.subscriptions.resources import Subscription

if TYPE_CHECKING:
    from gurita.subscriptions.delivering.scanning import Told

__all__ = ["Batch", "audit_link", "body_of", "delivery_id", "headers_of"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that were found together. `prefix` begins links below the server, `url` is how people reach it ("": unknown)."""

    id: str
    size: int
    began: int
    prefix: str
    url: str


def delivery_id(installation: str, subscription: str, event: str, content: str) -> str:
    """The same for the same event of the same subscription, however often it is sent. `content` is the event's hash."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"gurita:{installation}/{subscription}/{event}/{content}"))


def body_of(told: Told, event: Event, place: int, batch: Batch, now: int) -> bytes:
    """The body about an event, the `place`-th of its batch."""
    links = Links(batch.prefix, told.space)
    payload: dict[str, Any] = {
        "ServerUri": batch.url or None,
        "ServerAuditUri": audit_link(batch.url, told, now) or None,
        "BatchProcessingDate": iso_of(batch.began),
        "Subscription": msgspec.Raw(_subscription(told, links)),
        "Event": msgspec.Raw(with_links(write(event), {"Self": links.space(f"events/{event.id}")})),
        "BatchId": batch.id,
        "TotalEventsInBatch": batch.size,
        "EventNumberInBatch": place,
    }
    return encode({"Timestamp": iso_of(now), "EventType": "SubscriptionPayload", "Payload": payload})


def headers_of(
    doc: Subscription, delivery: str, event: Event, value: str, secret: str, body: bytes, now: int
) -> dict[str, str]:
    """The headers: the user's own, those that name the delivery, and the proof if there is a `secret`."""
    told = doc.event_notification_subscription
    headers = {told.webhook_header_key: value} if told.webhook_header_key and value else {}
    headers |= {
        "Content-Type": "application/json; charset=utf-8",
        "X-Gurita-Delivery": delivery,
        "X-Gurita-Event": event.id,
    }
    if secret:
        headers["X-Gurita-Signature"] = signature(secret, now // 1000, body)
    return headers


def audit_link(url: str, told: Told, now: int) -> str:
    """The page with the events since the last time; "" where nobody said how the server is reached."""
    if not url:
        return ""
    filter = told.doc.event_notification_subscription.filter
    query: list[tuple[str, str]] = [
        (name, each)
        for name, values in (
            ("users", filter.users),
            ("projects", filter.projects),
            ("projectGroups", filter.project_groups),
            ("environments", filter.environments),
            ("tenants", filter.tenants),
            ("tags", filter.tags),
            ("eventGroups", filter.event_groups),
            ("eventCategories", filter.event_categories),
            ("eventAgents", filter.event_agents),
            ("documentTypes", filter.document_types),
        )
        for each in values
    ]
    if since := told.row["processed"]:
        query.append(("from", iso_of(since)))
    query.append(("to", iso_of(now)))
    space = f"{told.space}/" if told.space else ""
    return f"{url}/app#/{space}configuration/audit?{urlencode(query)}"


def _subscription(told: Told, links: Links) -> bytes:
    row, doc = told.row, told.doc
    shown = replace(
        doc.event_notification_subscription,
        webhook_last_processed=iso_of(row["processed"]) if row["processed"] else None,
        webhook_last_processed_event_auto_id=row["processed_event"],
    )
    doc = hide(replace(doc, event_notification_subscription=shown))
    place = (
        links.space(f"subscriptions/{doc.id}", told.space)
        if told.space
        else links.system(f"subscriptions/{doc.id}")
    )
    return with_links(write(doc), {"Self": place})
