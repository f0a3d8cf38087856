"""`Idempotency-Key`: a POST sent twice with the same key has one effect and one answer.

For 24 hours the same key, viewer, path and body get the stored answer; another body is a conflict. A refused request
leaves no trace, so that it may be mended and sent again. A request whose end is not recorded (the server died, or it
failed on our side) is a conflict as well: whether it took effect is then for the caller to look up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from starlette.responses import Response, StreamingResponse

from gurita.http.context import Context
from gurita.kernel.errors import Conflict, Invalid, Refused
from gurita.store.tables import metadata
from gurita.store.tx import Tx

__all__ = ["Attempt", "idempotency", "once"]

KEPT = timedelta(hours=24)
_LONGEST_KEY = 200

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("status", Integer),
    Column("media", String(100)),
    Column("answer", LargeBinary),
    Column("created", BigInteger, nullable=False, index=True),
)
"""Requests that carried a key. `key` and `body` are SHA-256 in hex, `created` milliseconds since 1970; no `status`: not ended."""

_FIND = select(idempotency).where(idempotency.c.key == bindparam("k"))
_FORGET = delete(idempotency).where(idempotency.c.key == bindparam("k"))
_PURGE = delete(idempotency).where(idempotency.c.created < bindparam("before"))
_BEGIN = insert(idempotency)
_END = update(idempotency).where(idempotency.c.key == bindparam("k"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """What makes a request the same request."""

    key: str
    body: str

    @classmethod
    def of(cls, key: str, viewer: str, path: str, body: bytes) -> Attempt:
        """Raises Invalid for a key that is empty or too long."""
        if not 0 < len(key) <= _LONGEST_KEY:
            raise Invalid(f"Idempotency-Key: must have 1 to {_LONGEST_KEY} characters.")
        whole = f"{viewer}\x00{path}\x00{key}"
        return cls(hashlib.sha256(whole.encode()).hexdigest(), hashlib.sha256(body).hexdigest())


async def once(context: Context, attempt: Attempt, act: Callable[[], Awaitable[Response]]) -> Response:
    """The answer of `act`, or the one it gave before. Raises Conflict, and what `act` raises."""
    store = context.services.store
    now = context.services.milliseconds()
    earlier = await store.write(lambda tx: _begin(tx, attempt, now))
    if earlier is not None:
        return earlier
    try:
        response = await act()
    except Refused:
        await store.write(lambda tx: _forget(tx, attempt))
        raise
    if isinstance(response, StreamingResponse):
        await store.write(lambda tx: _forget(tx, attempt))
    else:
        await store.write(lambda tx: _end(tx, attempt, response))
    return response


def _begin(tx: Tx, attempt: Attempt, now: int) -> Response | None:
    """Inside a unit: the stored answer, or None and a row that says it has begun."""
    tx.run(_PURGE, {"before": now - int(KEPT.total_seconds() * 1000)})
    row = tx.one(_FIND, {"k": attempt.key})
    if row is None:
        try:
            with tx.nested():
                tx.run(_BEGIN, {"key": attempt.key, "body": attempt.body, "created": now})
        except IntegrityError:
            raise Conflict(
                "Idempotency-Key: a request with this key is being answered by another node."
            ) from None
        return None
    if row["body"] != attempt.body:
        raise Conflict("Idempotency-Key: this key was used for a request with another body. Use a new key.")
    if row["status"] is None:
        raise Conflict(
            "Idempotency-Key: a request with this key has begun and its end is not known. "
            "Look whether it took effect; then send it again with a new key, or not at all."
        )
    return Response(row["answer"], row["status"], {"Idempotent-Replayed": "true"}, row["media"])


def _forget(tx: Tx, attempt: Attempt) -> None:
    tx.run(_FORGET, {"k": attempt.key})


def _end(tx: Tx, attempt: Attempt, response: Response) -> None:
    values = {"status": response.status_code, "media": response.media_type, "answer": bytes(response.body)}
    tx.run(_END.values(**values), {"k": attempt.key})
