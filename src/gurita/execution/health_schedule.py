"""When machines are checked without anybody asking: by their policy's interval, soon after they were added."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from gurita.catalog.rules import parse_span
from gurita.engine.queue import NewTask, submit_in
from gurita.engine.schedules import Recurring
from gurita.engine.tables import task
from gurita.http.context import Context
from gurita.machines import looks
from gurita.machines import service as machines
from gurita.machines.looks import NextLook
from gurita.machines.policies import service as policies
from gurita.machines.resources import MachineBase, MachinePolicy
from gurita.machines.tables import machine_health, machine_look
from gurita.machines.workers import service as workers
from gurita.spaces import service as spaces
from gurita.store.tx import Tx

__all__ = ["health_schedule", "next_check"]

_EVERY = 30.0


def health_schedule(context: Callable[[str], Context]) -> Recurring:
    """Every 30 seconds queues one task a space for the machines that are due.

    It reads only machines that may be (`machines.looks`); while there are none, it asks that and nothing more.
    """
    filled: list[bool] = []

    def begin(tx: Tx, now: int) -> None:
        if not filled:
            looks.fill_in(tx)
            tx.after_commit(lambda: filled.append(True))
        waiting = looks.spaces_in(tx, now)
        here = {space.id for space in spaces.all_in(tx, context(""))} if waiting else set()
        for space in waiting:
            if space in here and not _is_checking(tx, space):
                _look(tx, context(space), now)

    return Recurring("machine-health", _EVERY, begin)


def _look(tx: Tx, ctx: Context, now: int) -> None:
    """Queues a check of the machines of a space that are due; the others are looked at again when they are."""
    wanted = (machine_look.c.space == ctx.space) & looks.late(now)
    asked = {row["machine"]: row["asked"] for row in tx.all(select(machine_look).where(wanted))}
    theirs = select(machine_look.c.machine).where(wanted)
    found: list[MachineBase] = []
    for kind in (machines.machines.kind, workers.workers.kind):
        found += kind.open(tx, ctx.space).all(where=[kind.c.id.in_(theirs)])
    health = select(machine_health.c.machine, machine_health.c.checked)
    checked = {
        row["machine"]: row["checked"] for row in tx.all(health.where(machine_health.c.machine.in_(theirs)))
    }
    known = {each.id: each for each in policies.policies.open(tx, ctx).all()}
    then = {
        each.id: next_check(each, known.get(each.machine_policy_id), checked.get(each.id), now)
        for each in found
        if each.id in asked
    }
    looks.forget_gone_in(tx, asked.keys() - then.keys())
    due = [id for id, at in then.items() if at is not None and at <= now]
    looks.move_in(tx, [NextLook(id, asked[id], at) for id, at in then.items() if id not in set(due)], now)
    if due:
        submit_in(tx, NewTask(ctx.space, "Health", "Check health by policy", {"MachineIds": due}), now)


def next_check(machine: MachineBase, policy: MachinePolicy | None, last: int | None, now: int) -> int | None:
    """When a machine is to be checked next, in milliseconds since 1970, from when its last check was; None for never.

    A check that lies in the future counts as none: the clock was set back. Pure.
    """
    if machine.is_disabled or policy is None:
        return None
    if last is None:
        return None if machine.skip_initial_health_check else now
    interval = policy.machine_health_check_policy.health_check_interval
    if not interval:
        return None
    return now if last > now else last + int(parse_span(interval).total_seconds() * 1000)


def _is_checking(tx: Tx, space: str) -> bool:
    active = select(task.c.number).where(
        task.c.space == space, task.c.name == "Health", task.c.state.in_(["Queued", "Executing"])
    )
    return tx.one(active.limit(1)) is not None
