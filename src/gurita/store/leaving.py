"""Spaces that are being deleted: nothing is written in them any more, and what began before has an end.

Who begins to delete a space calls `leave_in`; whoever writes asks `must_stay_in` in the same unit. A unit that asked before
may commit after: `mark_in` and `all_older_ended_in` tell when the last of those has ended.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
)

from gurita.kernel.errors import Conflict
from gurita.store.prepared import Prepared
from gurita.store.tables import metadata
from gurita.store.tx import Tx

__all__ = [
    "all_older_ended_in",
    "leave_in",
    "leaving_in",
    "leaving_space",
    "mark_in",
    "must_stay_in",
    "staying",
    "why_leaving",
]

leaving_space = Table(
    "leaving_space",
    metadata,
    Column("space", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("task", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
)
"""Spaces that are being deleted, and by which task. The row goes with the space."""

_ONE = Prepared(select(leaving_space).where(leaving_space.c.space == bindparam("space")))


def leave_in(tx: Tx, space: str, name: str, task: int) -> None:
    """From the end of this unit on the space is being deleted by that task, whichever did it before."""
    tx.run(leaving_space.delete().where(leaving_space.c.space == space))
    tx.run(insert(leaving_space).values(space=space, name=name, task=task))


def leaving_in(tx: Tx) -> dict[str, Conflict]:
    """The ids of the spaces that are being deleted, each with the refusal for who wants something of it."""
    return {row["space"]: why_leaving(row["name"], row["task"]) for row in tx.all(select(leaving_space))}


def staying(space: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a space is not being deleted."""
    return space.not_in(select(leaving_space.c.space))


def must_stay_in(tx: Tx, space: str) -> None:
    """Raises Conflict when the space is being deleted."""
    row = tx.one(_ONE, {"space": space}) if space else None
    if row is not None:
        raise why_leaving(row["name"], row["task"])


def why_leaving(name: str, task: int) -> Conflict:
    """What somebody is told who wants something of a space that is being deleted."""
    return Conflict(
        f"The space '{name}' is being deleted by ServerTasks-{task}, and nothing in it can be used or changed any more."
    )


def mark_in(tx: Tx) -> int:
    """A mark in the order of transactions: all that began before now are older. 0 on SQLite, which has one writer."""
    if tx.dialect == "sqlite":
        return 0
    return int(
        tx.scalar(select(cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), Text), BigInteger)))
    )


def all_older_ended_in(tx: Tx, mark: int) -> bool:
    """Whether every transaction older than the mark has ended."""
    if tx.dialect == "sqlite":
        return True
    oldest = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
    return bool(tx.scalar(select(oldest >= mark)))
