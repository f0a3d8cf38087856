"""What each person sees of the dashboard, how often projects were deployed, and how little is read for all that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from gurita.engine.tables import task
from gurita.store.tx import Tx
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed, furnished


def seen(board: Any) -> tuple[list[str], list[str], bool]:
    return (
        [one["Name"] for one in board["Projects"]],
        [one["Name"] for one in board["Environments"]],
        board["IsFiltered"],
    )


@in_loop
async def test_a_person_sees_what_they_asked_for_and_others_all_of_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await deployed(gurita, 4, 1)
        first = await gurita.get("dashboardconfiguration")
        assert (first["IncludedProjectIds"], first["ProjectLimit"]) == ([], None)
        wanted = {
            **first,
            "IncludedProjectIds": ["Projects-1", "Projects-99"],
            "IncludedEnvironmentIds": ["Environments-1"],
        }
        kept = await gurita.put("dashboardconfiguration", wanted)
        assert kept == await gurita.get("dashboardconfiguration")
        board = await gurita.get("dashboard")
        assert seen(board) == (["Web"], ["Dev"], True)
        assert [one["ProjectId"] for one in board["Items"]] == ["Projects-1"]
        assert seen(await gurita.get("dashboard?showAll=true"))[0] == ["Api", "Web"]
        assert seen(await gurita.get("dashboard?projectId=api"))[0] == ["Api"]
        assert seen(await gurita.get("dashboard/dynamic"))[2] is False
        limited = await gurita.put("dashboardconfiguration", {**first, "Version": 1, "ProjectLimit": 1})
        board = await gurita.get("dashboard")
        assert (seen(board), board["ProjectLimit"]) == ((["Api"], ["Dev", "Test", "Prod"], True), 1)
        await gurita.refused(409, "PUT", "dashboardconfiguration", {**limited, "Version": 1})
        gurita.viewer = replace(gurita.viewer, user_id="Users-2")
        assert seen(await gurita.get("dashboard")) == (["Api", "Web"], ["Dev", "Test", "Prod"], False)


@in_loop
async def test_deployments_are_counted_by_week(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        for _ in range(3):
            await deployed(gurita, 1, 1)
        await deployed(gurita, 4, 1)
        week = 7 * 86_400_000
        older = update(task).where(task.c.number == 1).values(created=task.c.created - week)
        oldest = update(task).where(task.c.number == 2).values(created=task.c.created - 60 * week)
        await gurita.store.write(lambda tx: (tx.run(older), tx.run(oldest)))
        found = await gurita.get("reporting/deployments-counted-by-week")
        assert {one["ProjectId"]: one["ReportData"]["Series"][0]["Data"][-2:] for one in found} == {
            "Projects-1": [1, 1],
            "Projects-2": [0, 1],
        }
        assert len(found[0]["ReportData"]["Labels"]) == 26
        one = await gurita.get("reporting/deployments-counted-by-week?projectIds=Projects-2")
        assert [each["ProjectId"] for each in one] == ["Projects-2"]


async def asked(gurita: House, path: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many statements a GET costs."""
    count = [0]

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Tx, *given: Any, **named: Any) -> Any:
            count[0] += 1
            return real(self, *given, **named)

        return call

    with monkeypatch.context() as patched:
        for name in ("run", "one", "all", "scalar"):
            patched.setattr(Tx, name, counting(getattr(Tx, name)))
        await gurita.get(path)
    return count[0]


PATHS = [
    "dashboard",
    "dashboard/dynamic?includePrevious=true",
    "projects",
    "projects/Projects-1/releases",
    "projects/Projects-1/progression",
    "releases",
    "deployments",
    "lifecycles/previews",
    "channels",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_list_asks_for_each_of_its_rows(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_loop
    async def run() -> None:
        async with house(tmp_path) as gurita:
            await furnished(gurita)
            await deployed(gurita, 1, 1)
            few = await asked(gurita, path, monkeypatch)
            for release in (2, 3, 4, 5):
                await deployed(gurita, release, 1)
            for number in range(4):
                await gurita.post("channels", {"Name": f"c{number}", "ProjectId": "Projects-1"})
            group, cycle = "ProjectGroups-1", "Lifecycles-1"
            for number in range(3):
                body = {"Name": f"p{number}", "ProjectGroupId": group, "LifecycleId": cycle}
                await gurita.post("projects", body)
            many = await asked(gurita, path, monkeypatch)
            assert 0 < many <= few, f"{few} statements for few rows, {many} for many"

    run()
