"""A finished task's log moves from rows into one blob; the rows stay as its index of lines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial

from sqlalchemy import BigInteger, RowMapping, Select, bindparam, cast, func, null, select, update

from gurita.engine.states import FINAL_TASKS
from gurita.engine.tables import log_chunk, task
from gurita.store.blobs import Blobs
from gurita.store.db import Store
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = ["compact", "uncompacted_in"]

_PLACES = (
    select(
        log_chunk.c.number,
        (func.sum(log_chunk.c.size).over(order_by=log_chunk.c.number) - log_chunk.c.size).label("at"),
    )
    .where(log_chunk.c.task == bindparam("t"))
    .subquery()
)
_MOVE = Prepared(
    update(log_chunk)
    .where(log_chunk.c.number == _PLACES.c.number)
    .values(data=null(), place=cast(_PLACES.c.at, BigInteger))
)
"""Chunks lie one after the other, in order: where each begins is the sum of the sizes before it."""

_AT_ONCE = 64
_MOST = 1000


def uncompacted_in(tx: Tx) -> list[int]:
    """Tasks that ended while nobody was there to move their log."""
    ended = select(task.c.number).where(
        task.c.state.in_(sorted(FINAL_TASKS)), task.c.log_blob.is_(None), task.c.log_lines > 0
    )
    return [row["number"] for row in tx.all(ended.order_by(task.c.number.desc()).limit(_MOST))]


async def compact(store: Store, blobs: Blobs, number: int) -> None:
    """Moves the log of one ended task; does nothing when it has not ended, or was moved before.

    Memory holds a few chunks at a time, however long the log.
    """
    done = await store.read(lambda tx: _is_due(tx, number))
    if not done:
        return
    key = await blobs.put(_chunks(store, number))

    def point(tx: Tx) -> None:
        tx.run(_MOVE, {"t": number})
        tx.run(update(task).where(task.c.number == number).values(log_blob=key))

    await store.write(point)


def _is_due(tx: Tx, number: int) -> bool:
    row = tx.one(select(task.c.state, task.c.log_blob, task.c.log_lines).where(task.c.number == number))
    return (
        row is not None and row["state"] in FINAL_TASKS and row["log_blob"] is None and row["log_lines"] > 0
    )


async def _chunks(store: Store, number: int) -> AsyncIterator[bytes]:
    last = 0
    while True:
        wanted = (
            select(log_chunk.c.number, log_chunk.c.data)
            .where(log_chunk.c.task == number, log_chunk.c.number > last)
            .order_by(log_chunk.c.number)
            .limit(_AT_ONCE)
        )
        rows = await store.read(partial(_rows, query=wanted))
        if not rows:
            return
        last = rows[-1]["number"]
        yield b"".join(bytes(row["data"]) for row in rows)


def _rows(tx: Tx, query: Select[tuple[int, bytes | None]]) -> Sequence[RowMapping]:
    return tx.all(query)
