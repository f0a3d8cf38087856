"""Target tags of machines as rows, to filter and list by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, insert, select

from gurita.kernel.ids import folded
from gurita.machines.tables import machine_role

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import KeyedColumnElement

    from gurita.store.tx import Tx

__all__ = ["all_in", "having", "keep_in"]


def keep_in(tx: Tx, space: str, machine: str, roles: Iterable[str]) -> None:
    """Makes `roles` the machine's only ones."""
    tx.run(delete(machine_role).where(machine_role.c.machine == machine))
    rows = [{"machine": machine, "space": space, "folded": folded(role), "role": role} for role in roles]
    if rows:
        tx.run(insert(machine_role), rows)


def all_in(tx: Tx, space: str, *where: ColumnElement[bool]) -> list[str]:
    """Every target tag of a space once, sorted; `where` narrows the machines."""
    column = func.min(machine_role.c.role)
    rows = tx.all(
        select(column.label("role"))
        .where(machine_role.c.space == space, *where)
        .group_by(machine_role.c.folded)
    )
    return sorted((row["role"] for row in rows), key=folded)


def having(machine: KeyedColumnElement[str], space: str, roles: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a machine has at least one of the roles."""
    wanted = [folded(role) for role in roles]
    found = select(machine_role.c.machine).where(
        machine_role.c.space == space, machine_role.c.folded.in_(wanted)
    )
    return machine.in_(found)
