"""`Idempotency-Key`: a POST sent twice with the same key has one effect and one answer.

For 24 hours the same key, viewer, path and body get the stored answer; another body is a conflict. A refused request
leaves no trace, so that it may be mended and sent again.

The key is written in the unit that does the deed: a server that dies before it leaves no key, and the request may come
again; one that dies after it leaves a key without an answer, and the repeat is told that the deed was done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
from gurita.store.db import accompanied
from gurita.store.tables import metadata
from gurita.store.tx import Tx

__all__ = ["Attempt", "idempotency", "once"]

_KEPT = 24 * 3600 * 1000
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
"""Requests that carried a key. `key` and `body` are SHA-256 in hex, `created` milliseconds since 1970; no `status`: done, its answer lost or under way."""

_FIND = select(idempotency).where(idempotency.c.key == bindparam("k"))
_FORGET = delete(idempotency).where(idempotency.c.key == bindparam("k"))
_PURGE = delete(idempotency).where(idempotency.c.created < bindparam("before"))
_BEGIN = insert(idempotency)
_END = update(idempotency).where(idempotency.c.key == bindparam("k"))

_under_way: set[str] = set()
"""Keys of requests this process is answering."""


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
    earlier = await store.read(lambda tx: _earlier(tx, attempt, now - _KEPT))
    if earlier is not None:
        return earlier
    if attempt.key in _under_way:
        raise Conflict("Idempotency-Key: a request with this key is being answered. Ask again in a moment.")
    mark = _Mark(attempt, now)
    _under_way.add(attempt.key)
    try:
        with accompanied(mark.leave):
            response = await act()
    except Refused:
        if mark.left:
            await store.write(lambda tx: tx.run(_FORGET, {"k": attempt.key}))
        raise
    else:
        await store.write(lambda tx: mark.answer(tx, response))
        return response
    finally:
        mark.over = True
        _under_way.discard(attempt.key)


class _Mark:
    """A request's row: left with its first unit, completed with its answer."""

    def __init__(self, attempt: Attempt, now: int) -> None:
        self._attempt, self._now = attempt, now
        self.left = self.over = False

    def leave(self, tx: Tx) -> None:
        """In the first unit of the request. Raises Conflict when another node has answered meanwhile."""
        if self.left or self.over:
            return
        tx.run(_PURGE, {"before": self._now - _KEPT})
        try:
            with tx.nested():
                tx.run(_BEGIN, {"key": self._attempt.key, "body": self._attempt.body, "created": self._now})
        except IntegrityError:
            raise Conflict(
                "Idempotency-Key: a request with this key has just been answered by another node. Ask again."
            ) from None
        tx.after_commit(self._leave)

    def _leave(self) -> None:
        self.left = True

    def answer(self, tx: Tx, response: Response) -> None:
        """Keeps the answer. A stream has none to keep."""
        if isinstance(response, StreamingResponse):
            tx.run(_FORGET, {"k": self._attempt.key})
            return
        self.leave(tx)
        media, body = response.media_type, bytes(response.body)
        values = {"status": response.status_code, "media": media, "answer": body}
        tx.run(_END.values(**values), {"k": self._attempt.key})


def _earlier(tx: Tx, attempt: Attempt, since: int) -> Response | None:
    """The stored answer; None for a request that is new, or that came to nothing before."""
    row = tx.one(_FIND, {"k": attempt.key})
    if row is None or row["created"] < since:
        return None
    if row["body"] != attempt.body:
        raise Conflict("Idempotency-Key: this key was used for a request with another body. Use a new key.")
    if row["status"] is None:
        raise Conflict(
            "Idempotency-Key: a request with this key was done, and its answer was lost. Look what it made; do not send it again."
        )
    return Response(row["answer"], row["status"], {"Idempotent-Replayed": "true"}, row["media"])
