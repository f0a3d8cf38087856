"""What is set of the trail: how long events stay in the database, and where they are sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, field
from sqlalchemy import delete, insert, select

from gurita.audit import service as audit
from gurita.audit.trail.records import audit_setting
from gurita.audit.trail.sealing import last_head_in
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Moment, Wire
from gurita.kernel.errors import Invalid
from gurita.secrets.service import hide, keep_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["AuditStream", "EventRetention", "Position", "StreamStatus", "change_in", "put_in", "read_in"]

S = TypeVar("S", bound=msgspec.Struct)

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


class EventRetention(Wire):
    """How many days events stay in the database before they move to an archive; 0 is for ever."""

    id: str = "eventretention"
    event_retention_days: Annotated[int, Meta(ge=0, le=36_500)] = 0
    links: dict[str, str] = field(default_factory=dict)


class StreamStatus(Wire):
    """How far the stream is. `behind` counts sealed events that were not delivered yet."""

    delivered_seal: int = 0
    delivered_events: int = 0
    behind: int = 0
    last_delivered: Moment | None = None
    failures: int = 0
    last_error: str = ""


class AuditStream(Wire):
    """Where sealed events are sent. A file is in the folder `audit` of the node's data folder; a URL gets them by POST.

    `addresses` says which networks the URL may lead to. With a `secret` each delivery is signed (HMAC-SHA-256).
    """

    id: str = "audit-stream"
    is_enabled: bool = False
    stream_type: Literal["File", "Http"] = "File"
    file_name: Annotated[str, Meta(max_length=100)] = "events.jsonl"
    url: Annotated[str, Meta(max_length=2000)] = ""
    secret: SensitiveValue = field(default_factory=SensitiveValue)
    addresses: Literal["Public", "Neighbours", "Any"] = "Public"
    from_beginning: bool = False
    status: StreamStatus | None = None
    links: dict[str, str] = field(default_factory=dict)


class Position(msgspec.Struct, omit_defaults=True):
    """What was delivered: up to a seal, and the count of events up to it. `owner` delivers until `until` (milliseconds)."""

    seal: int = 0
    count: int = 0
    at: int = 0
    owner: str = ""
    until: int = 0
    failures: int = 0
    error: str = ""


_NAMES: dict[type[Any], str] = {EventRetention: "retention", AuditStream: "stream", Position: "position"}


def read_in(tx: Tx, kind: type[S]) -> S:
    """What is set, or the defaults."""
    body = tx.scalar(select(audit_setting.c.body).where(audit_setting.c.name == _NAMES[kind]))
    return kind() if body is None else msgspec.json.decode(body, type=kind)


def put_in(tx: Tx, value: msgspec.Struct) -> None:
    """Stores it in place of what was set."""
    name = _NAMES[type(value)]
    tx.run(delete(audit_setting).where(audit_setting.c.name == name))
    tx.run(insert(audit_setting).values(name=name, body=msgspec.json.encode(value).decode()))


def change_in(tx: Tx, ctx: Context, body: S) -> S:
    """Stores a setting with its event. Raises Invalid."""
    before = read_in(tx, type(body))
    after: Any = keep_in(tx, ctx.services.secrets, "", before, _plain(body))
    if isinstance(after, AuditStream):
        _check(after)
        if after.is_enabled and not before.is_enabled:  # type: ignore[attr-defined]
            _begin(tx, ctx, after)
    if after != before:
        put_in(tx, after)
        what = "stream" if isinstance(after, AuditStream) else "retention"
        audit.record(
            tx,
            ctx,
            "Modified",
            f"The {what} of the audit trail was changed",
            before=before,
            after=after,
            space="",
        )
    result: S = hide(after)
    return result


def _plain(body: Any) -> Any:
    """Without what only goes out."""
    kept = {"id": type(body)().id, "links": {}}
    if isinstance(body, AuditStream):
        kept["status"] = None
    return msgspec.structs.replace(body, **kept)


def _begin(tx: Tx, ctx: Context, stream: AuditStream) -> None:
    """A stream that is switched on goes on where it was, begins now, or at the beginning."""
    known = read_in(tx, Position)
    if stream.from_beginning:
        put_in(tx, Position())
    elif known == Position():
        head = last_head_in(tx, ctx.services.installation_id)
        put_in(tx, Position() if head is None else Position(head.seal, head.count))


def _check(stream: AuditStream) -> None:
    """Raises Invalid."""
    if not _FILE.fullmatch(stream.file_name):
        raise Invalid(
            "FileName: is a plain name of letters, digits, '.', '-' and '_'. The file is in the data folder's `audit`."
        )
    if stream.stream_type == "Http" and (stream.is_enabled or stream.url):
        try:
            parts = urlsplit(stream.url)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
            _ = parts.port
        except ValueError:
            good = False
        if not good or not stream.url.isprintable():
            raise Invalid(
                "Url: is no address. Write it as https://siem.example.com/events, without user and password."
            )
