"""Spaces that come and go, and proof that nothing of one is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select

from gurita.engine.engine import Engine, Options
from gurita.execution.space_removal import RemovingSpaces
from gurita.http.context import Context, system_viewer
from gurita.kernel.clock import SystemClock
from gurita.store.blobs import Blobs
from gurita.store.tables import metadata
from gurita.store.tx import Tx
from tests.helpers import House

__all__ = ["KEPT", "holding", "mentioning", "removed", "removing", "stopped"]

KEPT = {"event", "event_related"}
"""Tables that tell of a deleted space for ever."""

_WHOSE = ("space", "space_id")


@asynccontextmanager
async def removing(gurita: House, folder: Path) -> AsyncIterator[Engine]:
    """An engine that deletes spaces and does nothing else."""
    engine = Engine(gurita.store, Blobs.open(folder / "logs"), SystemClock(), Options(watch=0.05))
    engine.handle(
        ["DeleteSpace"], RemovingSpaces(lambda space: Context(gurita.services, system_viewer(), space))
    )
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


async def stopped(gurita: House, id: str) -> dict[str, Any]:
    """The space, with a stopped task queue."""
    space = await gurita.get(f"spaces/{id}")
    changed: dict[str, Any] = await gurita.put(f"spaces/{id}", {**space, "TaskQueueStopped": True})
    return changed


async def removed(gurita: House, folder: Path, id: str) -> str:
    """Deletes a space as a person would, and waits for the end; the id of the task."""
    await stopped(gurita, id)
    task: str = (await gurita.delete(f"spaces/{id}"))["Id"]
    async with removing(gurita, folder):
        assert await ended(gurita, task) == "Success"
    return task


async def ended(gurita: House, task: str) -> str:
    """The state in which a task ends."""
    number = int(task.partition("-")[2])
    states = metadata.tables["task"].c
    while True:
        state: str = await gurita.store.read(
            lambda tx: tx.scalar(select(states.state).where(states.number == number))
        )
        if state in {"Success", "Failed", "Canceled", "TimedOut"}:
            return state
        await asyncio.sleep(0.01)


def holding(tx: Tx, space: str) -> dict[str, int]:
    """How many rows each table has that say they belong to a space."""
    found = {}
    for table in metadata.sorted_tables:
        for column in (table.c[name] for name in _WHOSE if name in table.c):
            if count := tx.scalar(select(func.count()).select_from(table).where(column == space)):
                found[table.name] = count
    return found


def mentioning(tx: Tx, *words: str) -> dict[str, set[str]]:
    """The tables in which any text holds one of the words as a whole value or inside it."""
    found: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        for row in tx.all(select(table)):
            text = " ".join(str(value) for value in row.values())
            if said := {word for word in words if word in text}:
                found.setdefault(table.name, set()).update(said)
    return found


def tables_of_spaces() -> list[Table]:
    """Every table that says which space a row belongs to."""
    return [table for table in metadata.sorted_tables if any(name in table.c for name in _WHOSE)]
