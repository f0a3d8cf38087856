"""When each machine is looked at next for an automatic check, as rows: who looks reads only those whose time has come.

A row says only that a look is worth it; what is found then says whether a check is due, and when the next look is. So
whatever may change that (a machine, its policy, what is known of its health) asks for a look, and need not know the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, insert, literal, or_, select, update

from gurita.machines.records import MACHINES, WORKERS
from gurita.machines.tables import machine_look

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = [
    "NextLook",
    "ask_in",
    "ask_of_policy_in",
    "fill_in",
    "forget_gone_in",
    "forget_in",
    "late",
    "move_in",
    "spaces_in",
]

_c = machine_look.c
_KINDS = (MACHINES, WORKERS)


@dataclass(frozen=True, slots=True)
class NextLook:
    """When a machine is looked at again: milliseconds since 1970, None for not before somebody asks.

    `asked` is what the row said when it was read: when somebody asked since, that counts.
    """

    machine: str
    asked: int
    due: int | None


def ask_in(tx: Tx, space: str, machine: str) -> None:
    """Wants a machine of either kind looked at soon."""
    asked = update(machine_look).where(_c.machine == machine)
    if not tx.run(asked.values(due=0, asked=_c.asked + 1)).rowcount:
        tx.run(insert(machine_look).values(machine=machine, space=space, due=0, looked=0, asked=0))


def ask_of_policy_in(tx: Tx, space: str, policy: str) -> None:
    """Wants all machines of a policy looked at soon."""
    for kind in _KINDS:
        theirs = select(kind.c.id).where(kind.c.space_id == space, kind.c.machine_policy_id == policy)
        tx.run(update(machine_look).where(_c.machine.in_(theirs)).values(due=0, asked=_c.asked + 1))


def forget_in(tx: Tx, machine: str) -> None:
    """The machine is about to go."""
    tx.run(delete(machine_look).where(_c.machine == machine))


def forget_gone_in(tx: Tx, machines: Iterable[str]) -> None:
    """Drops what is kept of these if they are gone."""
    if some := list(machines):
        gone = [~exists().where(kind.c.id == _c.machine) for kind in _KINDS]
        tx.run(delete(machine_look).where(_c.machine.in_(some), *gone))


def fill_in(tx: Tx) -> None:
    """Wants a look at machines that have no row: those of a server that did not keep any yet."""
    for kind in _KINDS:
        there = exists().where(_c.machine == kind.c.id)
        unknown = select(kind.c.id, kind.c.space_id, literal(0), literal(0), literal(0)).where(~there)
        tx.run(insert(machine_look).from_select(["machine", "space", "due", "looked", "asked"], unknown))


def late(now: int) -> ColumnElement[bool]:
    """The condition that a look is due. One that was made in the future counts as none: the clock was set back."""
    return or_(_c.due <= now, _c.looked > now)


def spaces_in(tx: Tx, now: int) -> list[str]:
    """The spaces that have machines to look at."""
    wanted: Select[tuple[str]] = select(_c.space).where(late(now)).distinct()
    return sorted(row["space"] for row in tx.all(wanted))


def move_in(tx: Tx, looks: Iterable[NextLook], now: int) -> None:
    """Notes that machines were looked at, and when they are again."""
    rows = [{"this": each.machine, "then": each.due, "seen": each.asked} for each in looks]
    if rows:
        same = (_c.machine == bindparam("this")) & (_c.asked == bindparam("seen"))
        tx.run(update(machine_look).where(same).values(due=bindparam("then"), looked=now), rows)
