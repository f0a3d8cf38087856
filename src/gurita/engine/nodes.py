"""Nodes: who is alive by the database's clock, and what happens to the tasks of those that are not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Double, RowMapping, cast, func, insert, literal, select, update

from gurita.engine.rows import LOOK
from gurita.engine.states import ACTIVE_ACTIONS
from gurita.engine.tables import action, node, poison, task
from gurita.engine.transitions import QUEUE, tell, transition
from gurita.store.tx import Tx

__all__ = [
    "MOST_TAKEOVERS",
    "NodeState",
    "anything_late_in",
    "beat_in",
    "end_overdue_cancels_in",
    "enlist_in",
    "leave_in",
    "node_id",
    "node_state_in",
    "poison_in",
    "reap_in",
    "take_back_in",
]

MOST_TAKEOVERS = 3
"""A task taken over this often without having told anything new in between is given up."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """What a node must know of itself before it takes a task."""

    cap: int
    draining: bool
    run: str


def node_id(name: str) -> str:
    """The id a node's name has in the API."""
    return f"OctopusServerNodes-{name}"


def _clock(tx: Tx, now: int) -> ColumnElement[float]:
    """Seconds by the one clock all nodes share; SQLite has one node, so its own will do."""
    if tx.dialect == "sqlite":
        return literal(now / 1000)
    return cast(func.extract("epoch", func.clock_timestamp()), Double)


def enlist_in(tx: Tx, name: str, run: str, cap: int, version: str, now: int) -> None:
    """Makes the node known, or begins a new life of it. Cap and drain of an earlier life stay."""
    seen = _clock(tx, now)
    values = {"run": run, "started": now, "last_seen": seen, "version": version, "stopped": False}
    if tx.run(update(node).where(node.c.id == node_id(name)).values(**values)).rowcount == 0:
        tx.run(insert(node).values(id=node_id(name), name=name, cap=cap, draining=False, **values))
    tell(tx, "node", node_id(name), now, {"life": "started"})


def beat_in(tx: Tx, name: str, run: str, now: int) -> bool:
    """Says that the node lives. False when another life has taken its name: this one must stop."""
    alive = update(node).where(node.c.id == node_id(name), node.c.run == run)
    changed = tx.run(alive.values(last_seen=_clock(tx, now), stopped=False))
    return bool(changed.rowcount == 1)


def leave_in(tx: Tx, name: str, run: str, now: int) -> None:
    """A graceful stop: the node is offline at once, and its tasks may go on elsewhere."""
    tx.run(update(node).where(node.c.id == node_id(name), node.c.run == run).values(stopped=True))
    take_back_in(tx, [node_id(name)], now, counts=False)
    tell(tx, "node", node_id(name), now, {"life": "stopped"})


def node_state_in(tx: Tx, name: str) -> NodeState | None:
    """The node's row; None once it was deleted."""
    row = tx.one(select(node.c.cap, node.c.draining, node.c.run).where(node.c.id == node_id(name)))
    return None if row is None else NodeState(row["cap"], row["draining"], row["run"])


def reap_in(tx: Tx, lease: float, now: int) -> list[int]:
    """Frees the tasks of nodes that were silent for longer than `lease` seconds."""
    silent = select(node.c.id).where((node.c.last_seen < _clock(tx, now) - lease) | node.c.stopped)
    return take_back_in(tx, [row["id"] for row in tx.all(silent)], now)


def take_back_in(
    tx: Tx, nodes: list[str], now: int, only: list[int] | None = None, *, counts: bool = True
) -> list[int]:
    """Frees every task those nodes hold (or `only` these), with a higher fence; gives their numbers.

    A node that leaves of its own accord does not count against its tasks.
    """
    if not nodes:
        return []
    held = select(task).where(task.c.node.in_(nodes), task.c.state.in_(["Executing", "Cancelling"]))
    if only is not None:
        held = held.where(task.c.number.in_(only))
    rows = tx.all(held if tx.dialect == "sqlite" else held.with_for_update(skip_locked=True))
    for row in rows:
        _take_over(tx, row, now, counts=counts)
    if rows:
        tx.notify(QUEUE)
    return [row["number"] for row in rows]


def _take_over(tx: Tx, row: RowMapping, now: int, *, counts: bool) -> None:
    number, fence = row["number"], row["fence"] + 1
    ended = tx.scalar(
        select(func.count()).where(action.c.task == number, action.c.state.not_in(ACTIVE_ACTIONS))
    )
    mark = ended + row["log_lines"]
    times = (row["takeovers"] if mark == row["takeover_mark"] else 0) + counts
    values = {"fence": fence, "takeovers": times, "takeover_mark": mark}
    if times <= MOST_TAKEOVERS:
        transition(tx, "take-over", number, now, node=None, **values)
        return
    poison_in(tx, number, fence, now)
    error = (
        f"The task was taken over {MOST_TAKEOVERS} times at the same action, last from {row['node']}. "
        "What this action does may be what stops the nodes; look at its log before you deploy again."
    )
    transition(tx, "give-up", number, now, error=error, **values)


def poison_in(tx: Tx, number: int, fence: int, now: int) -> list[str]:
    """Ends what nobody has seen end. Leaves a cancel for every ticket a target may know; gives those targets' ids."""
    active = tx.all(
        select(action.c.number, action.c.ticket, action.c.target).where(
            action.c.task == number, action.c.state.in_(ACTIVE_ACTIONS)
        )
    )
    asked = set()
    for row in active:
        error = "The task ended before this did."
        if not row["ticket"].startswith(LOOK):
            asked.add(str(row["target"]))
            error = "The target did not confirm that it stopped."
            tx.run(
                insert(poison).values(
                    ticket=row["ticket"], task=number, target=row["target"], fence=fence, created=now
                )
            )
        tx.run(
            update(action)
            .where(action.c.number == row["number"])
            .values(state="canceled", completed=now, error=error)
        )
    return sorted(asked)


def end_overdue_cancels_in(tx: Tx, deadline: float, now: int) -> list[int]:
    """Ends tasks that have been canceling for longer than `deadline` seconds, naming who never confirmed.

    What they left on a target is poisoned: delivered before anything else starts there.
    """
    overdue = select(task.c.number, task.c.fence).where(
        task.c.state == "Cancelling", task.c.cancelling < now - int(deadline * 1000)
    )
    ended = []
    for row in tx.all(overdue if tx.dialect == "sqlite" else overdue.with_for_update(skip_locked=True)):
        targets = poison_in(tx, row["number"], row["fence"] + 1, now)
        error = f"Canceled, but not confirmed by: {', '.join(targets)}." if targets else None
        if transition(tx, "cancel-unconfirmed", row["number"], now, fence=row["fence"] + 1, error=error):
            ended.append(row["number"])
    return ended


def anything_late_in(tx: Tx, lease: float | None, deadline: float, now: int) -> bool:
    """Whether a task belongs to a silent node, cancels for too long, or waits past its latest start.

    Without a lease (a single node) nobody is judged silent.
    """
    late = ((task.c.state == "Cancelling") & (task.c.cancelling < now - int(deadline * 1000))) | (
        (task.c.state == "Queued") & (task.c.not_after < now)
    )
    if lease is not None:
        silent = select(node.c.id).where((node.c.last_seen < _clock(tx, now) - lease) | node.c.stopped)
        late = late | (task.c.state.in_(["Executing", "Cancelling"]) & task.c.node.in_(silent))
    return tx.one(select(task.c.number).where(late).limit(1)) is not None
