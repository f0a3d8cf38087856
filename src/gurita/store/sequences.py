"""Numbers of new documents."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from gurita.store.prepared import Prepared
from gurita.store.tables import sequence
from gurita.store.tx import Tx

__all__ = ["next_number_in"]


def _statement(dialect: str) -> Prepared:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    insert = make(sequence).values(kind=bindparam("kind"), value=1)
    return Prepared(
        insert.on_conflict_do_update(
            index_elements=[sequence.c.kind], set_={"value": sequence.c.value + 1}
        ).returning(sequence.c.value)
    )


_NEXT = {"sqlite": _statement("sqlite"), "postgresql": _statement("postgresql")}


def next_number_in(tx: Tx, kind: str) -> int:
    """The next number of a kind, from 1. A unit that is rolled back gives its number back."""
    return int(tx.scalar(_NEXT[tx.dialect], {"kind": kind}))
