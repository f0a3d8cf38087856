"""Removing everything a space holds, in units of bounded size, in an order that can be taken up again anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Table, delete, func, or_, select, tuple_, update

from gurita.engine.tables import change, stopped_queue, task
from gurita.secrets.tables import secret, space_key
from gurita.store.blob_keeping import let_go_in
from gurita.store.kinds import KINDS
from gurita.store.leaving import leaving_space
from gurita.store.tables import entity, metadata, reference

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["AT_ONCE", "KEPT", "Removed", "empty_in", "holders", "remove_some_in", "word_of"]

AT_ONCE = 500
"""Rows a unit removes."""

KEPT = {"event", "event_related"}
"""The audit trail outlives what it tells of."""

_WITH_THE_SPACE = {stopped_queue.name, leaving_space.name}
"""What keeps others out of the space until it is gone itself."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows a unit removed from a table, and the names of what people gave names to."""

    count: int
    names: tuple[str, ...] = ()


def holders() -> list[Table]:
    """Every table that may hold something of a space, in the order in which it goes.

    Secrets and their keys are first: they are gone, whatever happens to the rest. References go before documents, what
    belongs to tasks before tasks, and what refers to something before it.
    """
    first = [secret, space_key, reference]
    tables = [table for table in reversed(metadata.sorted_tables) if table not in first]
    tables = [table for table in tables if table.name not in KEPT | _WITH_THE_SPACE]
    of_tasks = [table for table in tables if "task" in table.c and _space_of(table) is None]
    of_spaces = [table for table in tables if _space_of(table) is not None and table is not entity]
    return [*first, *of_tasks, *of_spaces, entity]


def remove_some_in(tx: Tx, table: Table, space: str, now: int, most: int = AT_ONCE) -> Removed:
    """Removes at most `most` rows of the space from a table. Files that they name are let go.

    `now` is in milliseconds since 1970. A key of secrets is overwritten before it goes, so that no free page of the
    database keeps it.
    """
    keys = list(table.primary_key)
    blobs = [column for column in table.c if column.name == "blob" or column.name.endswith("_blob")]
    documents = _is_of_documents(table)
    names = [table.c.name] if documents else []
    rows = tx.all(select(*keys, *blobs, *names).where(_belongs(table, space)).limit(most))
    if not rows:
        return Removed(0)
    let_go_in(tx, [row[column.name] for row in rows for column in blobs], now)
    these = _among(keys, [tuple(row[key.name] for key in keys) for row in rows])
    if table is space_key:
        _overwrite_in(tx, space)
    tx.run(delete(table).where(these))
    if documents:
        tx.run(delete(entity).where(entity.c.id.in_([row["id"] for row in rows])))
    return Removed(len(rows), tuple(row["name"] for row in rows if row["name"]) if documents else ())


def empty_in(tx: Tx, space: str, now: int) -> None:
    """Removes all that is left of a space, the space itself not: what is few by now."""
    for table in [*holders(), stopped_queue, leaving_space]:
        while remove_some_in(tx, table, space, now).count:
            pass


def word_of(table: Table) -> str:
    """What a table holds, for the log."""
    return next((kind.title for kind in KINDS.values() if kind.table is table), table.name.replace("_", " "))


def _overwrite_in(tx: Tx, space: str) -> None:
    for row in tx.all(select(space_key).where(space_key.c.space_id == space)):
        blank = update(space_key).where(space_key.c.id == row["id"])
        tx.run(blank.values(sealed=bytes(len(row["sealed"]))))


def _space_of(table: Table) -> Column[Any] | None:
    return next((table.c[name] for name in ("space", "space_id") if name in table.c), None)


def _is_of_documents(table: Table) -> bool:
    return "id" in table.c and any(key.column is entity.c.id for key in table.c.id.foreign_keys)


def _belongs(table: Table, space: str) -> ColumnElement[bool]:
    """The condition that a row is of the space."""
    if table is reference:  # from elsewhere into the space, too
        inside = select(entity.c.id).where(entity.c.space_id == space)
        return or_(reference.c.space_id == space, reference.c.to_id.in_(inside), reference.c.to_id == space)
    if table is change:  # the newest number stays, so that no database gives it again
        return (change.c.space == space) & (
            change.c.number < select(func.max(change.c.number)).scalar_subquery()
        )
    own = _space_of(table)
    if own is not None:
        return own == space
    return table.c.task.in_(select(task.c.number).where(task.c.space == space))


def _among(keys: list[Column[Any]], values: list[tuple[Any, ...]]) -> ColumnElement[bool]:
    if len(keys) == 1:
        return keys[0].in_([one for (one,) in values])
    return tuple_(*keys).in_(values)
