"""Private spaces: administering the system does not reach into them; only who was given something in one is inside."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, delete, insert, select

from gurita.access.users import CHANGED
from gurita.store.tables import metadata
from gurita.store.tx import Tx

__all__ = ["private_space", "private_spaces_in", "set_private_in"]

private_space = Table("private_space", metadata, Column("space", Text, primary_key=True))
"""What `IsPrivate` of spaces says, where permissions are evaluated."""


def private_spaces_in(tx: Tx) -> frozenset[str]:
    """The ids of all private spaces."""
    return frozenset(row["space"] for row in tx.all(select(private_space)))


def set_private_in(tx: Tx, space: str, *, private: bool) -> None:
    """Makes a space private, or open to administrators again: for everybody's next request."""
    tx.run(delete(private_space).where(private_space.c.space == space))
    if private:
        tx.run(insert(private_space).values(space=space))
    tx.notify(CHANGED)
