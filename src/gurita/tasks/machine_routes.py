"""The tasks that have to do with a target or worker (api.md 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, or_, select

from gurita.engine.tables import action, task
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.kernel.paging import Page
from gurita.machines import service as machines
from gurita.machines.workers import service as workers
from gurita.store.tx import Tx
from gurita.tasks.finding import COLUMNS, tasks_in
from gurita.tasks.linking import task_body
from gurita.tasks.resources import Task
from gurita.tasks.rules import number_of
from gurita.tasks.seeing import across

__all__ = ["routes"]

_space = Routes("space")
routes = _space.items


class MachineTaskQuery(ListQuery):
    """`type` is the kind of task."""

    type: str = ""


@_space.get("/machines/{id}/tasks", permission="MachineView", returns=Listing[Task])
async def of_machine(call: Call, id: str, query: MachineTaskQuery) -> bytes:
    """The tasks that did or will do something on a target, the newest first."""
    return await _listed(call, "machines", lambda tx: machines.get_in(tx, call.context, id).id, query)


@_space.get("/workers/{id}/tasks", permission="WorkerView", returns=Listing[Task])
async def of_worker(call: Call, id: str, query: MachineTaskQuery) -> bytes:
    """The tasks that did or will do something on a worker, the newest first."""
    return await _listed(call, "workers", lambda tx: workers.get_in(tx, call.context, id).id, query)


async def _listed(call: Call, path: str, find: Callable[[Tx], str], query: MachineTaskQuery) -> bytes:
    ctx = call.context

    def read(tx: Tx) -> tuple[str, Page[Task]]:
        id = find(tx)
        where: list[Any] = []
        ran = task.c.number.in_(select(action.c.task).where(action.c.target == id))
        where.append(or_(ran, task.c.arguments.contains(f'"{id}"', autoescape=True)))
        if query.ids:
            where.append(task.c.number.in_([n for each in query.ids if (n := number_of(each)) is not None]))
        if query.partial_name:
            where.append(task.c.description.icontains(query.partial_name, autoescape=True))
        if query.type:
            where.append(func.lower(task.c.name) == query.type.lower())
        where.append(across(ctx.viewer, "TaskView", [ctx.space]))
        total = int(tx.scalar(select(func.count()).select_from(task).where(*where)))
        page = select(*COLUMNS).where(*where).order_by(task.c.number.desc())
        rows = tx.all(page.offset(query.skip).limit(query.take))
        return id, Page(tasks_in(tx, rows, ctx.services.milliseconds()), total, query.paging)

    id, page = await call.services.store.read(read)
    return envelope(
        "Task",
        [task_body(call, each) for each in page.items],
        page.total,
        page.paging,
        path=call.links.space(f"{path}/{id}/tasks"),
        template="{?skip,take,ids,type}",
        filters=call.filters(),
    )
