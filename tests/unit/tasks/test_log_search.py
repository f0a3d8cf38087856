"""Finding lines in a log, and which of its lines an activity wrote."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gurita.engine.compaction import compact
from gurita.engine.logs import CATEGORIES, LogPlace
from gurita.engine.owner import Owner
from gurita.store.blobs import Blobs
from gurita.tasks import log_search
from gurita.tasks.rules import node_id
from tests.helpers import House
from tests.unit.tasks.journaling import Desk, plan_of, room

WEB, DB = LogPlace(0, 0, "Machines-web", 1), LogPlace(0, 0, "Machines-db", 1)


async def written(desk: Desk) -> Owner:
    """Lines 0 to 9 of a task, a step, and two targets in turns."""
    owner = await desk.started(plan_of(1, targets=("web", "db")))
    await desk.log(owner, (1, "Deploying Web"))
    await desk.begin(owner, 0, "web", "db")
    await desk.log(owner, (1, "Two targets"), place=LogPlace(0))
    await desk.log(owner, (1, "one"), (0, "thinking\nof WEB"), (1, "two"), place=WEB)
    await desk.log(owner, (4, "careful"), place=DB)
    await desk.log(owner, (1, "three"), (5, "It broke on web."), (1, "after"), place=WEB)
    return owner


async def found(gurita: House, owner: Owner, query: str) -> dict[str, Any]:
    return dict(await gurita.get(f"tasks/ServerTasks-{owner.number}/log/search?{query}"))


def numbers(answer: dict[str, Any]) -> list[int]:
    return [hit["Number"] for hit in answer["Lines"]]


async def test_lines_are_found_by_text_level_activity_and_place_in_the_log(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await written(desk)
        web, db = (node_id(owner.number, (0, 0, place.target, 1)) for place in (WEB, DB))
        step, whole = node_id(owner.number, (0, -1, "", 0)), node_id(owner.number)
        for query, wanted in {
            "text=web": [0, 4, 8],
            "text=web&first=1": [4, 8],
            "text=web&level=error": [8],
            "level=Warning": [6, 8],
            f"level=Warning&node={db}": [6],
            f"node={web}": [2, 3, 4, 5, 7, 8, 9],
            f"node={step}&text=t": [1, 3, 5, 7, 8, 9],
            f"node={whole}&text=deploying": [0],
            f"node={whole}/nothing": [],
            "text=100%25": [],
            "level=Fatal": [],
        }.items():
            answer = await found(gurita, owner, query)
            assert numbers(answer) == wanted, query
            assert (answer["Next"], answer["Total"], answer["IsCompleted"]) == (-1, 10, False), query
        await gurita.refused(400, "GET", f"tasks/ServerTasks-{owner.number}/log/search?level=Loud")


async def test_colours_titles_and_links_hide_no_word_and_are_none_themselves(tmp_path: Path) -> None:
    lines = (
        "\x1b[31mfai\x1b[0;1mlure\x1b[0m of the disk",
        "\x1b[38;2;250;10;10mFAIL\x1b[Kure",
        "\x1b]8;;https://example.org/31m\x1b\\fail\x1b]8;;\x1b\\ure",
        "\x1b]0;a title that never ends\na failure after it",
        "failure in one colour",
        "no fail \x1b[31mure",
    )
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started(plan_of(1))
        await desk.log(owner, *((1, line) for line in lines))
        for query, wanted in {
            "text=failure": [0, 1, 2, 4, 5],
            "text=failure%20of%20the": [0],
            "text=31m": [],
            "text=example.org": [],
            "text=title": [],
            "text=fail%20ure": [6],
        }.items():
            assert numbers(await found(gurita, owner, query)) == wanted, query
        (hit,) = (await found(gurita, owner, "text=failure&take=1"))["Lines"]
        assert hit["Text"] == lines[0], "the line comes as it was written"


async def test_the_first_error_comes_with_what_stands_around_it(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await written(desk)
        answer = await found(gurita, owner, "level=Error&take=1&context=5")
        (hit,) = answer["Lines"]
        assert (hit["Number"], hit["Category"], hit["Text"]) == (8, "Error", "It broke on web.")
        assert hit["Node"] == node_id(owner.number, (0, 0, "Machines-web", 1))
        assert [line["Text"] for line in hit["Before"]] == ["three"]
        assert [line["Text"] for line in hit["After"]] == ["after"]
        assert answer["Next"] == 9


async def test_an_activity_knows_its_pieces_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await written(desk)
        place = f"tasks/ServerTasks-{owner.number}/log/map?node="
        web, db, step, whole = (
            node_id(owner.number, one)
            for one in ((0, 0, "Machines-web", 1), (0, 0, "Machines-db", 1), (0, -1, "", 0), (-1, -1, "", 0))
        )
        for node, runs in {
            web: [[2, 4], [7, 3]],
            db: [[6, 1]],
            step: [[1, 9]],
            whole: [[0, 10]],
            "x": [],
        }.items():
            answer = await gurita.get(place + node)
            assert (answer["Runs"], answer["Total"], answer["Next"]) == (runs, 10, -1)
        monkeypatch.setattr(log_search, "MOST_RUNS", 1)
        part = await gurita.get(place + web)
        assert (part["Runs"], part["Next"]) == ([[2, 4]], 7)
        assert (await gurita.get(f"{place}{web}&first=7"))["Runs"] == [[7, 3]]


async def test_a_log_that_was_moved_aside_is_searched_as_before(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await written(desk)
        await desk.end(owner)
        await compact(gurita.store, Blobs.open(tmp_path / "blobs"), owner.number)
        answer = await found(gurita, owner, "text=BROKE")
        assert (numbers(answer), answer["IsCompleted"]) == ([8], True)


async def test_only_who_may_see_logs_may_search_them(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await written(desk)
        place = f"tasks/ServerTasks-{owner.number}"
        gurita.may(lambda permission, _space: permission == "TaskView")
        for path in ("log/search?text=web", f"log/map?node={node_id(owner.number)}"):
            assert (await gurita.ask("GET", f"{place}/{path}")).status == 403


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    chunks=st.lists(
        st.lists(
            st.tuples(st.integers(0, 6), st.sampled_from(["a", "b", "a\nb", ""])), min_size=1, max_size=4
        ),
        min_size=1,
        max_size=12,
    ),
    most=st.sampled_from([1, 2, 4_000]),
    text=st.sampled_from(["", "A", "b"]),
    level=st.integers(0, 6),
    take=st.integers(1, 5),
)
def test_asking_on_and_on_finds_each_line_once_whatever_the_chunks(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    chunks: list[list[tuple[int, str]]],
    text: str,
    level: int,
    take: int,
) -> None:
    async def run() -> None:
        async with room(tmp_path_factory.mktemp("log")) as (gurita, desk):
            owner = await desk.started()
            for lines in chunks:
                await desk.log(owner, *lines)
            flat = [(kind, one) for lines in chunks for kind, all_ in lines for one in all_.split("\n")]
            wanted = [
                at for at, (kind, one) in enumerate(flat) if kind >= level and text.lower() in one.lower()
            ]
            seen: list[int] = []
            at = 0
            for _ in range(200):
                query = f"text={text}&level={CATEGORIES[level]}&take={take}&first={at}"
                answer = await found(gurita, owner, query)
                seen += numbers(answer)
                at = answer["Next"]
                if at < 0:
                    break
            assert seen == wanted

    monkeypatch.setattr(log_search, "MOST_CHUNKS", most)
    asyncio.run(run())
