"""What changes in a space, as a stream for live pages, read only up to where nothing older can still be committed.

Numbers of rows are given before commits, so on PostgreSQL a lower one may appear after a higher one. The order of a row's
transaction does not have that fault: what is older than the oldest running transaction is complete. So rows are read in the
order (transaction, number), and that pair is what a client sends back as `Last-Event-ID`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Text, cast, delete, func, literal, select, true, tuple_

from gurita.audit import service as audit
from gurita.engine.schedules import Recurring
from gurita.engine.tables import change
from gurita.http.events import event
from gurita.http.wire import encode
from gurita.store.db import Store
from gurita.tasks.rules import moment_of

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from gurita.store.tx import Tx

__all__ = ["KEPT", "PERMISSIONS", "Changes", "pruning"]

KEPT = 24 * 3600
"""Seconds a change is kept: a client that was away for longer is told to start anew."""

PERMISSIONS = {
    "artifact": "ArtifactView",
    "interruption": "InterruptionView",
    "task": "TaskView",
    **{one.kind: one.permission for one in audit.SHOWN.values()},
}
"""What one must be allowed to see, to be told of a kind of change; kinds that are not here are told to nobody."""

_AT_ONCE = 500
_POSITION = re.compile(r"(\d{1,18})\.(\d{1,18})")
_PRUNED_EVERY = 3600.0

Position = tuple[int, int]


def _complete(tx: Tx) -> ColumnElement[bool]:
    """Rows of transactions older than all that still run. SQLite has one writer: what is there is complete."""
    if tx.dialect == "sqlite":
        return true()
    oldest = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return change.c.xid < cast(cast(oldest, Text), BigInteger)


def _end_in(tx: Tx) -> Position:
    last = select(change.c.xid, change.c.number).where(_complete(tx))
    row = tx.one(last.order_by(change.c.xid.desc(), change.c.number.desc()).limit(1))
    return (0, 0) if row is None else (row["xid"], row["number"])


def _known_in(tx: Tx, position: Position) -> bool:
    """Whether nothing after this position was pruned: its own row is still there."""
    if position == (0, 0):
        return tx.one(select(change.c.number).limit(1)) is None
    own = select(change.c.number).where(change.c.xid == position[0], change.c.number == position[1])
    return tx.one(own) is not None


@dataclass(slots=True)
class Changes:
    """One client's stream of a space. `sees` answers for a row of `change`, now."""

    store: Store
    space: str
    sees: Callable[[Tx, RowMapping], bool]
    last_event_id: str = ""

    async def events(self) -> AsyncGenerator[bytes, None]:
        """`hello` or `reset` with the position to start from, then a `change` each.

        After `reset` the client has to load its page anew: it was away for too long, or the database was restored.
        """
        wake = self.store.subscribe("changes")
        try:
            at, known = await self.store.read(self._begin)
            if at is None:
                at = await self.store.read(_end_in)
                yield event(b"{}", id=_text(at), kind="reset" if not known else "hello")
            while True:
                rows, end = await self.store.read(lambda tx, after=at: self._next(tx, after))  # type: ignore[misc]
                for row, seen in rows:
                    at = (row["xid"], row["number"])
                    if seen:
                        yield event(_told(row), id=_text(at), kind="change")
                if len(rows) < _AT_ONCE:
                    at = max(at, end)
                    await wake.wait(10.0 if self.store.dialect == "sqlite" else 1.0)
        finally:
            wake.close()

    def _begin(self, tx: Tx) -> tuple[Position | None, bool]:
        """Where the client left off, if it says so and that is still known; else whether it may just begin."""
        if not self.last_event_id:
            return None, True
        match = _POSITION.fullmatch(self.last_event_id)
        position = (int(match[1]), int(match[2])) if match else None
        if position is not None and _known_in(tx, position):
            return position, True
        return None, False

    def _next(self, tx: Tx, after: Position) -> tuple[list[tuple[RowMapping, bool]], Position]:
        """The next changes of this space, each with whether the viewer sees it, and how far all spaces' were looked at."""
        later = tuple_(change.c.xid, change.c.number) > tuple_(literal(after[0]), literal(after[1]))
        wanted = select(change).where(
            later, _complete(tx), change.c.space == self.space, change.c.kind.in_(sorted(PERMISSIONS))
        )
        rows = tx.all(wanted.order_by(change.c.xid, change.c.number).limit(_AT_ONCE))
        return [(row, self.sees(tx, row)) for row in rows], _end_in(tx)


def _text(position: Position) -> str:
    return f"{position[0]}.{position[1]}"


def _told(row: RowMapping) -> bytes:
    detail = msgspec.json.decode(row["detail"])
    return encode({"Kind": row["kind"], "Id": row["subject"], "At": moment_of(row["at"]), "Detail": detail})


def pruning() -> Recurring:
    """Forgets old changes, once an hour on one node of the cluster.

    The newest stays, so that no database gives its number again to a change that a waiting client takes for an old one.
    """

    def prune(tx: Tx, now: int) -> None:
        newest = select(func.max(change.c.number)).scalar_subquery()
        tx.run(delete(change).where(change.c.at < now - KEPT * 1000, change.c.number < newest))

    return Recurring("prune-changes", _PRUNED_EVERY, prune)
