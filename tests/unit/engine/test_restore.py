"""A restored database resumes nothing and shares no ticket with what it was."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import select

from gurita.engine.queue import NewTask, claim_in, submit_in
from gurita.engine.restore import declare_restored_in
from gurita.engine.tables import lock, task
from gurita.kernel.ids import SystemRandomness
from gurita.store.db import Store
from gurita.store.installation import installation_in


async def test_a_restore_ends_every_unfinished_task_and_renews_the_incarnation(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/test.db")
    try:
        for number in range(3):
            new = NewTask("Spaces-1", "Deploy", "a task", tag=f"tag {number}")
            await store.write(partial(submit_in, new=new, now=1))
        await store.write(lambda tx: claim_in(tx, "node", 2))
        before = await store.read(installation_in)
        ended = await store.write(lambda tx: declare_restored_in(tx, SystemRandomness(), 3))
        assert ended == [1, 2, 3]
        rows = await store.read(lambda tx: tx.all(select(task)))
        assert {(row["state"], row["rule"]) for row in rows} == {("Failed", "fail-by-restore")}
        assert all("restored" in row["error"] for row in rows)
        assert await store.read(lambda tx: tx.one(select(lock))) is None
        after = await store.read(installation_in)
        assert after.id == before.id
        assert after.incarnation != before.incarnation
        assert await store.write(lambda tx: claim_in(tx, "node", 4)) is None
    finally:
        await store.close()
