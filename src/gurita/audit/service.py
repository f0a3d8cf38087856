"""Writing the audit trail, and reading it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, insert

from gurita.audit.categories import CATEGORIES, DOCUMENT_TYPES
from gurita.audit.earlier import earlier_in
from gurita.audit.following import (
    events_at_in,
    facts_in,
    highest_number_in,
    newest_seal_in,
    sealed_after_in,
)
from gurita.audit.groups import AGENTS, GROUPS
from gurita.audit.records import RECORDED, event, event_related
from gurita.audit.rules import changes, document_type, mention, unfolded
from gurita.audit.shown import SHOWN
from gurita.audit.trail.chain import content_hash
from gurita.audit.trail.sealing import SEALED
from gurita.engine.transitions import tell
from gurita.store.leaving import must_stay_in
from gurita.store.prepared import Prepared

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "AGENTS",
    "CATEGORIES",
    "DOCUMENT_TYPES",
    "GROUPS",
    "SEALED",
    "SHOWN",
    "earlier_in",
    "events_at_in",
    "facts_in",
    "highest_number_in",
    "mention",
    "newest_seal_in",
    "record",
    "sealed_after_in",
]

LONGEST_AGENT = 500

_COLUMNS = [column.name for column in event.c if column.name != "number"]
_EVENT = Prepared(
    insert(event).values({name: bindparam(name) for name in _COLUMNS}).returning(event.c.number)
)
_RELATED = Prepared(insert(event_related))
_encode = msgspec.json.Encoder().encode


def record(
    tx: Tx,
    ctx: Context,
    category: str,
    message: str,
    related: Iterable[str] = (),
    *,
    before: Any = None,
    after: Any = None,
    space: str | None = None,
) -> str:
    """Writes an event in the unit that does the deed, and returns its id.

    `category` is one of `CATEGORIES`. `message` may hold `mention(id, name)`; what it mentions is related, too, and the first
    of `related` says the document type, and what live pages are told has changed. `before` and `after` are the versions of
    a document; secrets in them show only that they are there. `space` is the context's unless said otherwise; "" is the system.
    Raises Conflict for a space that is being deleted: since every change has its event, nothing changes there any more.
    """
    text, mentions = unfolded(message)
    documents = list(dict.fromkeys([*filter(None, related), *(m.referenced_document_id for m in mentions)]))
    difference, viewer = changes(before, after), ctx.viewer
    where = ctx.space if space is None else space
    now = int(ctx.services.clock.now().timestamp() * 1000)
    must_stay_in(tx, where)
    values = {
        "space": where,
        "category": category,
        "document_type": document_type(documents[0]) if documents else "",
        "user_id": viewer.user_id,
        "username": viewer.username,
        "is_service": viewer.is_service,
        "established_with": viewer.established_with,
        "ip": viewer.ip,
        "user_agent": viewer.user_agent[:LONGEST_AGENT].replace("\x00", ""),
        "occurred": now,
        "message": text,
        "mentions": _encode(mentions).decode(),
        "related": _encode(documents).decode(),
        "changes": None if difference is None else _encode(difference).decode(),
    }
    values["hash"] = content_hash(values)
    number = tx.scalar(_EVENT, values)
    for document in documents:
        tx.run(_RELATED, {"event": number, "document": document})
    tx.notify(RECORDED)
    _show(tx, documents, where, now, category)
    return f"Events-{number}"


def _show(tx: Tx, documents: list[str], space: str, now: int, category: str) -> None:
    """Tells the live pages of a space which document has changed."""
    shown = SHOWN.get(documents[0].partition("-")[0]) if documents else None
    if space and shown:
        tell(tx, shown.kind, documents[0], now, {"category": category}, space)
