"""What a task did and wrote: details, raw log, and lines by ranges."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Raw
from starlette.responses import Response, StreamingResponse

from gurita.http.api import Call
from gurita.http.permissions import Inside
from gurita.http.root import VERSION
from gurita.http.routes import Routes
from gurita.http.wire import Whole, Wire, encode
from gurita.tasks import reading
from gurita.tasks.linking import task_body, task_links
from gurita.tasks.raw_log import raw_log
from gurita.tasks.resources import LogHits, LogLines, LogMap, TaskDetails, TaskProgress

__all__ = ["routes"]

_mixed = Routes("mixed")
routes = _mixed.items


class DetailsQuery(Wire):
    """`verbose` shows verbose lines as well; `tail` keeps the last lines of each activity."""

    verbose: bool = False
    tail: Whole | None = None


class LogQuery(Wire):
    """Lines from number `first` on, or the last `tail` ones; at most 10,000 at once."""

    first: Annotated[int, Meta(ge=0, le=2**53)] = 0
    take: Whole = 1000
    tail: Whole | None = None


class SearchQuery(Wire):
    """Lines from number `first` on that hold `text` in any case and are at least as grave as `level`, of `node` and below.

    `take` is at most 1,000. Each comes with up to `context` lines before and after it.
    """

    text: Annotated[str, Meta(max_length=1000)] = ""
    level: Annotated[str, Meta(max_length=20)] = ""
    node: Annotated[str, Meta(max_length=200)] = ""
    first: Annotated[int, Meta(ge=0, le=2**53)] = 0
    take: Annotated[int, Meta(ge=1, le=2**31 - 1)] = 100
    context: Annotated[int, Meta(ge=0, le=20)] = 0


class MapQuery(Wire):
    """`node` is the id of an activity, all of them if empty; `first` is the line to begin with."""

    node: Annotated[str, Meta(max_length=200)] = ""
    first: Annotated[int, Meta(ge=0, le=2**53)] = 0


@_mixed.get("/tasks/{id}/details", permission=Inside("TaskView"), returns=TaskDetails)
async def details(call: Call, id: str, query: DetailsQuery) -> bytes:
    """The tree of a task's activities, with the newest lines of their logs for who may see logs.

    At most 10,000 lines: where older ones are left out, a line of the category Gap says so, and how to get them.
    """
    task, found = await reading.loaded(call.context, id, "TaskView")
    tree = await reading.with_logs(call.context, found, verbose=query.verbose, tail=query.tail)
    whole = {
        "Task": Raw(task_body(call, task)),
        "ActivityLogs": [tree.root],
        "PhysicalLogSize": found.log_size,
        "Progress": TaskProgress(progress_percentage=tree.root.progress_percentage),
        "Links": {"Self": task_links(call, task)["Details"].partition("{")[0]},
    }
    return encode(whole)


@_mixed.get("/tasks/{id}/raw", permission=Inside("TaskViewLog"), media="text/plain")
async def raw(call: Call, id: str) -> Response:
    """The whole log as text, in the order of the tree."""
    task, found = await reading.loaded(call.context, id, "TaskViewLog")
    reader = reading.log_reader(call.services)
    text = raw_log(call.services.store, reader, found, task, VERSION)
    return StreamingResponse(text, media_type="text/plain; charset=utf-8")


@_mixed.get("/tasks/{id}/log", permission=Inside("TaskViewLog"))
async def log(call: Call, id: str, query: LogQuery) -> LogLines:
    """Lines of the log by their numbers, in the order they were stored. Ask for `Next` to go on."""
    return await reading.lines(call.context, id, query.first, query.take, query.tail)


@_mixed.get("/tasks/{id}/log/search", permission=Inside("TaskViewLog"))
async def search(call: Call, id: str, query: SearchQuery) -> LogHits:
    """Lines that hold a text or are as grave as asked for, each with what stands around it. Ask for `Next` to go on.

    The first error is `?level=Error&take=1`: chunks that hold none are not read.
    """
    return await reading.search(
        call.context,
        id,
        text=query.text,
        level=query.level,
        node=query.node,
        first=query.first,
        take=query.take,
        context=query.context,
    )


@_mixed.get("/tasks/{id}/log/map", permission=Inside("TaskViewLog"))
async def map_(call: Call, id: str, query: MapQuery) -> LogMap:
    """Which lines of the log an activity and all below it wrote, so that a page can show only those."""
    return await reading.map_of(call.context, id, query.node, query.first)
