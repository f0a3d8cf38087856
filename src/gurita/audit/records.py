"""The audit trail's tables. `occurred` is milliseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from gurita.store.tables import metadata

__all__ = ["RECORDED", "event", "event_related"]

RECORDED = "audit"
"""The channel on which units tell that they wrote events."""

_Big = BigInteger().with_variant(Integer, "sqlite")

event = Table(
    "event",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("space", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("is_service", Boolean, nullable=False),
    Column("established_with", Text, nullable=False),
    Column("ip", Text, nullable=False),
    Column("user_agent", Text, nullable=False),
    Column("occurred", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("mentions", Text, nullable=False),
    Column("related", Text, nullable=False),
    Column("changes", Text),
    Column("hash", Text),
)
"""`space` is empty for what concerns the system. `mentions`, `related` and `changes` are JSON. The id is
`Events-{number}`; numbers only grow, but a lower one may be committed later. `hash` is that of the content (`trail.chain`);
events of versions before it have none."""
Index("event_space", event.c.space, event.c.number)

event_related = Table(
    "event_related",
    metadata,
    Column("event", _Big, ForeignKey("event.number", ondelete="CASCADE"), primary_key=True),
    Column("document", Text, primary_key=True),
)
"""Which documents an event concerns."""
Index("event_related_document", event_related.c.document, event_related.c.event)
