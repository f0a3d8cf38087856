"""Live streams: whatever a client missed, it gets every line and change once."""

from __future__ import annotations

import asyncio
import random
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete, func, select

from gurita.engine.logs import LogPlace
from gurita.engine.tables import change
from gurita.engine.transitions import tell
from gurita.tasks.changes import KEPT
from gurita.tasks.service import pruning
from tests.helpers import House
from tests.unit.tasks.journaling import Desk, listening, plan_of, room

WEB = LogPlace(0, 0, "Machines-web", 1)


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [line["Number"] for one in events if one["event"] == "log" for line in one["data"]["Lines"]]


async def test_a_stream_tells_states_and_lines_and_ends_with_the_task(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started(plan_of(1))
        await desk.log(owner, (1, "before"))
        async with listening(gurita.app, f"tasks/ServerTasks-{owner.number}/log/events") as heard:
            assert heard.status == 200
            first = await heard.until("nodes")
            assert [one["event"] for one in first] == ["log", "task", "nodes"]
            assert first[1]["data"]["State"] == "Executing"
            assert [(one["Name"], one["Status"]) for one in first[2]["data"]] == [
                ("Deploy Web release 1.0 to Dev", "Running"),
                ("Step 1: step 0", "Pending"),
            ]
            await desk.begin(owner, 0, "web")
            await desk.attempt(owner, WEB, "success", (1, "one\ntwo"))
            await desk.finish(owner, 0)
            await desk.log(owner, (1, "after"))
            await desk.end(owner)
            rest = await heard.until("end")
            assert await heard.next() is None
        assert numbers([*first, *rest]) == [0, 1, 2, 3]
        assert [one["data"]["State"] for one in rest if one["event"] == "task"][-1] == "Success"
        nodes = {
            node["Id"]: node for one in [*first, *rest] if one["event"] == "nodes" for node in one["data"]
        }
        assert sorted((node["Name"], node["Status"]) for node in nodes.values()) == [
            ("Deploy Web release 1.0 to Dev", "Success"),
            ("Step 1: step 0", "Success"),
            ("web", "Success"),
        ]
        assert all(node["ParentId"] in {None, *nodes} for node in nodes.values())


async def test_an_ended_task_is_told_whole_and_at_once(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        await desk.log(owner, (1, "line"))
        await desk.end(owner)
        async with listening(gurita.app, f"Spaces-1/tasks/ServerTasks-{owner.number}/log/events") as heard:
            events = await heard.until("end")
        assert [one["event"] for one in events] == ["log", "task", "nodes", "end"]


async def test_a_client_that_comes_back_again_and_again_gets_every_line_once(tmp_path: Path) -> None:
    lines, chance = 120, random.Random(3)
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()

        async def write() -> None:
            for n in range(lines):
                await desk.log(owner, *((1, f"line {n}") for _ in range(chance.randint(1, 3))))
            await desk.end(owner)

        writing = asyncio.create_task(write())
        events: list[dict[str, Any]] = []
        last = ""
        while not events or events[-1]["event"] != "end":
            async with listening(gurita.app, f"tasks/ServerTasks-{owner.number}/log/events", last) as heard:
                for _ in range(chance.randint(1, 40)):
                    one = await heard.next()
                    if one is None:
                        break
                    events.append(one)
                    last = one.get("id", last)
        await writing
        told = numbers(events)
        assert told == list(range(len(told)))
        assert len(told) == (await gurita.get(f"tasks/ServerTasks-{owner.number}/log"))["Total"] >= lines


async def test_a_nonsensical_last_id_starts_from_the_beginning(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        await desk.log(owner, (1, "line"))
        await desk.end(owner)
        for last in ("x", "-1", "9" * 40, "1.5"):
            async with listening(gurita.app, f"tasks/ServerTasks-{owner.number}/log/events", last) as heard:
                assert numbers(await heard.until("end")) == [0], last


async def test_a_stream_of_the_tail_leaves_out_older_chunks(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        for n in range(5):
            await desk.log(owner, (1, f"{n}\nsecond"))
        await desk.end(owner)
        place = f"tasks/ServerTasks-{owner.number}/log/events"
        for query, last, first in (
            ("?tail=0", "", 10),
            ("?tail=1", "", 8),
            ("?tail=3", "", 6),
            ("?tail=99", "", 0),
            ("", "", 0),
            ("?tail=1", "2", 4),
        ):
            async with listening(gurita.app, place + query, last) as heard:
                assert numbers(await heard.until("end")) == list(range(first, 10)), (query, last)


async def test_a_stream_ends_when_its_viewer_may_no_longer_look(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        async with listening(gurita.app, f"tasks/ServerTasks-{owner.number}/log/events") as heard:
            await heard.until("nodes")
            gurita.may(lambda permission, space: permission == "TaskViewLog" and space in ("Spaces-2", None))
            await desk.log(owner, (1, "secret"))
            while (one := await heard.next()) is not None:
                assert one["event"] == "log"
        answer = await gurita.ask("GET", f"tasks/ServerTasks-{owner.number}/log/events")
        assert answer.status == 404


async def say(desk: Desk, *subjects: str, space: str = "Spaces-1", kind: str = "task") -> None:
    for subject in subjects:
        await desk.write(partial(_tell, kind=kind, subject=subject, at=desk.clock, space=space))


def _tell(tx: Any, kind: str, subject: str, at: int, space: str) -> None:
    tell(tx, kind, subject, at, {"n": subject}, space)


async def test_changes_of_the_space_are_told_from_now_on(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await say(desk, "old")
        async with listening(gurita.app, "Spaces-1/gurita/changes") as heard:
            assert (await heard.next() or {})["event"] == "hello"
            await say(desk, "elsewhere", space="Spaces-2")
            await say(desk, "system", space="")
            await say(desk, "node", kind="node")
            await say(desk, "secret", kind="something-new")
            owner = await desk.started()
            await desk.end(owner)
            told = [await heard.next() for _ in range(3)]
        details = [one["data"]["Detail"] for one in told if one]
        assert [one["rule"] for one in details] == ["submit", "claim", "succeed"]
        assert {one["data"]["Id"] for one in told if one} == {f"ServerTasks-{owner.number}"}


async def test_what_a_viewer_may_not_see_is_not_told(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        gurita.may(lambda permission, space: permission == "TaskView" and space == "Spaces-1")
        async with listening(gurita.app, "gurita/changes") as heard:
            await heard.next()
            await say(desk, "Machines-1", kind="machine")
            await say(desk, "ServerTasks-1")
            one = await heard.next()
        assert one is not None
        assert one["data"]["Id"] == "ServerTasks-1"
        assert (await gurita.ask("GET", "Spaces-2/gurita/changes")).status in (403, 404)


async def test_a_client_that_was_away_gets_every_change_once(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await say(desk, "before")
        chance, last, told = random.Random(5), "", []
        for batch in range(12):
            async with listening(gurita.app, "Spaces-1/gurita/changes", last) as heard:
                if not last:
                    last = str((await heard.next() or {})["id"])
                await say(desk, *(f"{batch}.{n}" for n in range(6)))
                for _ in range(chance.randint(0, 6)):
                    one = await heard.next()
                    assert one is not None
                    told.append(one["data"]["Id"])
                    last = str(one["id"])
        async with listening(gurita.app, "Spaces-1/gurita/changes", last) as heard:
            while len(told) < 72:
                told.append((await heard.next() or {})["data"]["Id"])
        assert told == [f"{batch}.{n}" for batch in range(12) for n in range(6)]


async def first_event(gurita: House, last: str) -> dict[str, Any]:
    async with listening(gurita.app, "Spaces-1/gurita/changes", last) as heard:
        found = await heard.next()
    assert found is not None
    return found


async def test_a_client_that_was_away_for_too_long_is_told_to_start_anew(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await say(desk, "one", "two")
        hello = await first_event(gurita, "")
        assert hello["event"] == "hello"
        work = pruning()
        await desk.write(lambda tx: work.begin(tx, desk.clock + KEPT * 1000 - 1))
        await say(desk, "three")
        assert (await first_event(gurita, hello["id"]))["data"]["Id"] == "three"
        await desk.write(lambda tx: work.begin(tx, desk.clock + KEPT * 1000 + 1))
        reset = await first_event(gurita, hello["id"])
        assert reset["event"] == "reset"
        for nonsense in ("x", "1", "1.x", "0.999999"):
            assert (await first_event(gurita, nonsense))["event"] == "reset", nonsense
        tasks = select(func.count()).select_from(change).where(change.c.kind == "task")
        assert await gurita.store.read(lambda tx: tx.scalar(tasks)) == 1


async def test_numbers_go_on_after_everything_was_pruned(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await say(desk, "one", "two")
        async with listening(gurita.app, "Spaces-1/gurita/changes") as heard:
            await heard.next()
            await desk.write(lambda tx: pruning().begin(tx, desk.clock + 2 * KEPT * 1000))
            await say(desk, "three")
            assert (await heard.next() or {})["data"]["Id"] == "three"


async def test_a_stream_without_changes_begins_all_the_same(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        await desk.write(lambda tx: tx.run(delete(change)))
        async with listening(gurita.app, "Spaces-1/gurita/changes") as heard:
            hello = await heard.next()
            await say(desk, "first")
            told = await heard.next()
        assert hello is not None
        assert told is not None
        assert (hello["id"], told["data"]["Id"]) == ("0.0", "first")
        assert msgspec.json.encode(told["data"])
