"""The one place that writes `task.state`, `task.rule` and the live change that tells of it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, insert, literal, update

from gurita.engine.states import FINAL_TASKS, Rule, rule
from gurita.engine.tables import change, lock, task
from gurita.store.tx import Tx

__all__ = ["QUEUE", "channel", "tell", "transition"]

QUEUE = "queue"
"""Notified whenever a task may have become claimable."""


def channel(number: int) -> str:
    """The channel on which everything about one task is notified."""
    return f"task_{number}"


def transition(tx: Tx, name: str, number: int, now: int, *, to: str | None = None, **values: Any) -> bool:
    """Applies the named rule to a task; False when the task is not in a state the rule starts from.

    `values` are further columns of the task. `to` is the state for `set-state`, which names none itself.
    """
    used = rule(name)
    after = _after(used, to)
    if after is not None:
        values["state"] = after
    if after in FINAL_TASKS:
        values |= {"completed": now, "waits": False, "interruptions": 0}
    changed = tx.one(
        update(task)
        .where(task.c.number == number, task.c.state.in_(sorted(used.before)))
        .values(rule=name, updated=now, **values)
        .returning(task.c.space)
    )
    if changed is None:
        return False
    if after in FINAL_TASKS:
        tx.run(lock.delete().where(lock.c.task == number))
        tx.notify(QUEUE)
    tell(tx, "task", f"ServerTasks-{number}", now, {"rule": name, "state": after}, changed["space"])
    tx.notify(channel(number))
    return True


def _after(used: Rule, to: str | None) -> str | None:
    if used.after == "?":
        return to
    return None if used.after == "=" else used.after


def tell(tx: Tx, kind: str, subject: str, now: int, detail: dict[str, Any], space: str = "") -> None:
    """Writes a change for live pages; readers get it once every older transaction has ended."""
    tx.run(
        insert(change).values(
            xid=_transaction_id(tx),
            space=space,
            kind=kind,
            subject=subject,
            at=now,
            detail=msgspec.json.encode(detail).decode(),
        )
    )
    tx.notify("changes")


def _transaction_id(tx: Tx) -> ColumnElement[int]:
    """PostgreSQL's own number of this transaction; SQLite has one writer, so order of rows is order of commits."""
    if tx.dialect == "sqlite":
        return literal(0)
    return cast(cast(func.pg_current_xact_id(), Text), BigInteger)
