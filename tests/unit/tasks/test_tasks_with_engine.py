"""The API over a running engine: what people do reaches the task, and what the task does reaches people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gurita.engine.engine import Engine, Options
from gurita.engine.run import Run
from gurita.engine.walk import Start
from gurita.kernel.clock import SystemClock
from gurita.store.blobs import Blobs
from tests.helpers import House
from tests.unit.engine.test_engine_walks_tasks import Play, Player, plan
from tests.unit.tasks.journaling import Desk, listening, room


@asynccontextmanager
async def working(folder: Path, play: Play, **more: bool) -> AsyncIterator[tuple[House, Desk]]:
    """A server whose engine plays deployments of one step on two targets."""
    async with room(folder) as (gurita, desk):
        made = Engine(gurita.store, Blobs.open(folder / "blobs"), SystemClock(), Options(watch=0.05))
        made.handle(["Deploy"], Player(plan(targets=2, **more), play))
        await made.start()
        try:
            yield gurita, desk
        finally:
            await made.stop()


async def test_a_failure_is_answered_and_the_deployment_goes_on(tmp_path: Path) -> None:
    broken = {"Machines-1"}

    async def play(_run: Run, start: Start) -> str:
        return "failed" if start.target.id in broken else "success"

    async with working(tmp_path, play, guided=True) as (gurita, desk):
        id = f"ServerTasks-{await desk.submit()}"
        async with listening(gurita.app, f"tasks/{id}/log/events") as heard:
            while (await gurita.get(f"interruptions?regarding={id}&pendingOnly=true"))["TotalResults"] == 0:
                await asyncio.sleep(0.02)
            (asked,) = (await gurita.get(f"interruptions?regarding={id}"))["Items"]
            while (await gurita.get(f"tasks/{id}/explain"))["Reasons"] == []:
                await asyncio.sleep(0.02)
            (why,) = (await gurita.get(f"tasks/{id}/explain"))["Reasons"]
            assert why["Code"] == "person"
            broken.clear()
            await gurita.post(f"interruptions/{asked['Id']}/submit", {"Guidance": "Retry"})
            told = await heard.until("end")
        assert told[-1]["data"]["State"] == "Success"
        lines = [line for one in told if one["event"] == "log" for line in one["data"]["Lines"]]
        assert [line["Number"] for line in lines] == list(range(len(lines)))
        (root,) = (await gurita.get(f"tasks/{id}/details"))["ActivityLogs"]
        (step,) = root["Children"]
        assert sorted((one["Name"], one["Status"]) for one in step["Children"]) == [
            ("m0", "Success"),
            ("m1", "Failed"),
            ("m1 (attempt 2)", "Success"),
        ]
        assert asked["CorrelationId"] in {one["Id"] for one in step["Children"]}


async def test_a_cancel_reaches_what_runs(tmp_path: Path) -> None:
    async def play(run: Run, _start: Start) -> str:
        await run.cancelling.wait()
        return "canceled"

    async with working(tmp_path, play) as (gurita, desk):
        id = f"ServerTasks-{await desk.submit()}"
        while (await gurita.get(f"tasks/{id}"))["State"] != "Executing":
            await asyncio.sleep(0.02)
        async with listening(gurita.app, f"tasks/{id}/log/events") as heard:
            await gurita.post(f"tasks/{id}/cancel", {})
            told = await heard.until("end")
        assert told[-1]["data"]["State"] == "Canceled"
        ended = await gurita.get(f"tasks/{id}")
        assert (ended["IsCompleted"], ended["FinishedSuccessfully"], ended["Rule"]) == (
            True,
            False,
            "canceled",
        )
