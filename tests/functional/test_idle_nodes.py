"""Nodes with nothing to do: sealing, streaming and telling ask the database of nothing, and miss nothing for it.

Time is the loop's own, moved on by the test: what wakes every second would have woken.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gurita.audit.trail.keeper import Keeper
from gurita.audit.trail.streaming import Streamer
from gurita.http.context import Context, system_viewer
from gurita.secrets.keys import open_secrets
from gurita.store.lookout import LONGEST
from gurita.subscriptions.delivering.keeper import Keeper as Telling
from tests.counting import statements
from tests.looping import in_loop, until
from tests.unit.subscriptions.tellings import HOOK, telling
from tests.unit.subscriptions.tellings import Telling as World

WINDOW = 40
"""Seconds in which nothing happens: shorter than the longest time without a look, and than a test may take."""


class Time:
    """The loop's time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        real, self.ahead = loop.time, 0.0
        patch.setattr(loop, "time", lambda: real() + self.ahead)

    async def pass_(self, seconds: int, *worlds: World) -> None:
        """Second after second, each until all it woke has asked what it asks."""
        for _ in range(seconds):
            self.ahead += 1.0
            for world in worlds:
                for _ in range(3):
                    await answered(world)


async def answered(world: World) -> None:
    """All readers of a node's database meet, after the writer: what was asked before has its answer."""
    store = world.gurita.store
    await store.write(lambda _: None)
    meeting = threading.Barrier(store.backend.readers, timeout=240)
    await asyncio.gather(*(store.read(lambda _: meeting.wait()) for _ in range(meeting.parties)))


@asynccontextmanager
async def nodes(folder: Path, url: str) -> AsyncIterator[list[World]]:
    """A node on SQLite, two on PostgreSQL. The second only writes, and the first is told of it."""
    async with AsyncExitStack() as stack:
        secrets = open_secrets(folder, {"GURITA_ROOT_KEY": "11" * 32})
        worlds = []
        for number in range(1 if url.startswith("sqlite") else 2):
            own = folder / str(number)
            own.mkdir()
            worlds.append(await stack.enter_async_context(telling(own, url, secrets=secrets)))
        system = Context(worlds[0].gurita.services, system_viewer(), "")
        keeper, streamer, told = Keeper(system, folder), Streamer(system, folder), Telling(system)
        for each in (keeper, streamer, told):
            stack.push_async_callback(each.stop)
        await keeper.start()
        streamer.start()
        await told.start()
        yield worlds


async def subscribed(world: World) -> None:
    """A stream, a webhook and a digest that is due in an hour: all that looks at what was sealed."""
    await world.gurita.put("audit-stream", {"IsEnabled": True, "FileName": "t.jsonl"})
    team = await world.gurita.post("Spaces-1/teams", {"Name": "T"})
    for ways in ({"WebhookURI": HOOK}, {"EmailTeams": [team["Id"]]}):
        told: dict[str, Any] = {"Filter": {"EventCategories": ["Created"]}, **ways}
        body = {"Name": f"S {sorted(ways)}", "EventNotificationSubscription": told}
        await world.gurita.post("Spaces-1/subscriptions", body)


@in_loop
async def test_an_idle_node_asks_for_nothing_and_hears_of_everything(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WINDOW < LONGEST
    async with nodes(tmp_path, database_url) as worlds:
        first, writer, time = worlds[0], worlds[-1], Time(monkeypatch)
        await subscribed(writer)
        file = tmp_path / "audit" / "t.jsonl"
        for name in ("Dev", "Test"):
            await writer.gurita.post("Spaces-1/environments", {"Name": name})
            told = f"Environment {name} was created"
            await until(lambda told=told: told in first.receiver.told)  # type: ignore[misc]
            await until(lambda told=told: file.exists() and told in file.read_text())  # type: ignore[misc]
            await time.pass_(8, *worlds)
            with statements() as asked:
                await time.pass_(WINDOW, *worlds)
            assert asked == []
            time.ahead = 0.0


def test_without_notifications_sealing_and_telling_take_a_minute_each_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(deaf_for_a_minute(tmp_path, monkeypatch))


async def deaf_for_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with nodes(tmp_path, f"sqlite:///{tmp_path}/gurita.db") as worlds:
        world = worlds[0]
        await subscribed(world)
        await until(lambda: (tmp_path / "audit" / "t.jsonl").exists())
        time = Time(monkeypatch)
        await time.pass_(8, world)
        monkeypatch.setattr(world.gurita.store._subscriptions, "deliver", lambda _: None)
        before = list(world.receiver.told)
        await world.gurita.post("Spaces-1/environments", {"Name": "Dev"})
        await time.pass_(30, world)
        assert world.receiver.told == before
        for _ in ("sealed", "told"):
            time.ahead += LONGEST
            await time.pass_(2, world)
        await until(lambda: world.receiver.told == [*before, "Environment Dev was created"])
