"""Two nodes take the last two administrators away at the same moment: one of them is told that it may not."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from msgspec.structs import replace

from gurita.access import users
from gurita.access.resources import User
from gurita.access.teams.builtin import ADMINISTRATORS
from gurita.access.teams.guards import must_stay_administered_in
from gurita.access.teams.service import ensure_built_in_in, join_in
from gurita.kernel.errors import Conflict
from gurita.store.db import Store
from tests.looping import in_loop


@in_loop
async def test_of_the_last_two_administrators_one_stays_whichever_node_was_quicker(postgres_url: str) -> None:
    import asyncio

    nodes = [await Store.open(postgres_url) for _ in range(2)]
    both = threading.Barrier(2, timeout=240)

    def begin(tx: Any) -> list[Any]:
        ensure_built_in_in(tx)
        made = [users.create(tx, User(username=name), None, 1) for name in ("ada", "grace")]
        for row in made:
            join_in(tx, ADMINISTRATORS, row["number"])
        return made

    def disable(tx: Any, row: Any) -> None:
        users.change(tx, row, replace(users.as_user(row), is_active=False), None)
        if not both.broken and both.n_waiting < 2:
            both.wait()
        must_stay_administered_in(tx)

    try:
        rows = await nodes[0].write(begin)
        answers = await asyncio.gather(
            *(node.write(partial(disable, row=row)) for node, row in zip(nodes, rows, strict=True)),
            return_exceptions=True,
        )
        assert [type(each) for each in answers if each is not None] == [Conflict], answers
        left = await nodes[0].read(
            lambda tx: [users.find(tx, name)["is_active"] for name in ("ada", "grace")]
        )
        assert sorted(left) == [False, True]
    finally:
        for node in nodes:
            await node.close()
