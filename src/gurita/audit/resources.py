"""Events of the audit trail (api.md 10)."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import field

from gurita.http.wire import Moment, Wire

__all__ = [
    "ChangeDetails",
    "Event",
    "EventAgent",
    "EventCategory",
    "EventDocumentType",
    "EventFact",
    "EventGroup",
    "MessageReference",
]


class MessageReference(Wire):
    """Where in the message a document is named. Positions count characters from 0."""

    referenced_document_id: str
    start_index: int
    length: int


class ChangeDetails(Wire):
    """What changed: the whole document where it was created or deleted, else one difference a member.

    A difference is `{Path, Op add|remove|replace, OldValue, Value}`; a secret shows only whether there is one, and its id.
    """

    document_context: Any = None
    differences: list[dict[str, Any]] = field(default_factory=list)


class Event(Wire):
    """One thing that was done."""

    id: str
    category: str
    user_id: str
    username: str
    occurred: Moment
    message: str
    message_html: str
    is_service: bool = False
    identity_established_with: str = ""
    user_agent: str = ""
    ip_address: str = ""
    space_id: str | None = None
    related_document_ids: list[str] = field(default_factory=list)
    message_references: list[MessageReference] = field(default_factory=list)
    comments: str | None = None
    details: str | None = None
    change_details: ChangeDetails = field(default_factory=ChangeDetails)


class EventFact(msgspec.Struct, frozen=True, kw_only=True):
    """What filters ask of an event. Never sent anywhere."""

    number: int
    category: str
    document_type: str = ""
    user_id: str = ""
    user_agent: str = ""
    related: tuple[str, ...] = ()


class EventCategory(Wire):
    """A kind of event."""

    id: str
    name: str
    links: dict[str, str] = field(default_factory=dict)


class EventGroup(EventCategory):
    """Kinds of events that belong together."""

    event_categories: list[str] = field(default_factory=list)


class EventAgent(EventCategory):
    """A kind of program that causes events."""


class EventDocumentType(Wire):
    """A kind of document events are about."""

    id: str
    name: str
    links: dict[str, str] = field(default_factory=dict)
