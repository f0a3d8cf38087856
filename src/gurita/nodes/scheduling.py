"""Recurring work as the API shows it, over the engine's own rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from gurita.audit import service as audit
from gurita.engine.tables import schedule
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import NotFound
from gurita.nodes.resources import ScheduledTask
from gurita.nodes.status import span

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["schedules_in", "trigger_in"]

_LATE = 60_000
"""Milliseconds after which work that is due and was not begun is called overdue."""


def schedules_in(tx: Tx, now: int) -> list[ScheduledTask]:
    """All recurring work by name. `now` is milliseconds."""
    return [
        ScheduledTask(
            name=row["key"],
            interval=span(timedelta(milliseconds=row["every"])),
            next_run=iso_of(row["next_due"]),
            last_run=None if row["last"] is None else iso_of(row["last"]),
            is_overdue=row["next_due"] < now - _LATE,
        )
        for row in tx.all(select(schedule).order_by(schedule.c.key))
    ]


def trigger_in(tx: Tx, ctx: Context, name: str) -> None:
    """Makes recurring work due now. Raises NotFound."""
    now = ctx.services.milliseconds()
    changed = tx.run(update(schedule).where(schedule.c.key == name).values(next_due=now))
    if changed.rowcount != 1:
        raise NotFound(name)
    audit.record(tx, ctx, "Modified", f"The recurring work '{name}' was made due", space="")
