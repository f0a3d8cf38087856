"""Questions to people: raised in the unit that finds nobody else can decide, answered once."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.owner import Owner, own
from gurita.engine.queue import wake_in
from gurita.engine.rows import ActionRow
from gurita.engine.tables import action, interruption, task
from gurita.engine.transitions import channel, tell
from gurita.store.tx import Tx

__all__ = ["GUIDANCE", "answer_in", "ask_guidance_in"]

GUIDANCE = {"Retry": "retry", "Ignore": "ignore", "Exclude": "exclude", "Fail": "fail"}
"""What a person may say about a failure, and the resolution it leaves on the action."""

_WAIT = 3


def ask_guidance_in(
    tx: Tx, owner: Owner, space: str, row: ActionRow, title: str, form: dict[str, Any], now: int
) -> int:
    """Asks what to do about a failed or lost action; gives the interruption's number."""
    owned = own(tx, owner)
    number: int = tx.scalar(
        insert(interruption)
        .values(
            task=owner.number,
            space=space,
            kind="GuidedFailure",
            title=title,
            step=row.step,
            action_row=row.number,
            form=msgspec.json.encode(form).decode(),
            pending=True,
            created=now,
        )
        .returning(interruption.c.number)
    )
    tx.run(update(action).where(action.c.number == row.number).values(resolution="pending"))
    place = LogPlace(row.step, row.action, row.target, row.attempt)
    owned.log(place, [LogEntry(now, _WAIT, f"{title} Waiting for guidance: Interruptions-{number}.")])
    _count(tx, owner.number)
    tell(tx, "interruption", f"Interruptions-{number}", now, {"task": f"ServerTasks-{owner.number}"}, space)
    return number


def answer_in(tx: Tx, number: int, resolution: str, result: dict[str, str], by: str, now: int) -> bool:
    """Answers a question; False when it was answered before. Wakes the task."""
    row = tx.one(select(interruption).where(interruption.c.number == number))
    if row is None:
        return False
    tx.run(update(task).where(task.c.number == row["task"]).values(updated=now))
    answered = (
        update(interruption)
        .where(interruption.c.number == number, interruption.c.pending)
        .values(pending=False, result=msgspec.json.encode(result).decode(), responsible=by, submitted=now)
    )
    if tx.run(answered).rowcount != 1:
        return False
    tx.run(update(action).where(action.c.number == row["action_row"]).values(resolution=resolution))
    _count(tx, row["task"])
    wake_in(tx, row["task"], now)
    tell(tx, "interruption", f"Interruptions-{number}", now, {"answered": resolution}, row["space"])
    tx.notify(channel(row["task"]))
    return True


def _count(tx: Tx, number: int) -> None:
    pending = (
        select(func.count()).where(interruption.c.task == number, interruption.c.pending).scalar_subquery()
    )
    tx.run(update(task).where(task.c.number == number).values(interruptions=pending))
