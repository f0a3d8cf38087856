"""What people do to tasks: cancel, move to the front, correct the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, func, select, update

from gurita.audit.service import mention, record
from gurita.engine import queue
from gurita.engine.tables import task
from gurita.engine.transitions import QUEUE, channel, tell, transition
from gurita.kernel.errors import Conflict, Invalid
from gurita.tasks.finding import find_in
from gurita.tasks.resources import FINAL_STATES, SetState
from gurita.tasks.rules import task_id

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["cancel_in", "locked_in", "prioritize_in", "set_state_in"]


def locked_in(tx: Tx, ctx: Context, id: str, permission: str) -> RowMapping:
    """The row of a task that nobody else changes before this unit ends. Raises NotFound, Forbidden."""
    row = find_in(tx, ctx, id, permission)
    if tx.dialect != "sqlite":
        tx.run(select(task.c.number).where(task.c.number == row["number"]).with_for_update())
        row = find_in(tx, ctx, id, permission)
    return row


def _name(row: RowMapping) -> str:
    return mention(task_id(row["number"]), row["description"])


def cancel_in(tx: Tx, ctx: Context, id: str) -> int:
    """Asks for a task to be canceled; gives its number. One that has ended, or is being canceled, stays as it is."""
    row = locked_in(tx, ctx, id, "TaskCancel")
    number: int = row["number"]
    if row["state"] in FINAL_STATES or row["state"] == "Cancelling":
        return number
    queue.cancel_in(tx, number, ctx.services.milliseconds())
    record(tx, ctx, "Canceled", f"Task {_name(row)} was canceled", [task_id(number)], space=row["space"])
    return number


def prioritize_in(tx: Tx, ctx: Context, id: str) -> int:
    """Moves a waiting task ahead of all others; gives its number. Raises Conflict once it has started."""
    row = locked_in(tx, ctx, id, "TaskPrioritize")
    number: int = row["number"]
    if row["state"] != "Queued":
        raise Conflict(f"{task_id(number)} is not waiting in the queue: it is {row['state']}.")
    others = select(func.max(task.c.priority)).where(task.c.state == "Queued", task.c.number != number)
    highest = tx.scalar(others)
    if highest is None or row["priority"] > highest:
        return number
    now = ctx.services.milliseconds()
    tx.run(update(task).where(task.c.number == number).values(priority=highest + 1, updated=now))
    message = f"Task {_name(row)} was moved to the front of the queue"
    record(tx, ctx, "Modified", message, [task_id(number)], space=row["space"])
    tell(tx, "task", task_id(number), now, {"priority": highest + 1}, row["space"])
    tx.notify(channel(number))
    tx.notify(QUEUE)
    return number


def set_state_in(tx: Tx, ctx: Context, id: str, body: SetState) -> int:
    """Corrects the recorded result of an ended task; gives its number. When it ended stays as it was.

    Raises Invalid without a reason or for a state that is not final, Conflict while the task has not ended.
    """
    row = locked_in(tx, ctx, id, "TaskEdit")
    number: int = row["number"]
    state = next((one for one in FINAL_STATES if one.lower() == body.state.strip().lower()), None)
    if state is None:
        known = ", ".join(sorted(FINAL_STATES))
        raise Invalid(f"State: '{body.state[:40]}' is no result of a task. Known: {known}.")
    reason = (body.reason or "").strip()
    if not reason:
        raise Invalid("Reason: say why; it is kept in the audit trail.")
    if row["state"] not in FINAL_STATES:
        raise Conflict(f"{task_id(number)} has not ended. Cancel it first.")
    if row["state"] == state:
        return number
    transition(tx, "set-state", number, ctx.services.milliseconds(), to=state)
    tx.run(update(task).where(task.c.number == number).values(completed=row["completed"]))
    message = f"The state of task {_name(row)} was set from {row['state']} to {state}: {reason}"
    before, after = {"State": row["state"]}, {"State": state}
    record(
        tx,
        ctx,
        "TaskStateModified",
        message,
        [task_id(number)],
        before=before,
        after=after,
        space=row["space"],
    )
    return number
