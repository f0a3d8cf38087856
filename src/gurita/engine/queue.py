"""Putting tasks into the queue, taking them out, and canceling them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from gurita.engine.owner import Owner, own
from gurita.engine.tables import action, lock, stopped_queue, task
from gurita.engine.transitions import QUEUE, tell, transition
from gurita.store.tx import Tx

__all__ = [
    "Claimed",
    "NewTask",
    "cancel_in",
    "claim_in",
    "control",
    "expire_in",
    "release_in",
    "submit_in",
    "tag_key",
    "wake_in",
]


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be queued. Times are milliseconds since 1970.

    At most one task of a `tag` runs at a time. `not_before` and `not_after` bound the start of a scheduled task;
    a task without `not_before` may start at once, whatever the clock says.
    """

    space: str
    name: str
    description: str
    arguments: dict[str, Any] = field(default_factory=dict)
    tag: str | None = None
    project: str | None = None
    environment: str | None = None
    tenant: str | None = None
    origin: str = ""
    priority: int = 0
    not_before: int | None = None
    not_after: int | None = None
    rerun_of: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task this node now owns. `created` is when it was made; `again`: it had run
    before, here or elsewhere."""

    owner: Owner
    space: str
    name: str
    arguments: dict[str, Any]
    state: str
    project: str | None
    environment: str | None
    tenant: str | None
    origin: str
    created: int
    again: bool


def tag_key(tag: str) -> str:
    """The lock key of a concurrency tag."""
    return f"tag:{tag}"


def submit_in(tx: Tx, new: NewTask, now: int) -> int:
    """Queues a task; gives its number (its id is `ServerTasks-<number>`)."""
    values = {
        "space": new.space,
        "name": new.name,
        "description": new.description,
        "arguments": msgspec.json.encode(new.arguments).decode(),
        "state": "Queued",
        "rule": "submit",
        "priority": new.priority,
        "tag": new.tag,
        "project": new.project,
        "environment": new.environment,
        "tenant": new.tenant,
        "origin": new.origin,
        "created": now,
        "updated": now,
        "not_before": new.not_before,
        "not_after": new.not_after,
        "rerun_of": new.rerun_of,
    }
    number: int = tx.scalar(insert(task).values(values).returning(task.c.number))
    tell(tx, "task", f"ServerTasks-{number}", now, {"rule": "submit", "state": "Queued"}, new.space)
    tx.notify(QUEUE)
    return number


_busy = task.alias("busy")
_RUNNING_OF_PROJECT = (
    select(func.count())
    .where(_busy.c.state == "Executing", _busy.c.project == task.c.project, _busy.c.space == task.c.space)
    .scalar_subquery()
)
_TAG_FREE = ~select(lock.c.number).where(lock.c.key == "tag:" + task.c.tag).exists()
_QUEUE_OPEN = ~select(stopped_queue.c.space).where(stopped_queue.c.space == task.c.space).exists()
_CLAIMABLE = or_(
    and_(
        task.c.state == "Queued",
        or_(task.c.not_before.is_(None), task.c.not_before <= bindparam("now")),
        or_(task.c.not_after.is_(None), task.c.not_after >= bindparam("now")),
        or_(task.c.tag.is_(None), _TAG_FREE),
        _QUEUE_OPEN,
    ),
    and_(task.c.state.in_(["Executing", "Cancelling"]), task.c.node.is_(None), task.c.waits.is_(False)),
)
_CANDIDATE = (
    select(task)
    .where(_CLAIMABLE)
    .order_by((task.c.state == "Queued"), task.c.priority.desc(), _RUNNING_OF_PROJECT, task.c.number)
    .limit(1)
)
_CANDIDATE_LOCKED = _CANDIDATE.with_for_update(skip_locked=True, of=task)


def claim_in(tx: Tx, node: str, now: int) -> Claimed | Literal["raced"] | None:
    """Takes the next task for a node: interrupted ones first, then by priority, fair share and age.

    None: there is nothing to take. `raced`: another node was faster with the same tag; ask again.
    """
    row = tx.one(_CANDIDATE if tx.dialect == "sqlite" else _CANDIDATE_LOCKED, {"now": now})
    if row is None:
        return None
    number, again = row["number"], row["state"] != "Queued"
    if not again and row["tag"] and not _take_tag(tx, row["tag"], number, now):
        return "raced"
    fence = row["fence"] + 1
    values: dict[str, Any] = {"node": node, "fence": fence}
    if not again:
        values["started"] = now
    transition(tx, "resume" if again else "claim", number, now, **values)
    return Claimed(
        Owner(number, fence),
        row["space"],
        row["name"],
        msgspec.json.decode(row["arguments"]),
        row["state"] if again else "Executing",
        row["project"],
        row["environment"],
        row["tenant"],
        row["origin"],
        row["created"],
        again,
    )


def _take_tag(tx: Tx, tag: str, number: int, now: int) -> bool:
    """The tag's unique index decides between two nodes; the loser's claim is simply not made."""
    values = {
        "key": tag_key(tag),
        "task": number,
        "holder": "",
        "mode": "tag",
        "granted": True,
        "since": now,
    }
    try:
        with tx.nested():
            tx.run(insert(lock).values(values))
    except IntegrityError:
        return False
    return True


def control(number: int) -> str:
    """The channel on which a task's owner is told to look at its rows again."""
    return f"control_{number}"


def cancel_in(tx: Tx, number: int, now: int) -> str:
    """Asks for a task to be canceled; gives its state afterwards. A final state stays as it is."""
    if transition(tx, "cancel-queued", number, now):
        return "Canceled"
    if transition(tx, "cancel", number, now, cancelling=now, waits=False):
        tx.notify(QUEUE)
        tx.notify(control(number))
        return "Cancelling"
    state: str = tx.scalar(select(task.c.state).where(task.c.number == number))
    return state


def expire_in(tx: Tx, now: int) -> list[int]:
    """Ends queued tasks whose latest start has passed."""
    late = tx.all(select(task.c.number).where(task.c.state == "Queued", task.c.not_after < now).limit(100))
    return [row["number"] for row in late if transition(tx, "expire", row["number"], now)]


def release_in(tx: Tx, owner: Owner, pending: int, now: int) -> bool:
    """Gives a task's place up while only a person can move it on; it keeps its tag.

    `pending` is how many unanswered questions the owner saw. False when one was answered since, or the task is being
    canceled: the owner looks again instead of going to sleep over it.
    """
    own(tx, owner)
    asked = select(func.count()).where(action.c.task == owner.number, action.c.resolution == "pending")
    if tx.scalar(asked) != pending:
        return False
    return transition(tx, "release", owner.number, now, node=None, waits=True)


def wake_in(tx: Tx, number: int, now: int) -> None:
    """A person has spoken: the task may be claimed again."""
    tx.run(update(task).where(task.c.number == number).values(waits=False, updated=now))
    tx.notify(QUEUE)
    tx.notify(control(number))
