"""What a task leaves behind on targets when it is ended from outside."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert, select

from gurita.engine.nodes import poison_in
from gurita.engine.queue import NewTask, submit_in
from gurita.engine.rows import LOOK
from gurita.engine.tables import action, poison
from gurita.store.db import Store
from gurita.store.tx import Tx
from tests.looping import in_loop


@in_loop
async def test_a_cancel_is_left_only_for_tickets_a_target_may_know(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/test.db")

    def unit(tx: Tx) -> list[str]:
        number = submit_in(tx, NewTask("Spaces-1", "Deploy", "a task"), 1)
        values = {"task": number, "step": 0, "action": 0, "attempt": 1, "started": 1}
        for target, ticket, state in (
            ("Machines-1", "a" * 32, "running"),
            ("Machines-2", f"{LOOK}1-0-Machines-2-1", "asking"),
            ("Machines-3", "b" * 32, "success"),
        ):
            tx.run(insert(action).values(**values, target=target, ticket=ticket, state=state))
        return poison_in(tx, number, 3, 5)

    try:
        assert await store.write(unit) == ["Machines-1"]
        left = await store.read(lambda tx: [row["ticket"] for row in tx.all(select(poison))])
        assert left == ["a" * 32]
        states = await store.read(
            lambda tx: [row["state"] for row in tx.all(select(action).order_by(action.c.number))]
        )
        assert states == ["canceled", "canceled", "success"]
    finally:
        await store.close()
