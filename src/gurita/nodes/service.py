"""Nodes as the API shows them, over the engine's own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Double, RowMapping, cast, delete, func, literal, select, update

from gurita.audit import service as audit
from gurita.engine.tables import node, task
from gurita.engine.transitions import QUEUE, tell
from gurita.kernel.clock import iso
from gurita.kernel.errors import Conflict, NotFound
from gurita.nodes.resources import Node, NodeSettings, NodeSummary, RunningTask
from gurita.store.within import spot

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "OFFLINE_AFTER",
    "by_name_in",
    "change_in",
    "remove_in",
    "running_in",
    "summaries_in",
    "summary_in",
]

OFFLINE_AFTER = 30
"""Seconds of silence after which a node is shown as offline. Its tasks go on elsewhere earlier, after its lease."""

_RUNNING = ("Executing", "Cancelling")


def _seconds(tx: Tx, ctx: Context) -> ColumnElement[float]:
    """The clock `last_seen` is written by: the database's, or this node's own where there is no other."""
    if tx.dialect == "sqlite":
        return literal(ctx.services.clock.now().timestamp())
    return cast(func.extract("epoch", func.clock_timestamp()), Double)


def summaries_in(tx: Tx, ctx: Context) -> list[NodeSummary]:
    """All nodes by name, with the number of tasks each is at."""
    found = tx.all(select(node, _seconds(tx, ctx).label("clock")).order_by(node.c.name))
    rows = [_as_seen(tx, ctx, row) for row in found]
    counts = (
        select(task.c.node, func.count().label("tasks"))
        .where(task.c.state.in_(_RUNNING))
        .group_by(task.c.node)
    )
    running = {row["node"]: row["tasks"] for row in tx.all(counts)}
    return _summaries(rows, running)


def _as_seen(tx: Tx, ctx: Context, row: RowMapping) -> dict[str, Any]:
    """The row; the only node of an SQLite database writes no heartbeat, and lives since it answers."""
    this = tx.dialect == "sqlite" and row["name"] == ctx.services.settings.node_name
    return {**row, "last_seen": row["clock"]} if this else dict(row)


def _summaries(rows: Sequence[Mapping[str, Any]], running: dict[str, int]) -> list[NodeSummary]:
    alive = [row for row in rows if not _offline(row)]
    leader = min(alive, key=lambda row: (row["started"], row["id"]))["id"] if alive else None
    return [
        NodeSummary(
            id=row["id"],
            name=row["name"],
            max_concurrent_tasks=row["cap"],
            is_in_maintenance_mode=row["draining"],
            last_seen=_moment(row["last_seen"]),
            is_offline=_offline(row),
            running_task_count=running.get(row["id"], 0),
            is_drained=row["draining"] and not running.get(row["id"], 0),
            rank="Leader" if row["id"] == leader else "Follower",
            is_leader=row["id"] == leader,
            version=row["version"],
            started=_moment(row["started"] / 1000),
        )
        for row in rows
    ]


def _offline(row: Mapping[str, Any]) -> bool:
    return bool(row["stopped"] or row["last_seen"] < row["clock"] - OFFLINE_AFTER)


def _moment(seconds: float) -> str:
    return iso(datetime.fromtimestamp(seconds, UTC))


def summary_in(tx: Tx, ctx: Context, id: str) -> NodeSummary:
    """One node by id or name. Raises NotFound."""
    wanted = id.lower()
    for found in summaries_in(tx, ctx):
        if wanted in (found.id.lower(), found.name.lower()):
            return found
    raise NotFound(id)


def by_name_in(tx: Tx, ctx: Context, name: str) -> NodeSummary | None:
    """The node of a name, if it has ever started."""
    return next((found for found in summaries_in(tx, ctx) if found.name == name), None)


def change_in(tx: Tx, ctx: Context, id: str, settings: NodeSettings) -> Node:
    """Sets the cap, and drains or resumes a node. Raises NotFound."""
    before = summary_in(tx, ctx, id)
    cap, drain = settings.max_concurrent_tasks, settings.is_in_maintenance_mode
    values = {
        "cap": before.max_concurrent_tasks if cap is None else cap,
        "draining": before.is_in_maintenance_mode if drain is None else drain,
    }
    tx.run(update(node).where(node.c.id == before.id).values(**values))
    after = summary_in(tx, ctx, before.id)
    category, verb = "Modified", "was changed"
    if after.is_in_maintenance_mode != before.is_in_maintenance_mode:
        category, verb = (
            ("NodeDrained", "is drained") if after.is_in_maintenance_mode else ("NodeResumed", "resumes")
        )
    if after != before:
        message = f"Node {audit.mention(after.id, after.name)} {verb}"
        audit.record(tx, ctx, category, message, before=before, after=after, space="")
    tell(tx, "node", after.id, int(ctx.services.clock.now().timestamp() * 1000), {"settings": values})
    tx.notify(QUEUE)
    return after


def remove_in(tx: Tx, ctx: Context, id: str) -> None:
    """Forgets a node that is offline. Raises NotFound, or Conflict while it lives or holds tasks."""
    found = summary_in(tx, ctx, id)
    if not found.is_offline:
        raise Conflict(
            f"The node '{found.name}' is online. Stop it first; it may be deleted {OFFLINE_AFTER} s later."
        )
    if found.running_task_count:
        raise Conflict(
            f"The node '{found.name}' still holds {found.running_task_count} tasks. Start another node to take them."
        )
    tx.run(delete(node).where(node.c.id == found.id))
    audit.record(
        tx, ctx, "Deleted", f"Node {audit.mention(found.id, found.name)} was deleted", before=found, space=""
    )


def running_in(tx: Tx, ctx: Context, id: str) -> list[RunningTask]:
    """The tasks a node is at, oldest first, as far as the viewer may see them. Raises NotFound."""
    found = summary_in(tx, ctx, id)
    rows = tx.all(
        select(task).where(task.c.node == found.id, task.c.state.in_(_RUNNING)).order_by(task.c.number)
    )
    return [
        RunningTask(
            id=f"ServerTasks-{row['number']}",
            name=row["name"],
            description=row["description"],
            state=row["state"],
            space_id=row["space"] or None,
            project_id=row["project"],
            start_time=None if row["started"] is None else _moment(row["started"] / 1000),
        )
        for row in rows
        if ctx.viewer.may_at(
            "TaskView", row["space"], spot(tx, row["project"], row["environment"], row["tenant"])
        )
    ]
