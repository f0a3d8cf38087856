"""Deleting a space: asked for in a moment, done by a task of the server, which goes on after any crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gurita.access.service import rights_changed_in
from gurita.audit import service as audit
from gurita.catalog.defaults import must_not_be_default
from gurita.engine.queue import NewTask, cancel_in, submit_in
from gurita.engine.tables import task
from gurita.kernel.errors import Conflict, Invalid
from gurita.spaces.emptying import empty_in
from gurita.spaces.records import SPACES
from gurita.spaces.service import CHANGED, spaces
from gurita.store.leaving import leave_in, leaving_space

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.spaces.resources import Space
    from gurita.store.tx import Tx

__all__ = ["TASK", "begin_in", "finish_in"]

TASK = "DeleteSpace"
"""The kind of task that does it (api.md 5)."""


def begin_in(tx: Tx, ctx: Context, id: str) -> int:
    """Shuts a space whose queue is stopped and queues the task that empties it; gives its number.

    A deletion that failed or was canceled begins again. Raises Forbidden, NotFound, Conflict, Invalid.
    """
    spaces.must_in(tx, ctx, "SpaceDelete", id)
    doc = spaces.known_in(tx, ctx, id)
    _must_be_free(tx, doc)
    now = ctx.services.milliseconds()
    arguments = {"SpaceId": doc.id, "SpaceName": doc.name}
    words = f"Delete space {doc.name}"
    new = NewTask("", TASK, words, arguments, tag=f"space/{doc.id}", origin=ctx.viewer.user_id)
    number = submit_in(tx, new, now)
    waiting = select(task.c.number).where(task.c.space == doc.id, task.c.state == "Queued")
    for row in tx.all(waiting):
        cancel_in(tx, row["number"], now)
    name, doing = audit.mention(doc.id, doc.name), f"ServerTasks-{number}"
    message = f"Space {name} is being deleted by {audit.mention(doing, doing)}"
    audit.record(tx, ctx, "Queued", message, [doing, doc.id], space="")
    leave_in(tx, doc.id, doc.name, number)
    tx.notify(CHANGED, doc.id)
    return number


def finish_in(tx: Tx, ctx: Context, space: str, number: int) -> None:
    """Removes what is left of a space and the space itself, with its event; its id is unknown from now on."""
    doc = spaces.known_in(tx, ctx, space)
    empty_in(tx, doc.id, ctx.services.milliseconds())
    SPACES.open(tx, "").delete(doc.id)
    doing = f"ServerTasks-{number}"
    message = f"Space {audit.mention(doc.id, doc.name)} was deleted with all that was in it"
    audit.record(tx, ctx, "Deleted", message, [doc.id, doing], before=doc, space="")
    tx.notify(CHANGED, doc.id)
    rights_changed_in(tx)


def _must_be_free(tx: Tx, doc: Space) -> None:
    """Raises unless the space can be deleted now."""
    must_not_be_default(doc, "space")
    doing = select(task.c.number, task.c.state).join(leaving_space, leaving_space.c.task == task.c.number)
    row = tx.one(doing.where(leaving_space.c.space == doc.id))
    if row is not None and row["state"] in ("Queued", "Executing", "Cancelling"):
        raise Conflict(f"The space '{doc.name}' is being deleted already, by ServerTasks-{row['number']}.")
    if not doc.task_queue_stopped:
        raise Invalid(
            f"TaskQueueStopped: the task queue of '{doc.name}' is running. "
            "Stop it first: PUT the space with TaskQueueStopped true, then delete it."
        )
    running = select(func.count()).where(
        task.c.space == doc.id, task.c.state.in_(("Executing", "Cancelling"))
    )
    if count := int(tx.scalar(running)):
        raise Conflict(
            f"{count} tasks of '{doc.name}' are still running. Wait for them or cancel them, then delete it."
        )
