"""What of tasks is different on PostgreSQL: locks between units, windows in queries, commits out of order."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gurita.engine.logs import LogPlace
from gurita.engine.transitions import tell
from tests.unit.tasks.journaling import NOW, listening, plan_of, room

WEB = LogPlace(0, 0, "Machines-web", 1)


async def test_tasks_logs_and_answers_on_both_databases(database_url: str, tmp_path: Path) -> None:
    async with room(tmp_path, database_url) as (gurita, desk):
        owner = await desk.started(plan_of(1), tag="t", project="Projects-1")
        waiting = await desk.submit(tag="t")
        await desk.begin(owner, 0, "web")
        await desk.log(owner, (1, "one"), (0, "two"), (4, "three"))
        row = await desk.attempt(owner, WEB, "failed", (5, "It broke."))
        asked = await desk.ask(owner, row)
        id = f"ServerTasks-{owner.number}"
        page = await gurita.get("tasks?partialName=WEB&hasWarningsOrErrors=true&fromQueueDate=2024-01-01")
        assert [one["Id"] for one in page["Items"]] == [id]
        assert (page["TotalCounts"]["Executing"], page["TotalCounts"]["Interrupted"]) == (1, 1)
        (root,) = (await gurita.get(f"tasks/{id}/details?tail=1"))["ActivityLogs"]
        assert [one["Category"] for one in root["LogElements"]] == ["Gap", "Warning"]
        assert (await gurita.ask("GET", f"tasks/{id}/raw")).body.count(b"It broke.") == 1
        assert len((await gurita.get(f"tasks/{id}/log?first=1&take=2"))["Lines"]) == 2
        reasons = (await gurita.get(f"tasks/ServerTasks-{waiting}/explain"))["Reasons"]
        assert reasons[0]["Ids"] == [id]
        behind = await gurita.get(f"tasks/ServerTasks-{waiting}/queued-behind")
        assert [one["Id"] for one in behind["Items"]] == [id]
        place = f"interruptions/{asked}/submit"
        answers = await asyncio.gather(
            *(gurita.ask("POST", place, {"Guidance": one}) for one in ("Retry", "Ignore", "Exclude", "Fail"))
        )
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
        assert (await gurita.get("interruptions?regarding=Projects-1"))["TotalResults"] == 1
        cancels = await asyncio.gather(*(gurita.ask("POST", f"tasks/{id}/cancel", {}) for _ in range(4)))
        assert {answer.json["State"] for answer in cancels} == {"Cancelling"}
        events = (await gurita.get(f"events?regarding={id}&eventCategories=Canceled"))["TotalResults"]
        assert events == 1
        await desk.submit()
        assert (await gurita.post(f"tasks/ServerTasks-{waiting}/prioritize", {}))["Priority"] == 1
        await desk.end(owner, "canceled")
        corrected = await gurita.post(f"tasks/{id}/state", {"State": "Failed", "Reason": "It had broken"})
        assert corrected["State"] == "Failed"
        async with listening(gurita.app, f"tasks/{id}/log/events") as heard:
            told = await heard.until("end")
        assert [one["event"] for one in told].count("log") == 3


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url)


def _tell(subject: str, tx: Any) -> None:
    tell(tx, "task", subject, NOW, {}, "Spaces-1")


async def test_a_change_that_commits_late_is_neither_lost_nor_overtaken(
    postgres_url: str, tmp_path: Path
) -> None:
    async with (
        room(tmp_path, postgres_url) as (gurita, desk),
        listening(gurita.app, "Spaces-1/gurita/changes") as heard,
    ):
        hello = await heard.next()
        assert hello is not None
        late = await asyncio.to_thread(_connected, postgres_url)
        try:
            insert = (
                "INSERT INTO change (xid, space, kind, subject, detail, at) "
                "VALUES (pg_current_xact_id()::text::bigint, 'Spaces-1', 'task', 'late', '{}', 1)"
            )
            await asyncio.to_thread(late.execute, insert)
            for n in range(3):
                await desk.write(partial(_tell, f"quick {n}"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(heard.next(), 1.5)
            await asyncio.to_thread(late.commit)
        finally:
            await asyncio.to_thread(late.close)
        told = [await heard.next() for _ in range(4)]
        assert [one["data"]["Id"] for one in told if one] == ["late", "quick 0", "quick 1", "quick 2"]
        assert told[0] is not None
        async with listening(gurita.app, "Spaces-1/gurita/changes", str(told[0]["id"])) as again:
            assert [(await again.next() or {})["data"]["Id"] for _ in range(3)] == [
                "quick 0",
                "quick 1",
                "quick 2",
            ]
