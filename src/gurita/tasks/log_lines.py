"""Lines of a log out of its chunks, within bounds: a line may be 10 MB, and a task may have millions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from gurita.engine.log_reader import LogReader
from gurita.engine.logs import CATEGORIES, Chunk
from gurita.tasks.resources import LogLine
from gurita.tasks.rules import Place, moment_of, node_id

__all__ = [
    "LONGEST_LINE",
    "MOST_LINES",
    "MOST_TEXT",
    "Line",
    "lines_of",
    "place_of_chunk",
    "range_of",
    "shown",
]

MOST_LINES = 10_000
"""Lines an answer holds at most."""

MOST_TEXT = 8 << 20
"""Characters of text after which an answer is full."""

LONGEST_LINE = 64 << 10
"""Characters a line is cut to where many lines are shown; the raw log has it whole."""


class Line(NamedTuple):
    """A line: `category` is its place in CATEGORIES, `time` milliseconds since 1970."""

    number: int
    category: int
    time: int
    text: str


def lines_of(chunk: Chunk) -> Iterator[Line]:
    """The lines of a chunk, numbered as in the task's whole log."""
    number = chunk.first
    for entry in chunk.entries:
        for text in entry.text.split("\n"):
            yield Line(number, entry.category, entry.time, text)
            number += 1


def place_of_chunk(chunk: Chunk) -> Place:
    """Where a chunk belongs in the tree."""
    place = chunk.place
    return place.step, place.action, place.target, place.attempt


def shown(line: Line, node: str | UnsetType = UNSET) -> LogLine:
    """A line as the API shows it, cut if it is longer than LONGEST_LINE."""
    length = len(line.text)
    return LogLine(
        number=line.number,
        category=CATEGORIES[line.category],
        occurred_at=moment_of(line.time),
        text=line.text[:LONGEST_LINE],
        node=node,
        length=length if length > LONGEST_LINE else UNSET,
    )


async def range_of(reader: LogReader, task: int, first: int, take: int) -> tuple[list[LogLine], int]:
    """The lines from `first` on, at most `take`, fewer when they are long; and the number of the next one."""
    found: list[LogLine] = []
    left, following = MOST_TEXT, first
    async for chunk in reader.lines(task, first, first + take):
        node = node_id(task, place_of_chunk(chunk))
        for line in lines_of(chunk):
            if line.number < first or line.number >= first + take:
                continue
            found.append(shown(line, node))
            following = line.number + 1
            left -= min(len(line.text), LONGEST_LINE)
            if left <= 0:
                return found, following
    return found, following
