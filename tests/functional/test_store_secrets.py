"""Secrets on both databases: binary values, keys and their rotation."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from gurita.kernel.errors import NotFound
from gurita.kernel.sensitive import Sensitive
from gurita.secrets import Secrets
from gurita.secrets.opening import reveal
from gurita.store.db import Store
from tests.looping import in_loop


@in_loop
async def test_two_nodes_store_open_and_rotate_the_same_secrets(database_url: str) -> None:
    one, two = await Store.open(database_url), await Store.open(database_url)
    first, second = Secrets(bytes(32)), Secrets(bytes(32))
    await asyncio.gather(one.write(first.check_in))
    await two.write(second.check_in)
    texts = ["", "plain", "päss \U0001f511 \\x00 '", "x" * 100_000]
    units = [partial(first.store_in, space="Spaces-1", value=Sensitive(text)) for text in texts]
    ids = await asyncio.gather(*map(one.write, units), *map(two.write, units))
    await two.write(lambda tx: second.rotate_space_in(tx, "Spaces-1"))
    while await one.write(lambda tx: first.reseal_in(tx, "Spaces-1", 3)):
        pass
    found = await two.read(lambda tx: [reveal(second.open_in(tx, "Spaces-1", id)) for id in ids])
    assert found == texts + texts
    with pytest.raises(NotFound):
        await two.read(lambda tx: second.open_in(tx, "Spaces-2", ids[0]))
    await one.close()
    await two.close()
