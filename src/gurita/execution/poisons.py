"""Cancels a target has not confirmed, delivered before anything else starts there."""

from __future__ import annotations

from sqlalchemy import delete, select

from gurita.engine.tables import poison, task
from gurita.execution.tickets import task_key
from gurita.store.db import Store
from gurita.store.installation import Installation
from gurita.transport.tickets import Ref, Tickets

__all__ = ["Poisons"]

_GRACE = 3.0


class Poisons:
    """Rows of the journal that wait for their target to be within reach."""

    def __init__(self, store: Store, installation: Installation) -> None:
        self._store, self._installation = store, installation

    async def deliver(self, target: str, tickets: Tickets) -> None:
        """Cancels on the target what was canceled while it was away. Raises what the connection raises."""
        wanted = select(poison, task.c.created.label("made")).join(task, task.c.number == poison.c.task)
        wanted = wanted.where(poison.c.target == target)
        for row in await self._store.read(lambda tx: tx.all(wanted)):
            ref = Ref(task_key(self._installation, row["task"], row["made"]), row["ticket"])
            await tickets.cancel(ref, row["fence"], _GRACE)
            done = delete(poison).where(poison.c.ticket == row["ticket"])
            await self._store.write(lambda tx, done=done: tx.run(done) and None)  # type: ignore[misc]
