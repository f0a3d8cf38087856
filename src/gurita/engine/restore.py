"""After a backup was put back: nothing of the life before is resumed, and no ticket of it is used again."""

from __future__ import annotations

from sqlalchemy import delete, select

from gurita.engine.states import ACTIVE_TASKS
from gurita.engine.tables import interruption, lock, poison, task
from gurita.engine.transitions import transition
from gurita.kernel.ids import Randomness
from gurita.store.installation import renew_incarnation_in
from gurita.store.tx import Tx

__all__ = ["declare_restored_in"]

_ERROR = (
    "The database was restored from a backup while this task was not finished. What it has done since the backup is "
    "not known; look at its targets, then deploy again."
)


def declare_restored_in(tx: Tx, random: Randomness, now: int) -> list[int]:
    """Renews the database's incarnation and ends every unfinished task; gives their numbers.

    Asked for by `gurita restored`, with every node stopped.
    """
    renew_incarnation_in(tx, random)
    unfinished = tx.all(select(task.c.number).where(task.c.state.in_(sorted(ACTIVE_TASKS))))
    ended = [
        row["number"]
        for row in unfinished
        if transition(tx, "fail-by-restore", row["number"], now, error=_ERROR, fence=task.c.fence + 1)
    ]
    tx.run(delete(lock))
    tx.run(delete(poison))
    tx.run(interruption.update().where(interruption.c.pending).values(pending=False))
    return ended
