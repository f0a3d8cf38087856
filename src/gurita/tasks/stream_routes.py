"""The streams: a task's log and states, and what changes in a space."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import RowMapping
from starlette.responses import Response

from gurita.http.api import Call
from gurita.http.events import EventStream, last_event_id
from gurita.http.routes import Routes
from gurita.http.wire import Whole, Wire
from gurita.kernel.errors import Refused
from gurita.store.tx import Tx
from gurita.tasks.changes import PERMISSIONS, Changes
from gurita.tasks.finding import find_in
from gurita.tasks.live import Live, chunk_before_in, chunk_number
from gurita.tasks.reading import log_reader

__all__ = ["routes"]

_mixed, _space = Routes("mixed"), Routes("space")

CHECKED = 10.0
"""Seconds after which a stream asks again what its viewer may see."""


class StreamQuery(Wire):
    """`tail` begins with the chunk that holds the first of the last so many lines, instead of with the whole log."""

    tail: Whole | None = None


def _within(call: Call, space: str, permission: str) -> Call:
    """The call as if it had named this space and needed this permission: what a stream asks about later on."""
    route = replace(call.route, permission=permission)
    return Call(call.api, call.connection, route, call.context.within(space))


@_mixed.get("/tasks/{id}/log/events", permission="TaskViewLog", media="text/event-stream")
async def log_events(call: Call, id: str, query: StreamQuery) -> Response:
    """The log and the states of a task as they come, until it has ended. `Last-Event-ID` resumes after that chunk."""
    ctx, services, last = call.context, call.services, last_event_id(call.request)

    def begin(tx: Tx) -> tuple[RowMapping, int]:
        row = find_in(tx, ctx, id, "TaskViewLog")
        if last or query.tail is None:
            return row, chunk_number(last)
        return row, chunk_before_in(tx, row["number"], query.tail)

    row, after = await services.store.read(begin)
    live = Live(
        store=services.store,
        reader=log_reader(services),
        find=lambda tx: find_in(tx, ctx, id, "TaskViewLog"),
        number=row["number"],
        now=services.milliseconds,
        after=after,
    )
    allowed = _within(call, row["space"], "TaskViewLog").still_allowed
    return EventStream(live.events(), allowed=allowed)


@_space.get("/gurita/changes", permission="TaskView", media="text/event-stream")
async def changes(call: Call) -> Response:
    """What changes in the space: tasks, interruptions and other things the viewer may see. `Last-Event-ID` resumes."""
    granted = {one for one in PERMISSIONS.values() if call.viewer.may(one, call.space)}

    async def allowed() -> bool:
        found = {one for one in PERMISSIONS.values() if await _may(_within(call, call.space, one))}
        granted.clear()
        granted.update(found)
        return "TaskView" in found

    stream = Changes(call.services.store, call.space, granted.__contains__, last_event_id(call.request))
    return EventStream(stream.events(), allowed=allowed, check=CHECKED)


async def _may(call: Call) -> bool:
    try:
        return await call.still_allowed()
    except Refused:
        return False


routes = [*_mixed.items, *_space.items]
"""Both streams."""
