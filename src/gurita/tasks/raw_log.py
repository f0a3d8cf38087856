"""The raw log as a stream: node by node, chunk by chunk; memory holds a few chunks and a list of numbers."""

from __future__ import annotations

from array import array
from collections.abc import AsyncGenerator
from itertools import groupby

from sqlalchemy import select

from gurita.engine.log_reader import LogReader
from gurita.engine.logs import CATEGORIES, LogEntry
from gurita.engine.tables import log_chunk
from gurita.store.db import Store
from gurita.tasks.loading import Loaded, place_of
from gurita.tasks.resources import ActivityElement, Task
from gurita.tasks.rules import Place, Tree, node_id
from gurita.tasks.rules.raw import block, header, heading
from gurita.tasks.rules.words import moment_words

__all__ = ["raw_log"]

_AT_ONCE = 5_000
_CHUNKS = 16
_FATAL = CATEGORIES[-1]


async def raw_log(
    store: Store, reader: LogReader, loaded: Loaded, task: Task, version: str
) -> AsyncGenerator[bytes, None]:
    """The text in pieces, UTF-8."""
    row = loaded.row
    started = "" if row["started"] is None else moment_words(row["started"])
    queued = moment_words(row["created"] if row["not_before"] is None else row["not_before"])
    yield header(task, started=started, queued=queued, version=version).encode()
    tree = loaded.tree()
    numbers = await _numbers(store, row["number"], tree)
    async for piece in _node(reader, loaded, tree.root, 0, numbers):
        yield piece


async def _numbers(store: Store, task: int, tree: Tree) -> dict[str, array[int]]:
    """The numbers of the chunks of each activity, in order."""
    ids: dict[Place, str] = {}
    found: dict[str, array[int]] = {}
    last = 0
    while True:
        wanted = (
            select(
                log_chunk.c.number,
                log_chunk.c.step,
                log_chunk.c.action,
                log_chunk.c.target,
                log_chunk.c.attempt,
            )
            .where(log_chunk.c.task == task, log_chunk.c.number > last)
            .order_by(log_chunk.c.number)
            .limit(_AT_ONCE)
        )
        rows = await store.read(lambda tx, query=wanted: tx.all(query))  # type: ignore[misc]
        for row in rows:
            place = place_of(row)
            if place not in ids:
                ids[place] = tree.at(place).id
            found.setdefault(ids[place], array("q")).append(row["number"])
        if len(rows) < _AT_ONCE:
            return found
        last = rows[-1]["number"]


async def _node(
    reader: LogReader, loaded: Loaded, node: ActivityElement, depth: int, numbers: dict[str, array[int]]
) -> AsyncGenerator[bytes, None]:
    yield heading(node, depth).encode()
    task, last = loaded.row["number"], ""
    mine = numbers.get(node.id, ())
    for start in range(0, len(mine), _CHUNKS):
        for chunk in await reader.some(task, list(mine[start : start + _CHUNKS])):
            yield _text(chunk.entries, depth).encode("utf-8", "replace")
            last = chunk.entries[-1].text if chunk.entries else last
    if node.id == node_id(task) and (error := loaded.row["error"]) and error != last:
        at = loaded.row["completed"] or loaded.row["updated"]
        yield block(at, _FATAL, error, depth).encode()
    for child in node.children:
        async for piece in _node(reader, loaded, child, depth + 1, numbers):
            yield piece


def _text(entries: list[LogEntry], depth: int) -> str:
    """Lines of one second and category are one block, however many entries they came in."""
    blocks = groupby(entries, key=lambda each: (each.time // 1000, each.category))
    return "".join(
        block(second * 1000, CATEGORIES[category], "\n".join(each.text for each in same), depth)
        for (second, category), same in blocks
    )
