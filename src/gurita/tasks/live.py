"""A task's log and states as they come: no line twice, none left out, whatever the client missed.

Chunks of one task are committed in the order of their numbers, since each is written under the lock of the task's row.
So the number of the last chunk is all a client has to remember, as `Last-Event-ID`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select

from gurita.engine.log_reader import LogReader
from gurita.engine.tables import log_chunk, task
from gurita.engine.transitions import channel
from gurita.http.events import event
from gurita.http.wire import encode
from gurita.store.db import Store
from gurita.tasks.finding import tasks_in
from gurita.tasks.loading import Loaded, load_in
from gurita.tasks.log_lines import lines_of, place_of_chunk, shown
from gurita.tasks.resources import ActivityElement, Task
from gurita.tasks.rules import node_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import RowMapping

    from gurita.store.tx import Tx

__all__ = ["Live", "chunk_before_in", "chunk_number"]

_LOOK_AGAIN = 2.0
"""Seconds after which rows are looked at without having been told: a step's end notifies nobody."""

_SHORTEST, _SHARE = 0.05, 10
"""Looking at a large task takes time: a stream rests ten times as long, so that many viewers do not hold up the server."""


def chunk_number(text: str) -> int:
    """The chunk a client has seen last; 0 (all of the log) for none, or for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def chunk_before_in(tx: Tx, number: int, tail: int) -> int:
    """The last chunk of a task that holds none of its last `tail` lines; 0 when there is none."""
    total = select(task.c.log_lines).where(task.c.number == number).scalar_subquery()
    old = log_chunk.c.first + log_chunk.c.lines <= total - tail
    found = tx.scalar(select(func.max(log_chunk.c.number)).where(log_chunk.c.task == number, old))
    return int(found or 0)


@dataclass(slots=True)
class Live:
    """One client's stream. `find` gives the task's row, `after` is the last chunk the client has."""

    store: Store
    reader: LogReader
    find: Callable[[Tx], RowMapping]
    number: int
    now: Callable[[], int]
    after: int = 0
    sent: dict[str, bytes] = field(default_factory=dict)

    async def events(self) -> AsyncGenerator[bytes, None]:
        """`task` when it changes, `nodes` with the activities that changed, `log` with the lines of a chunk; `end` once it ended.

        The first `task` and `nodes` say everything, so that a client that comes back starts with the present.
        """
        wake = self.store.subscribe(channel(self.number))
        try:
            while True:
                began = asyncio.get_running_loop().time()
                now, loaded = await self.store.read(self._look)
                async with aclosing(self._logs()) as logs:
                    async for one in logs:
                        yield one
                for one in self._changed(now, loaded):
                    yield one
                if now.is_completed:
                    yield event(encode({"State": now.state}), kind="end")
                    return
                took = asyncio.get_running_loop().time() - began
                await asyncio.sleep(min(_LOOK_AGAIN, max(_SHORTEST, _SHARE * took)))
                await wake.wait(_LOOK_AGAIN)
        finally:
            wake.close()

    def _look(self, tx: Tx) -> tuple[Task, Loaded]:
        row = self.find(tx)
        return tasks_in(tx, [row], self.now())[0], load_in(tx, row)

    async def _logs(self) -> AsyncGenerator[bytes, None]:
        """What was committed since: after the row was looked at, so that an ended task's log is complete."""
        async for chunk in self.reader.after(self.number, self.after):
            node = node_id(self.number, place_of_chunk(chunk))
            lines = [shown(line) for line in lines_of(chunk)]
            self.after = chunk.number
            yield event(encode({"Node": node, "Lines": lines}), id=chunk.number, kind="log")

    def _changed(self, now: Task, loaded: Loaded) -> list[bytes]:
        found = []
        state = msgspec.structs.replace(now, duration="")
        if self._is_new("", encode(state)):
            found.append(event(encode(now), kind="task"))
        nodes = [node for node in flat(loaded.tree().root) if self._is_new(node["Id"], encode(node))]
        if nodes:
            found.append(event(encode(nodes), kind="nodes"))
        return found

    def _is_new(self, key: str, told: bytes) -> bool:
        if self.sent.get(key) == told:
            return False
        self.sent[key] = told
        return True


def flat(node: ActivityElement, parent: str | None = None) -> list[dict[str, Any]]:
    """A tree's activities without their logs, each with its parent's id, parents first."""
    mine = {
        "Id": node.id,
        "ParentId": parent,
        "Name": node.name,
        "Status": node.status,
        "Started": node.started,
        "Ended": node.ended,
        "ProgressPercentage": node.progress_percentage,
        "ProgressMessage": node.progress_message,
    }
    return [mine, *(one for child in node.children for one in flat(child, node.id))]
