"""When machines are checked without anybody asking: by their policy's interval, soon after they were added."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select

from gurita.catalog.rules import parse_span
from gurita.engine.queue import NewTask, submit_in
from gurita.engine.schedules import Recurring
from gurita.engine.tables import task
from gurita.http.context import Context
from gurita.machines import service as machines
from gurita.machines.policies import service as policies
from gurita.machines.resources import MachineBase, MachinePolicy
from gurita.machines.tables import machine_health
from gurita.machines.workers import service as workers
from gurita.spaces import service as spaces
from gurita.store.tx import Tx

__all__ = ["due_machines", "health_schedule"]

_EVERY = 30.0


def health_schedule(context: Callable[[str], Context]) -> Recurring:
    """Looks every 30 seconds which machines are due, and queues one task a space for them."""

    def begin(tx: Tx, now: int) -> None:
        for space in spaces.all_in(tx, context("")):
            ctx = context(space.id)
            found: list[MachineBase] = [*machines.list_in(tx, ctx, machines.MachineQuery())]
            found += workers.list_in(tx, ctx, workers.WorkerQuery())
            if not found or _is_checking(tx, space.id):
                continue
            known = {each.id: each for each in policies.policies.open(tx, ctx).all()}
            checked = {
                row["machine"]: row["checked"]
                for row in tx.all(select(machine_health).where(machine_health.c.space == space.id))
            }
            due = due_machines(found, known, checked, now)
            if due:
                submit_in(
                    tx,
                    NewTask(space.id, "Health", "Check health by policy", {"MachineIds": due}),
                    now,
                )

    return Recurring("machine-health", _EVERY, begin)


def due_machines(
    found: Iterable[MachineBase], known: dict[str, MachinePolicy], checked: dict[str, int], now: int
) -> list[str]:
    """Ids of enabled machines whose last check is longer ago than their policy allows, or that had none.

    A check that lies in the future counts as none: the clock was set back. Pure.
    """
    due = []
    for machine in found:
        policy = known.get(machine.machine_policy_id)
        if machine.is_disabled or policy is None:
            continue
        last = checked.get(machine.id)
        if last is None:
            if not machine.skip_initial_health_check:
                due.append(machine.id)
            continue
        interval = policy.machine_health_check_policy.health_check_interval
        if interval and not 0 <= now - last < parse_span(interval).total_seconds() * 1000:
            due.append(machine.id)
    return due


def _is_checking(tx: Tx, space: str) -> bool:
    active = select(task.c.number).where(
        task.c.space == space, task.c.name == "Health", task.c.state.in_(["Queued", "Executing"])
    )
    return tx.one(active.limit(1)) is not None
