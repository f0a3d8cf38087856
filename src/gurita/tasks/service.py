"""What other packages may call: starting, repeating and ending tasks, finding them, and what they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.tasks import finding
from gurita.tasks.changes import pruning
from gurita.tasks.changing import cancel_in, prioritize_in, set_state_in
from gurita.tasks.finding import asking_in, find_in, tasks_in
from gurita.tasks.linking import task_body
from gurita.tasks.reading import log_reader
from gurita.tasks.registry import Check, Rerunner, checks, rerunners
from gurita.tasks.resources import NewTaskBody, SetState, Task
from gurita.tasks.starting import create_in, rerun_in, within_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "Check",
    "Rerunner",
    "asking_in",
    "cancel",
    "cancel_in",
    "checks",
    "create",
    "create_in",
    "find_in",
    "get",
    "log_reader",
    "prioritize",
    "prioritize_in",
    "pruning",
    "rerun",
    "rerun_in",
    "rerunners",
    "set_state",
    "set_state_in",
    "started_in",
    "task_body",
    "task_in",
    "tasks_in",
]


def task_in(tx: Tx, ctx: Context, id: str) -> Task:
    """One task. Raises NotFound, also for one the viewer may not see."""
    return tasks_in(tx, [finding.find_in(tx, ctx, id)], ctx.services.milliseconds())[0]


def started_in(tx: Tx, ctx: Context, number: int) -> Task:
    """A task this unit has just written: seen whatever the viewer may else see."""
    return tasks_in(tx, [finding.row_in(tx, number)], ctx.services.milliseconds())[0]


async def get(ctx: Context, id: str) -> Task:
    """One task. Raises NotFound."""
    return await ctx.services.store.read(lambda tx: task_in(tx, ctx, id))


async def create(ctx: Context, body: NewTaskBody, *, scoped: bool = True) -> Task:
    """Starts a task by hand, with its event; not `scoped`, in the space the body names. Raises Invalid, Forbidden."""

    def write(tx: Tx) -> Task:
        here = ctx if scoped or not body.space_id else within_in(tx, ctx, body.space_id)
        return started_in(tx, here, create_in(tx, here, body))

    return await ctx.services.store.write(write)


async def rerun(ctx: Context, id: str) -> Task:
    """Runs an ended task again as a new one. Raises NotFound, Forbidden, Invalid, Conflict."""
    return await ctx.services.store.write(lambda tx: started_in(tx, ctx, rerun_in(tx, ctx, id)))


async def cancel(ctx: Context, id: str) -> Task:
    """Asks for a task to be canceled. Raises NotFound, Forbidden."""
    return await ctx.services.store.write(lambda tx: started_in(tx, ctx, cancel_in(tx, ctx, id)))


async def prioritize(ctx: Context, id: str) -> Task:
    """Moves a waiting task to the front. Raises NotFound, Forbidden, Conflict."""
    return await ctx.services.store.write(lambda tx: started_in(tx, ctx, prioritize_in(tx, ctx, id)))


async def set_state(ctx: Context, id: str, body: SetState) -> Task:
    """Corrects an ended task's result. Raises NotFound, Forbidden, Invalid, Conflict."""
    return await ctx.services.store.write(lambda tx: started_in(tx, ctx, set_state_in(tx, ctx, id, body)))
