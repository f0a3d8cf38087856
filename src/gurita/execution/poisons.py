"""Cancels a target has not confirmed, delivered before anything else starts there."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from gurita.engine.tables import poison, task
from gurita.execution.tickets import task_key
from gurita.store.db import Store
from gurita.store.installation import Installation
from gurita.store.prepared import Prepared
from gurita.transport.tickets import Ref, Tickets

__all__ = ["Poisons"]

_GRACE = 3.0
_WANTED = Prepared(
    select(poison, task.c.created.label("made"))
    .join(task, task.c.number == poison.c.task)
    .where(poison.c.target == bindparam("target"))
)


class Poisons:
    """Rows of the journal that wait for their target to be within reach."""

    def __init__(self, store: Store, installation: Installation) -> None:
        self._store, self._installation = store, installation

    async def deliver(self, target: str, tickets: Tickets) -> None:
        """Cancels on the target what was canceled while it was away. Raises what the connection raises."""
        for row in await self._store.read(lambda tx: tx.all(_WANTED, {"target": target})):
            ref = Ref(task_key(self._installation, row["task"], row["made"]), row["ticket"])
            await tickets.cancel(ref, row["fence"], _GRACE)
            done = delete(poison).where(poison.c.ticket == row["ticket"])
            await self._store.write(lambda tx, done=done: tx.run(done) and None)  # type: ignore[misc]
