"""`tasks` (api.md §5), below a space and below none: a task is found by its id whichever space it is in."""

from __future__ import annotations

from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.permissions import Inside
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.kernel.paging import Page
from gurita.store.tx import Tx
from gurita.tasks import service, waiting
from gurita.tasks.artifact_routes import routes as _artifacts
from gurita.tasks.finding import Found, TaskQuery, find_in, list_in
from gurita.tasks.interruption_routes import routes as _interruptions
from gurita.tasks.linking import task_body
from gurita.tasks.log_routes import routes as _logs
from gurita.tasks.resources import Explanation, NewTaskBody, SetState, StatusMessage, Task, TaskType
from gurita.tasks.rules import TASK_TYPES
from gurita.tasks.stream_routes import routes as _streams

__all__ = ["routes"]

_mixed, _space = Routes("mixed"), Routes("space")

_TEMPLATE = (
    "{/id}{?skip,active,environment,tenant,runbook,project,name,node,running,states,hasPendingInterruptions,"
    "hasWarningsOrErrors,take,ids,partialName,spaces,includeSystem,description,fromCompletedDate,toCompletedDate,"
    "fromQueueDate,toQueueDate,fromStartDate,toStartDate}"
)


@_mixed.get("/tasks", permission="TaskView", returns=Listing[Task])
async def list_(call: Call, query: TaskQuery) -> bytes:
    """Tasks, the newest first, with how many there are in each state. Ids that do not exist are simply missing."""
    found: Found = await call.services.store.read(lambda tx: list_in(tx, call.context, query))
    return envelope(
        "Task",
        [task_body(call, task) for task in found.page.items],
        found.page.total,
        query.paging,
        path=call.links.space("tasks"),
        template=_TEMPLATE,
        filters=call.filters(),
        extra={"TotalCounts": found.here, "TotalCountsInOtherSpaces": found.elsewhere},
    )


@_space.post("/tasks", permission="TaskCreate", returns=Task)
async def create(call: Call, body: NewTaskBody) -> bytes:
    """Starts a task by hand, of one of the kinds that `tasks/tasktypes` names and no other route starts."""
    scoped = not call.request.url.path.lower().rstrip("/").endswith("/api/tasks")
    return task_body(call, await service.create(call.context, body, scoped=scoped))


@_mixed.get("/tasks/tasktypes", permission="TaskView")
async def types(_call: Call) -> list[TaskType]:
    """The kinds of tasks."""
    return [TaskType(id=id, name=name) for id, name in TASK_TYPES.items()]


@_mixed.get("/tasks/{id}", permission=Inside("TaskView"), returns=Task)
async def get(call: Call, id: str) -> bytes:
    """One task."""
    return task_body(call, await service.get(call.context, id))


@_mixed.post("/tasks/rerun/{id}", permission="TaskView", returns=Task)
async def rerun(call: Call, id: str) -> bytes:
    """Does again what an ended task did. Needs the permission that starting it needed."""
    return task_body(call, await service.rerun(call.context, id))


@_mixed.post("/tasks/{id}/cancel", permission="TaskCancel", status=200, returns=Task)
async def cancel(call: Call, id: str) -> bytes:
    """Cancels a task. One that has ended keeps its end."""
    return task_body(call, await service.cancel(call.context, id))


@_mixed.post("/tasks/{id}/prioritize", permission="TaskPrioritize", status=200, returns=Task)
async def prioritize(call: Call, id: str) -> bytes:
    """Moves a waiting task ahead of all others."""
    return task_body(call, await service.prioritize(call.context, id))


@_mixed.post("/tasks/{id}/state", permission="TaskEdit", status=200, returns=Task)
async def set_state(call: Call, id: str, body: SetState) -> bytes:
    """Corrects the recorded result of a task that has ended."""
    return task_body(call, await service.set_state(call.context, id, body))


async def _explained(call: Call, id: str) -> Explanation:
    ctx = call.context
    return await call.services.store.read(lambda tx: waiting.explain_in(tx, ctx, find_in(tx, ctx, id)))


@_mixed.get("/tasks/{id}/explain", permission=Inside("TaskView"))
async def explain(call: Call, id: str) -> Explanation:
    """Why the task is in its state, and what it waits for."""
    return await _explained(call, id)


@_mixed.get("/tasks/{id}/status/messages", permission=Inside("TaskView"))
async def status_messages(call: Call, id: str) -> list[StatusMessage]:
    """What the task waits for, as remarks."""
    return waiting.messages(await _explained(call, id))


async def _waited_for(call: Call, id: str, query: ListQuery, name: str) -> bytes:
    ctx = call.context

    def ahead(tx: Tx) -> Page[Task]:
        row = find_in(tx, ctx, id)
        if name == "blocked-by":
            return waiting.blocking_in(tx, ctx, row, query.paging)
        return waiting.ahead_in(tx, ctx, row, query.paging)

    page = await call.services.store.read(ahead)
    return envelope(
        "Task",
        [task_body(call, task) for task in page.items],
        page.total,
        page.paging,
        path=call.links.space(f"tasks/{id}/{name}"),
        filters=call.filters(),
    )


@_mixed.get("/tasks/{id}/queued-behind", permission="TaskView", returns=Listing[Task])
async def queued_behind(call: Call, id: str, query: ListQuery) -> bytes:
    """The tasks this one waits for: those before it in the queue, and those that hold what it needs."""
    return await _waited_for(call, id, query, "queued-behind")


@_mixed.get("/tasks/{id}/blocked-by", permission="TaskView", returns=Listing[Task])
async def blocked_by(call: Call, id: str, query: ListQuery) -> bytes:
    """Of those only the ones that run: they hold the place, or a target, this task needs."""
    return await _waited_for(call, id, query, "blocked-by")


routes = [*_mixed.items, *_space.items, *_logs, *_streams, *_interruptions, *_artifacts]
"""All routes of this package."""
