"""Why a task or an action waits: a code for machines, a sentence for people, and whom to look at.

Causes of product.md item 25: who holds the tag, the cap, a drained or stopped cluster, a stopped queue, a schedule,
the place in the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from gurita.engine.locks import Held
from gurita.engine.queue import tag_key
from gurita.engine.tables import lock, node, stopped_queue, task
from gurita.store.tx import Tx

__all__ = ["Reason", "holders_sentence", "reasons_in"]


@dataclass(frozen=True, slots=True)
class Reason:
    """`ids` are the documents the sentence names, in its order."""

    code: str
    text: str
    ids: tuple[str, ...] = ()


def holders_sentence(what: str, holders: Sequence[Held]) -> Reason:
    """Whom a target's lock waits for, once each and in order: "A", "A and B", "A, B and C"."""
    ids = tuple(f"ServerTasks-{number}" for number in sorted({held.task for held in holders}))
    named = ids[0] if len(ids) == 1 else f"{', '.join(ids[:-1])} and {ids[-1]}"
    verb = "is" if len(ids) == 1 else "are"
    return Reason("target-busy", f"Waiting for {what}: {named} {verb} using it.", ids)


def reasons_in(tx: Tx, number: int, now: int) -> list[Reason]:
    """Why a queued or waiting task does not run, the strongest cause first; empty when it runs or has ended."""
    row = tx.one(select(task).where(task.c.number == number))
    if row is None:
        return []
    if row["waits"]:
        return [Reason("person", "Waiting for a person to decide; see its interruptions.")]
    if row["state"] != "Queued":
        return []
    found = []
    if row["not_before"] is not None and row["not_before"] > now:
        found.append(Reason("scheduled", "Scheduled to start later."))
    if row["space"] and tx.one(select(stopped_queue).where(stopped_queue.c.space == row["space"])):
        found.append(Reason("queue-stopped", "The task queue of this space is stopped.", (row["space"],)))
    found += _tag_reason(tx, row["tag"])
    found += _node_reason(tx)
    ahead = _ahead(tx, row["priority"], number)
    if ahead:
        text = "1 task is ahead in the queue." if ahead == 1 else f"{ahead} tasks are ahead in the queue."
        found.append(Reason("queue-position", text))
    return found or [Reason("starting", "About to start.")]


def _tag_reason(tx: Tx, tag: str | None) -> list[Reason]:
    if tag is None:
        return []
    holder = tx.scalar(select(lock.c.task).where(lock.c.key == tag_key(tag)))
    if holder is None:
        return []
    id_ = f"ServerTasks-{holder}"
    return [
        Reason("tag-busy", f"Waiting for {id_}, which deploys the same project to the same place.", (id_,))
    ]


def _node_reason(tx: Tx) -> list[Reason]:
    running = (
        select(func.count())
        .where(task.c.node == node.c.id, task.c.state.in_(["Executing", "Cancelling"]))
        .scalar_subquery()
    )
    nodes = tx.all(
        select(node.c.id, node.c.cap, node.c.draining, running.label("running")).where(~node.c.stopped)
    )
    if not nodes:
        return [Reason("no-node", "No server node is running.")]
    if all(row["draining"] for row in nodes):
        return [Reason("draining", "Every server node is draining.", tuple(row["id"] for row in nodes))]
    if all(row["draining"] or row["running"] >= row["cap"] for row in nodes):
        cap = sum(row["cap"] for row in nodes if not row["draining"])
        return [Reason("cap", f"All {cap} places for running tasks are taken.")]
    return []


def _ahead(tx: Tx, priority: int, number: int) -> int:
    earlier = or_(task.c.priority > priority, (task.c.priority == priority) & (task.c.number < number))
    count: int = tx.scalar(select(func.count()).where(task.c.state == "Queued", earlier))
    return count
