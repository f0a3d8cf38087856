"""Finding lines in a log of any length, and which of its lines an activity wrote; memory holds a few chunks.

A chunk knows the gravest line it holds and whose lines they are, so most of a log is passed over without being read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, RowMapping, select

from gurita.engine.log_reader import LogReader
from gurita.engine.logs import CATEGORIES, Chunk
from gurita.engine.tables import log_chunk
from gurita.store.db import Store
from gurita.store.tx import Tx
from gurita.tasks.log_lines import LONGEST_LINE, Line, lines_of, place_of_chunk, shown
from gurita.tasks.resources import LogHit, LogLine
from gurita.tasks.rules import Place, bare, node_id

__all__ = ["MOST_CHUNKS", "MOST_HITS", "MOST_RUNS", "Search", "level_of", "places_of", "runs_in"]

MOST_HITS = 1_000
"""Lines an answer holds at most."""

MOST_TEXT = 4 << 20
"""Characters of found lines after which an answer is full."""

MOST_CHUNKS = 4_000
"""Chunks one request reads at most: about 250 MB of text. `next` goes on from there."""

MOST_RUNS = 50_000
"""Pieces of an activity's log an answer tells at most."""

_AT_ONCE = 16


def places_of(tx: Tx, task: int, node: str) -> ColumnElement[bool] | None:
    """The condition for the chunks of an activity and all below it; None where it wrote nothing."""
    columns = (log_chunk.c.step, log_chunk.c.action, log_chunk.c.target, log_chunk.c.attempt)
    rows = tx.all(select(*columns).where(log_chunk.c.task == task).distinct())
    for row in rows:
        place: Place = (row["step"], row["action"], row["target"], row["attempt"])
        for shape, known in _within(place):
            if node_id(task, shape) == node:
                return _all(column == value for column, value in zip(columns[:known], shape, strict=False))
    return None


def _within(place: Place) -> Iterator[tuple[Place, int]]:
    """A place, and what it is part of, each with how many of its columns say so."""
    step, action, _, _ = place
    if step >= 0:
        yield (step, -1, "", 0), 1
    if action >= 0:
        yield (step, action, "", 0), 2
    yield place, 4


def _all(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *others = conditions
    for one in others:
        first &= one
    return first


def runs_in(tx: Tx, task: int, where: ColumnElement[bool], first: int) -> tuple[list[list[int]], int]:
    """`[first line, how many]` of each unbroken piece from line `first` on, and where to go on; -1 at the end."""
    wanted = select(log_chunk.c.first, log_chunk.c.lines).where(
        log_chunk.c.task == task, where, log_chunk.c.first + log_chunk.c.lines > first
    )
    runs: list[list[int]] = []
    for row in tx.run(wanted.order_by(log_chunk.c.number)):
        if runs and sum(runs[-1]) == row.first:
            runs[-1][1] += row.lines
        elif len(runs) >= MOST_RUNS:
            return runs, row.first
        else:
            runs.append([row.first, row.lines])
    return runs, -1


@dataclass(slots=True)
class Search:
    """Looks for lines with `text` (in any case) that are at least as grave as `level`, from line `first` on.

    The text is looked for in what people read: a colour that changes within a word does not hide it. Each comes with up to `context` lines before and after it, as far as they were stored together.
    """

    store: Store
    reader: LogReader
    task: int
    text: str = ""
    level: int = 0
    where: ColumnElement[bool] | None = None
    first: int = 0
    take: int = 100
    context: int = 0

    async def hits(self) -> tuple[list[LogHit], int]:
        """What was found, and the line to go on from; -1 when the log was read to its end."""
        rows = await self.store.read(self._chunks)
        found: list[LogHit] = []
        left, start, size = MOST_TEXT, 0, 1
        while start < min(len(rows), MOST_CHUNKS):
            wanted = [row["number"] for row in rows[start : start + size]]
            for chunk in await self.reader.some(self.task, wanted):
                more = await asyncio.to_thread(self._in_chunk, chunk, self.take - len(found))
                found += more
                left -= sum(min(len(hit.text), LONGEST_LINE) for hit in more)
                if len(found) >= self.take or left <= 0:
                    return found, found[-1].number + 1
            start, size = start + size, min(_AT_ONCE, size * 2)
        return found, rows[start]["first"] if start < len(rows) else -1

    def _chunks(self, tx: Tx) -> Sequence[RowMapping]:
        """The chunks that may hold such a line, one more than are read."""
        wanted = select(log_chunk.c.number, log_chunk.c.first).where(
            log_chunk.c.task == self.task,
            log_chunk.c.worst >= self.level,
            log_chunk.c.first + log_chunk.c.lines > self.first,
        )
        if self.where is not None:
            wanted = wanted.where(self.where)
        return tx.all(wanted.order_by(log_chunk.c.number).limit(MOST_CHUNKS + _AT_ONCE))

    def _in_chunk(self, chunk: Chunk, most: int) -> list[LogHit]:
        needle = self.text.lower()
        if needle and not any(needle in bare(entry.text).lower() for entry in chunk.entries):
            return []
        lines = list(lines_of(chunk))
        node = node_id(self.task, place_of_chunk(chunk))
        fitting = (at for at, line in enumerate(lines) if self._fits(line, needle))
        return [self._hit(lines, at, node) for at in islice(fitting, most)]

    def _fits(self, line: Line, needle: str) -> bool:
        return line.number >= self.first and line.category >= self.level and needle in bare(line.text).lower()

    def _hit(self, lines: Sequence[Line], at: int, node: str) -> LogHit:
        line = shown(lines[at], node)
        around = self.context
        return LogHit(
            number=line.number,
            category=line.category,
            occurred_at=line.occurred_at,
            text=line.text,
            node=node,
            length=line.length,
            before=[_near(one) for one in lines[max(0, at - around) : at]],
            after=[_near(one) for one in lines[at + 1 : at + 1 + around]],
        )


def _near(line: Line) -> LogLine:
    return shown(line)


def level_of(name: str) -> int:
    """The number of a category by its name in any case; 0 for none. Raises ValueError."""
    if not name:
        return 0
    return [known.lower() for known in CATEGORIES].index(name.lower())
