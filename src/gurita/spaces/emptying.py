"""Removing everything a space holds, in one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table, delete, select

from gurita.engine.tables import task
from gurita.store.blob_keeping import let_go_in
from gurita.store.tables import metadata

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["empty_in"]

_KEPT = {"event", "event_related"}
"""The audit trail outlives what it tells of."""


def empty_in(tx: Tx, space: str, now: int) -> None:
    """Deletes every row of every table that belongs to the space, those that refer to others first.

    Files that rows name are let go; `now` is in milliseconds since 1970.
    """
    numbers = select(task.c.number).where(task.c.space == space)
    for table in reversed(metadata.sorted_tables):
        if table.name in _KEPT:
            continue
        column = _space_column(table)
        if column is not None:
            for name in (name for name in table.c.keys() if name == "blob" or name.endswith("_blob")):  # noqa: SIM118
                named = select(table.c[name]).where(table.c[column] == space).distinct()
                let_go_in(tx, [row[name] for row in tx.all(named)], now)
            tx.run(delete(table).where(table.c[column] == space))
        elif "task" in table.c and table is not task:
            tx.run(delete(table).where(table.c.task.in_(numbers)))


def _space_column(table: Table) -> str | None:
    return next((name for name in ("space", "space_id") if name in table.c), None)
