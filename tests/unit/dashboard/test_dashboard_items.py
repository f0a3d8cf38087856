"""Items of the dashboard: what they say of their tasks, and that many are made as few are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from gurita.dashboard import items
from gurita.engine.tables import interruption, task
from gurita.http.wire import encode
from gurita.tasks.resources import STATES
from gurita.tasks.service import task_in
from tests.counting import statements
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed, furnished

SAME = {
    "Id": "TaskId",
    "QueueTime": "QueueTime",
    "StartTime": "StartTime",
    "CompletedTime": "CompletedTime",
    "State": "State",
    "Duration": "Duration",
    "IsCompleted": "IsCompleted",
    "HasPendingInterruptions": "HasPendingInterruptions",
    "PendingInterruptionTypes": "PendingInterruptionTypes",
    "HasWarningsOrErrors": "HasWarningsOrErrors",
}
"""Members of tasks, and what items call them."""

LIVES: list[dict[str, Any]] = [
    {"started": 1_000, "completed": 5_999, "not_before": 999},
    {"started": 61_234, "completed": 7_261_235, "warnings": True, "error": 'It said "no".'},
    {"started": None, "completed": None},
    {"started": 9_000, "completed": 2_000, "interruptions": 2},
]


async def asking(gurita: House, numbers: list[int]) -> None:
    """Two open questions of a kind for each task, and one that was answered."""
    kinds = (("ManualIntervention", True), ("ManualIntervention", True), ("GuidedFailure", False))
    same = {"space": "Spaces-1", "title": "?", "step": 0, "form": "{}", "created": 1}
    given = [
        {**same, "task": number, "kind": kind, "pending": pending}
        for number in numbers
        for kind, pending in kinds
    ]
    await gurita.store.write(lambda tx: tx.run(insert(interruption), given))


@in_loop
async def test_an_item_says_of_its_task_what_the_task_says(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        for release, environment in ((1, 1), (1, 2), (1, 3), (4, 1)):
            await deployed(gurita, release, environment)
        await asking(gurita, [4])
        for state in STATES:
            for number, life in enumerate(LIVES, 1):
                await change(gurita, number, {"state": state, **life})
            await compare(gurita, {"Duration"} if state in ("Executing", "Cancelling") else set())


async def compare(gurita: House, still_changing: set[str]) -> None:
    """Items beside the tasks they are of; what goes on with the clock is left out."""
    found = (await gurita.get("dashboard"))["Items"]
    ids = [f"ServerTasks-{n}" for n in range(1, 5)]
    known = await gurita.store.read(lambda tx: [task_in(tx, gurita.context(), id) for id in ids])
    members = {name: own for name, own in SAME.items() if name not in still_changing}
    told = [json.loads(encode(one)) for one in known]
    assert [[item[own] for own in members.values()] for item in found] == [
        [one[name] for name in members] for one in told
    ]
    assert [item["ErrorMessage"] for item in found] == [one["ErrorMessage"] or "" for one in told]


async def change(gurita: House, number: int, life: dict[str, Any]) -> None:
    await gurita.store.write(lambda tx: tx.run(update(task).where(task.c.number == number).values(life)))


@in_loop
async def test_items_made_in_pieces_are_those_made_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        for release, environment in ((1, 1), (1, 2), (2, 1), (4, 1), (4, 2)):
            await deployed(gurita, release, environment)
        paths = ("dashboard", "dashboard/dynamic?includePrevious=true")
        whole = [await gurita.get(path) for path in paths]
        assert [len(board["Items"]) for board in whole] == [4, 5]
        for size in (1, 2, 3):
            monkeypatch.setattr(items, "_AT_ONCE", size)
            assert [await gurita.get(path) for path in paths] == whole


@in_loop
async def test_more_projects_and_deployments_do_not_make_more_statements(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        paths = ("dashboard", "dashboard/dynamic?includePrevious=true", "gurita/dashboard")
        few = [await counted(gurita, path) for path in paths]
        for number in range(6):
            whole = {
                "Name": f"More {number}",
                "ProjectGroupId": "ProjectGroups-1",
                "LifecycleId": "Lifecycles-2",
            }
            made = await gurita.post("projects", whole)
            release = await gurita.post("releases", {"ProjectId": made["Id"]})
            await deployed(gurita, int(release["Id"].partition("-")[2]), 1)
        assert len((await gurita.get("dashboard"))["Items"]) == 7
        assert [await counted(gurita, path) for path in paths] == few


async def counted(gurita: House, path: str) -> int:
    with statements() as asked:
        await gurita.get(path)
    return len(asked)
