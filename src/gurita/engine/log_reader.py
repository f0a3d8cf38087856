"""Reading logs by ranges and tails, from rows or from the blob they were moved to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, RowMapping, select

from gurita.engine.logs import Chunk, LogPlace, unpack
from gurita.engine.tables import log_chunk, task
from gurita.store.blobs import Blobs
from gurita.store.db import Store
from gurita.store.tx import Tx

__all__ = ["LogIndex", "LogReader"]

_INDEX = (
    log_chunk.c.number,
    log_chunk.c.step,
    log_chunk.c.action,
    log_chunk.c.target,
    log_chunk.c.attempt,
    log_chunk.c.first,
    log_chunk.c.lines,
    log_chunk.c.worst,
    log_chunk.c.place,
    log_chunk.c.size,
)


@dataclass(frozen=True, slots=True)
class LogIndex:
    """Where a chunk lies and what it holds, without its text."""

    number: int
    place: LogPlace
    first: int
    lines: int
    worst: int


class LogReader:
    """Reads the chunks of tasks. Never holds more than one chunk's text."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store, self._blobs = store, blobs

    async def index(self, number: int) -> list[LogIndex]:
        """All chunks of a task in order, without text."""
        wanted = select(*_INDEX).where(log_chunk.c.task == number).order_by(log_chunk.c.number)
        rows = await self._store.read(lambda tx: tx.all(wanted))
        return [LogIndex(r["number"], _place(r), r["first"], r["lines"], r["worst"]) for r in rows]

    async def lines(self, number: int, first: int, last: int) -> AsyncIterator[Chunk]:
        """The chunks that hold any of the task's lines `first` to `last` (from 0, `last` not included)."""
        overlaps = (log_chunk.c.first < last) & (log_chunk.c.first + log_chunk.c.lines > first)
        async for chunk in self._chunks(number, overlaps):
            yield chunk

    async def after(self, number: int, chunk: int) -> AsyncIterator[Chunk]:
        """The chunks committed after the one of that number."""
        async for each in self._chunks(number, log_chunk.c.number > chunk):
            yield each

    async def one(self, number: int, chunk: int) -> Chunk | None:
        """One chunk of a task."""
        async for each in self._chunks(number, log_chunk.c.number == chunk):
            return each
        return None

    async def some(self, number: int, chunks: Sequence[int]) -> list[Chunk]:
        """These chunks of a task, in the order asked for. Ask for few: the text of all of them is held."""
        wanted = select(*_INDEX, log_chunk.c.data).where(
            log_chunk.c.task == number, log_chunk.c.number.in_(chunks)
        )
        blob_of = select(task.c.log_blob).where(task.c.number == number)

        def query(tx: Tx) -> tuple[Sequence[RowMapping], str | None]:
            return tx.all(wanted.order_by(log_chunk.c.number)), tx.scalar(blob_of)

        rows, blob = await self._store.read(query)
        moved = await self._moved([row for row in rows if row["data"] is None], str(blob))
        found = {row["number"]: _chunk(row, moved.get(row["number"])) for row in rows}
        return [found[chunk] for chunk in chunks if chunk in found]

    async def _moved(self, rows: Sequence[RowMapping], blob: str) -> dict[int, bytes]:
        """The bytes of chunks that lie in the blob; what lies side by side is read at once."""
        found: dict[int, bytes] = {}
        run: list[RowMapping] = []
        for row in [*rows, None]:
            if run and (row is None or row["place"] != run[-1]["place"] + run[-1]["size"]):
                start = run[0]["place"]
                data = await self._blobs.get_range(blob, start, run[-1]["place"] + run[-1]["size"] - start)
                for each in run:
                    place = each["place"] - start
                    found[each["number"]] = data[place : place + each["size"]]
                run = []
            if row is not None:
                run.append(row)
        return found

    async def _chunks(self, number: int, where: ColumnElement[bool]) -> AsyncIterator[Chunk]:
        last = 0
        while True:
            row, blob = await self._store.read(partial(_next, number=number, where=where, after=last))
            if row is None:
                return
            last = row["number"]
            yield await self._read(row, blob)

    async def _read(self, row: RowMapping, blob: str | None) -> Chunk:
        data = row["data"]
        if data is None:
            data = await self._blobs.get_range(str(blob), row["place"], row["size"])
        return _chunk(row, data)


def _chunk(row: RowMapping, moved: bytes | None = None) -> Chunk:
    data = row["data"] if moved is None else moved
    return Chunk(row["number"], _place(row), row["first"], row["lines"], unpack(bytes(data)))


def _next(
    tx: Tx, number: int, where: ColumnElement[bool], after: int
) -> tuple[RowMapping | None, str | None]:
    wanted = select(*_INDEX, log_chunk.c.data).where(
        log_chunk.c.task == number, where, log_chunk.c.number > after
    )
    row = tx.one(wanted.order_by(log_chunk.c.number).limit(1))
    if row is None or row["data"] is not None:
        return row, None
    return row, tx.scalar(select(task.c.log_blob).where(task.c.number == number))


def _place(row: RowMapping) -> LogPlace:
    return LogPlace(row["step"], row["action"], row["target"], row["attempt"])
