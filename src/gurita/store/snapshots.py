"""Frozen documents, stored once a space however often they are frozen unchanged."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from gurita.kernel.errors import NotFound
from gurita.store.prepared import Prepared
from gurita.store.tables import snapshot
from gurita.store.tx import Tx

__all__ = ["get_in", "keep_in"]

_encode = msgspec.json.Encoder(order="deterministic").encode
_ROW: dict[str, Any] = {each.name: bindparam(f"new_{each.name}") for each in snapshot.c}
_KEEP = {
    "sqlite": Prepared(sqlite.insert(snapshot).values(_ROW).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(snapshot).values(_ROW).on_conflict_do_nothing()),
}
_GET = Prepared(
    select(snapshot.c.body).where(
        snapshot.c.space_id == bindparam("space"),
        snapshot.c.id == bindparam("id"),
        snapshot.c.kind == bindparam("kind"),
    )
)


def keep_in(tx: Tx, space: str, kind: str, body: msgspec.Struct | bytes) -> str:
    """Freezes a document (or its JSON) and returns the id under which the space finds it again."""
    text = body if isinstance(body, bytes) else _encode(body)
    id = hashlib.sha256(kind.encode() + b"\n" + text).hexdigest()
    tx.run(
        _KEEP[tx.dialect],
        {"new_space_id": space, "new_id": id, "new_kind": kind, "new_body": text.decode()},
    )
    return id


def get_in(tx: Tx, space: str, kind: str, id: str) -> bytes:
    """The JSON of a frozen document. Raises NotFound, also for another space's."""
    body = tx.scalar(_GET, {"space": space, "kind": kind, "id": id})
    if body is None:
        raise NotFound(id)
    return bytes(str(body).encode())
