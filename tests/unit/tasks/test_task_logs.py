"""Details, raw log and ranges: what is shown, in which order, and within which bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.engine.compaction import compact
from gurita.engine.logs import LogPlace
from gurita.engine.owner import Owner
from gurita.engine.plan import Skip
from gurita.store.blobs import Blobs
from gurita.tasks import log_lines, newest
from gurita.tasks.rules import node_id
from tests.helpers import House
from tests.unit.tasks.journaling import Desk, plan_of, room

WEB, DB = LogPlace(0, 0, "Machines-web", 1), LogPlace(0, 0, "Machines-db", 1)


async def played(desk: Desk) -> Owner:
    """Two targets: one with a retry and a warning, one that just succeeds."""
    owner = await desk.started(plan_of(1, 1, targets=("web", "db")))
    await desk.log(owner, (1, "Deploying"), (0, "Thinking"))
    skip = Skip(code="disabled", reason="old is disabled.", id="Machines-old", name="old")
    await desk.begin(owner, 0, "web", "db", skipped=[skip])
    await desk.log(owner, (1, "old is disabled."), place=LogPlace(0))
    await desk.attempt(owner, WEB, "failed", (1, "one"), (0, "hidden\nhidden too"), (5, "It broke."))
    await desk.attempt(owner, DB, "success", (1, "first\nsecond"))
    await desk.attempt(owner, LogPlace(0, 0, "Machines-web", 2), "success", (4, "careful"))
    await desk.finish(owner, 0)
    return owner


def texts(node: dict[str, Any]) -> list[str]:
    return [f"{one['Category']} {one['Number']} {one['MessageText']}" for one in node["LogElements"]]


async def root_of(gurita: House, owner: Owner, query: str = "") -> dict[str, Any]:
    found = await gurita.get(f"tasks/ServerTasks-{owner.number}/details{query}")
    (root,) = found["ActivityLogs"]
    return dict(root)


async def test_details_are_the_tree_with_the_lines_of_each_activity(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        root = await root_of(gurita, owner)
        assert (root["Status"], root["Name"]) == ("Running", "Deploy Web release 1.0 to Dev")
        assert texts(root) == ["Info 0 Deploying"]
        first, second = root["Children"]
        assert (first["Name"], first["Status"]) == ("Step 1: step 0", "SuccessWithWarning")
        assert (second["Name"], second["Status"]) == ("Step 2: step 1", "Pending")
        assert texts(first) == ["Info 2 old is disabled."]
        assert [(one["Name"], one["Status"]) for one in first["Children"]] == [
            ("web", "Failed"),
            ("web (attempt 2)", "SuccessWithWarning"),
            ("db", "Success"),
            ("old", "Skipped"),
        ]
        assert texts(first["Children"][0]) == ["Info 3 one", "Error 6 It broke."]
        assert texts(first["Children"][2]) == ["Info 7 first", "Info 8 second"]
        verbose = await root_of(gurita, owner, "?verbose=true")
        assert texts(verbose["Children"][0]["Children"][0]) == [
            "Info 3 one", "Verbose 4 hidden", "Verbose 5 hidden too", "Error 6 It broke.",
        ]  # fmt: skip


async def test_the_correlation_of_a_step_is_known_without_its_plan(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        root = await root_of(gurita, owner)
        assert root["Id"] == node_id(owner.number)
        assert root["Children"][0]["Id"] == node_id(owner.number, (0, -1, "", 0))
        assert root["Children"][0]["Children"][0]["Id"] == node_id(owner.number, (0, 0, "Machines-web", 1))


async def test_a_tail_keeps_the_last_lines_of_each_activity_after_a_gap(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        tail = await root_of(gurita, owner, "?tail=1&verbose=true")
        web, again, db, _ = tail["Children"][0]["Children"]
        assert texts(web) == ["Gap 3 Earlier lines are not shown.", "Error 6 It broke."]
        assert texts(again) == ["Warning 9 careful"]
        assert texts(db) == ["Gap 7 Earlier lines are not shown.", "Info 8 second"]
        assert f"tasks/ServerTasks-{owner.number}/log?first=3" in web["LogElements"][0]["Detail"]
        whole = await root_of(gurita, owner, "?tail=5&verbose=true")
        assert "Gap" not in str(whole)


async def test_an_old_part_of_a_long_log_is_a_gap_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest.Newest, "__init__", _small(newest.Newest.__init__, lines=5))
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started(plan_of(1, targets="ab"))
        await desk.begin(owner, 0, "a", "b")
        for name in "ab":
            place = LogPlace(0, 0, f"Machines-{name}", 1)
            for n in range(4):
                await desk.log(owner, (1, f"{name}{n}"), place=place)
            await desk.attempt(owner, place)
        root = await root_of(gurita, owner)
        a, b = root["Children"][0]["Children"]
        assert texts(a) == ["Gap 0 Earlier lines are not shown.", "Info 3 a3"]
        assert texts(b) == ["Info 4 b0", "Info 5 b1", "Info 6 b2", "Info 7 b3"]


def _small(init: Any, *, lines: int) -> Any:
    def made(self: Any, *given: Any) -> None:
        init(self, *given, lines_left=lines)

    return made


async def test_a_line_of_ten_megabytes_is_cut_but_in_the_raw_log(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        await desk.log(owner, (1, "x" * 10_000_000), (1, "after"))
        place = f"tasks/ServerTasks-{owner.number}"
        page = await gurita.get(f"{place}/log")
        assert [len(one["Text"]) for one in page["Lines"]] == [log_lines.LONGEST_LINE, 5]
        assert page["Lines"][0]["Length"] == 10_000_000
        assert "Length" not in page["Lines"][1]
        (first, _) = (await root_of(gurita, owner))["LogElements"]
        assert len(first["MessageText"]) == log_lines.LONGEST_LINE
        assert "10000000" in first["Detail"]
        raw = (await gurita.ask("GET", f"{place}/raw")).body
        assert raw.count(b"x") >= 10_000_000


async def test_logs_are_not_shown_to_who_may_only_see_tasks(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        gurita.may(lambda permission, _space: permission == "TaskView")
        root = await root_of(gurita, owner, "?verbose=true")
        assert [one["Name"] for one in root["Children"]] == ["Step 1: step 0", "Step 2: step 1"]
        assert "Deploying" not in str(root)


RAW = """\
                    | == SuccessWithWarning: Deploy Web release 1.0 to Dev ==
14:57:20   Info     |   Deploying
14:57:20   Verbose  |   Thinking
                    |   == SuccessWithWarning: Step 1: step 0 ==
14:57:20   Info     |     old is disabled.
                    |     Failed: web
14:57:21   Info     |       one
14:57:21   Verbose  |       hidden
14:57:21   Verbose  |       hidden too
14:57:21   Error    |       It broke.
                    |     SuccessWithWarning: web (attempt 2)
14:57:21   Warning  |       careful
                    |     Success: db
14:57:21   Info     |       first
14:57:21   Info     |       second
                    |     Skipped: old
                    |   == Skipped: Step 2: step 1 ==
"""


async def test_the_raw_log_is_a_header_and_the_tree(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        await desk.end(owner)
        answer = await gurita.ask("GET", f"tasks/ServerTasks-{owner.number}/raw")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        header, _, text = answer.body.decode().partition("\n\n")
        assert text == RAW
        assert header.splitlines()[:6] == [
            f"Task ID:        ServerTasks-{owner.number}",
            "Task status:    Success",
            "Task queued:    Monday, 23 September 2024 2:57:18 PM +00:00",
            "Task started:   Monday, 23 September 2024 2:57:19 PM +00:00",
            "Task completed: Monday, 23 September 2024 2:57:25 PM +00:00",
            "Task duration:  6 seconds",
        ]


async def test_the_raw_log_of_a_failed_task_ends_its_own_lines_with_the_error_once(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        for error, lines in (
            ("A step failed.", [(1, "Deploying")]),
            ("RuntimeError: x", [(6, "RuntimeError: x")]),
        ):
            owner = await desk.started()
            await desk.log(owner, *lines)
            await desk.end(owner, "fail", error=error)
            text = (await gurita.ask("GET", f"tasks/ServerTasks-{owner.number}/raw")).body.decode()
            assert text.count(f"Fatal    |   {error}\n") == 1


async def test_everything_reads_the_same_once_the_log_is_compacted(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        await desk.end(owner)
        place = f"tasks/ServerTasks-{owner.number}"
        paths = [
            f"{place}/{path}" for path in ("details?verbose=true", "details?tail=1", "raw", "log?take=3")
        ]
        before = [(await gurita.ask("GET", path)).body for path in paths]
        await compact(gurita.store, Blobs.open(tmp_path / "blobs"), owner.number)
        assert [(await gurita.ask("GET", path)).body for path in paths] == before


async def test_ranges_of_the_log_join_without_gap_or_double(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await played(desk)
        place = f"tasks/ServerTasks-{owner.number}/log"
        whole = await gurita.get(place)
        assert [one["Number"] for one in whole["Lines"]] == list(range(10))
        assert (whole["First"], whole["Next"], whole["Total"], whole["IsCompleted"]) == (0, 10, 10, False)
        assert whole["Lines"][6]["Node"] == node_id(owner.number, (0, 0, "Machines-web", 1))
        joined, following = [], 0
        for _ in range(10):
            page = await gurita.get(f"{place}?first={following}&take=3")
            joined += page["Lines"]
            if page["Next"] == following:
                break
            following = page["Next"]
        assert joined == whole["Lines"]
        assert (await gurita.get(f"{place}?tail=2"))["Lines"] == whole["Lines"][-2:]
        assert (await gurita.get(f"{place}?tail=0"))["Lines"] == []
        empty = await gurita.get(f"{place}?first=9007199254740992&take=2147483647")
        assert (empty["Lines"], empty["Next"]) == ([], 2**53)
        for bad in ("first=-1", "take=-1", "first=x", "tail=-2", "first=9007199254740993"):
            assert (await gurita.ask("GET", f"{place}?{bad}")).status == 400, bad


async def test_an_answer_full_of_long_lines_says_where_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_lines, "MOST_TEXT", 100)
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started()
        await desk.log(owner, *((1, f"{n}" * 60) for n in range(5)))
        place = f"tasks/ServerTasks-{owner.number}/log"
        page = await gurita.get(place)
        assert ([one["Number"] for one in page["Lines"]], page["Next"]) == ([0, 1], 2)


async def test_a_line_of_a_place_that_is_not_journaled_yet_is_shown_at_the_nearest_one(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as (gurita, desk):
        owner = await desk.started(plan_of(2, targets="a"))
        await desk.begin(owner, 0, "a")
        await desk.log(owner, (3, "Waiting for a"), place=LogPlace(0, 0, "Machines-a", 1))
        await desk.log(owner, (1, "elsewhere"), place=LogPlace(0, 1, "Machines-z", 1))
        await desk.log(owner, (1, "nowhere"), place=LogPlace(7, 0, "Machines-a", 1))
        root = await root_of(gurita, owner)
        first, second = root["Children"][0]["Children"]
        assert texts(first["Children"][0]) == ["Wait 0 Waiting for a"]
        assert texts(second) == ["Info 1 elsewhere"]
        assert texts(root) == ["Info 2 nowhere"]
        raw = (await gurita.ask("GET", f"tasks/ServerTasks-{owner.number}/raw")).body
        assert all(raw.count(text) == 1 for text in (b"Waiting for a", b"elsewhere", b"nowhere"))


async def test_a_task_without_plan_or_log_has_details(tmp_path: Path) -> None:
    async with room(tmp_path) as (gurita, desk):
        number = await desk.submit()
        found = await gurita.get(f"tasks/ServerTasks-{number}/details")
        assert found["PhysicalLogSize"] == 0
        assert found["Progress"] == {"ProgressPercentage": 0, "EstimatedTimeRemaining": ""}
        assert (found["ActivityLogs"][0]["Status"], found["Task"]["State"]) == ("Pending", "Queued")
        assert found["Task"] == await gurita.get(f"tasks/ServerTasks-{number}")
        assert found["Links"]["Self"] == f"/api/Spaces-1/tasks/ServerTasks-{number}/details"
