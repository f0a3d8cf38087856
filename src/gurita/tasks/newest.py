"""The newest lines of every place of a task: what its details show, read from the end and within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, func, select

from gurita.engine.log_reader import LogReader
from gurita.engine.logs import CATEGORIES, Chunk
from gurita.engine.tables import log_chunk
from gurita.tasks.loading import PlaceLog, place_of
from gurita.tasks.log_lines import LONGEST_LINE, MOST_LINES, MOST_TEXT, Line, lines_of, place_of_chunk
from gurita.tasks.resources import ActivityLogElement
from gurita.tasks.rules import Place, moment_of

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["Newest", "chunks_in"]

_MOST_CHUNKS = 20_000
_MOST_READ = 10 * MOST_LINES
_AT_ONCE = 32
"""Chunks read at once: at most 64 KiB of text each, but for single long lines."""


def chunks_in(tx: Tx, task: int, *, verbose: bool, tail: int | None) -> Sequence[RowMapping]:
    """The chunks that may hold lines to show, newest first, without text: for each place no more than `tail`.

    A chunk has at least one line, so that `tail` chunks of a place suffice unless they also hold hidden lines.
    """
    place = (log_chunk.c.step, log_chunk.c.action, log_chunk.c.target, log_chunk.c.attempt)
    back = func.row_number().over(partition_by=place, order_by=log_chunk.c.number.desc()).label("back")
    wanted = select(log_chunk.c.number, *place, log_chunk.c.lines, back).where(log_chunk.c.task == task)
    if not verbose:
        wanted = wanted.where(log_chunk.c.worst > 0)
    inner = wanted.subquery()
    chosen = select(inner).order_by(inner.c.number.desc()).limit(_MOST_CHUNKS)
    if tail is not None:
        chosen = chosen.where(inner.c.back <= max(1, tail))
    return tx.all(chosen)


@dataclass(slots=True)
class _Taken:
    """Lines of a place, the newest first. `chunks`: how many of its chunks were read to their first line."""

    lines: list[Line] = field(default_factory=list)
    chunks: int = 0


@dataclass(slots=True)
class Newest:
    """Reads chunks from the newest to the oldest until nothing more is wanted."""

    task: int
    verbose: bool
    tail: int | None
    taken: dict[Place, _Taken] = field(default_factory=dict)
    lines_left: int = MOST_LINES
    text_left: int = MOST_TEXT
    read_left: int = _MOST_READ

    async def read(self, reader: LogReader, chunks: Sequence[RowMapping]) -> None:
        """Takes the lines of the chunks, which come newest first."""
        for start in range(0, len(chunks), _AT_ONCE):
            wanted = [row for row in chunks[start : start + _AT_ONCE] if not self._full(place_of(row))]
            if min(self.lines_left, self.text_left, self.read_left) <= 0:
                return
            for chunk in await reader.some(self.task, [row["number"] for row in wanted]):
                self.read_left -= chunk.lines
                self._take(place_of_chunk(chunk), chunk)

    def _full(self, place: Place) -> bool:
        taken = self.taken.get(place)
        return self.tail is not None and taken is not None and len(taken.lines) >= self.tail

    def _take(self, place: Place, chunk: Chunk) -> None:
        taken = self.taken.setdefault(place, _Taken())
        lines = [line for line in lines_of(chunk) if self.verbose or line.category > 0]
        for line in reversed(lines):
            if self._full(place) or self.lines_left <= 0 or self.text_left <= 0:
                return
            taken.lines.append(line)
            self.lines_left -= 1
            self.text_left -= min(len(line.text), LONGEST_LINE)
        taken.chunks += 1

    def elements(self, logs: Mapping[Place, PlaceLog]) -> dict[Place, list[ActivityLogElement]]:
        """The lines by place in their order, after a gap where older ones are left out."""
        found: dict[Place, list[ActivityLogElement]] = {}
        for place, log in logs.items():
            taken = self.taken.get(place, _Taken())
            elements = [_element(line) for line in reversed(taken.lines)]
            if taken.chunks < (log.chunks if self.verbose else log.visible):
                elements.insert(0, _gap(self.task, log.first, elements))
            if elements:
                found[place] = elements
        return found


def _element(line: Line) -> ActivityLogElement:
    text, length = line.text[:LONGEST_LINE], len(line.text)
    return ActivityLogElement(
        category=CATEGORIES[line.category],
        occurred_at=moment_of(line.time),
        message_text=text,
        number=line.number,
        detail=f"Cut: the line has {length} characters; the raw log has it whole."
        if length > len(text)
        else None,
    )


def _gap(task: int, first: int, after: list[ActivityLogElement]) -> ActivityLogElement:
    id = f"ServerTasks-{task}"
    return ActivityLogElement(
        category="Gap",
        occurred_at=after[0].occurred_at if after else moment_of(0),
        message_text="Earlier lines are not shown.",
        number=first,
        detail=f"tasks/{id}/log?first={first}&take=1000 gives them by ranges, tasks/{id}/raw all of them.",
    )
