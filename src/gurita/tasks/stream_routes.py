"""The streams: a task's log and states, and what changes in a space."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import RowMapping
from starlette.responses import Response

from gurita.http.api import Call
from gurita.http.events import EventStream, last_event_id
from gurita.http.permissions import Inside
from gurita.http.routes import Routes
from gurita.http.wire import Whole, Wire
from gurita.store.tx import Tx
from gurita.tasks.changes import PERMISSIONS, Changes
from gurita.tasks.finding import find_in
from gurita.tasks.live import Live, chunk_before_in, chunk_number
from gurita.tasks.reading import log_reader
from gurita.tasks.seeing import sees_change_in, sees_in

__all__ = ["routes"]

_mixed, _space = Routes("mixed"), Routes("space")

CHECKED = 3.0
"""Seconds after which a stream asks again what its viewer may see."""


class StreamQuery(Wire):
    """`tail` begins with the chunk that holds the first of the last so many lines, instead of with the whole log."""

    tail: Whole | None = None


def _within(call: Call, space: str, permission: str) -> Call:
    """The call as if it had named this space and needed this permission: what a stream asks about later on."""
    route = replace(call.route, permission=Inside(permission))
    return Call(call.api, call.connection, route, call.context.within(space))


@_mixed.get("/tasks/{id}/log/events", permission=Inside("TaskViewLog"), media="text/event-stream")
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

    async def allowed() -> bool:
        viewer = await _within(call, row["space"], "TaskViewLog").viewer_now()
        if viewer is None:
            return False
        return await services.store.read(
            lambda tx: all(sees_in(tx, viewer, one, row) for one in ("TaskView", "TaskViewLog"))
        )

    return EventStream(live.events(), allowed=allowed)


@_space.get("/gurita/changes", permission="TaskView", media="text/event-stream")
async def changes(call: Call) -> Response:
    """What changes in the space: tasks, interruptions and other things the viewer may see. `Last-Event-ID` resumes."""
    now = [call.viewer]

    async def allowed() -> bool:
        viewer = await call.viewer_now()
        if viewer is not None:
            now[0] = viewer
        return viewer is not None

    def sees(tx: Tx, row: RowMapping) -> bool:
        return sees_change_in(tx, now[0], PERMISSIONS[row["kind"]], row)

    stream = Changes(call.services.store, call.space, sees, last_event_id(call.request))
    return EventStream(stream.events(), allowed=allowed, check=CHECKED)


routes = [*_mixed.items, *_space.items]
"""Both streams."""
