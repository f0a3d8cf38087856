"""The dashboard in parts, for pages that show a part of it, and the views people keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import update

from gurita.engine.tables import task
from tests.helpers import House, database_digest, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed, furnished


async def cells(gurita: House, query: str) -> list[tuple[str, str, str, str]]:
    found: Any = await gurita.get(f"gurita/dashboard/cells?{query}")
    return sorted(
        (c["ProjectId"], c["EnvironmentId"], c["ReleaseVersion"], c["State"]) for c in found["Cells"]
    )


async def rows(gurita: House, query: str = "") -> list[str]:
    return [one["Name"] for one in (await gurita.get(f"gurita/dashboard{query}"))["Projects"]]


@in_loop
async def test_rows_and_columns_come_without_cells_and_cells_for_the_rows_that_are_asked_for(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        board = await gurita.get("gurita/dashboard")
        assert [one["Name"] for one in board["Environments"]] == ["Dev", "Test", "Prod"]
        assert [(one["Name"], one["Reach"]) for one in board["Projects"]] == [("Api", 0), ("Web", 0)]
        assert board["Reaches"] == [[0, 1, 2]]
        assert [one["Name"] for one in board["ProjectGroups"]] == ["Default Project Group"]
        await deployed(gurita, 1, 1)
        await deployed(gurita, 2, 1, "Failed")
        await deployed(gurita, 4, 1)
        web, api = "Projects-1", "Projects-2"
        assert await cells(gurita, f"projects={web}") == [(web, "Environments-1", "0.0.2", "Failed")]
        both = f"projects={web},{api}"
        assert len(await cells(gurita, both)) == 2
        assert await cells(gurita, f"{both}&environments=Environments-2") == []
        assert await cells(gurita, "projects=Projects-99") == []
        assert await cells(gurita, "") == []
        many = ",".join(f"Projects-{n}" for n in range(201))
        await gurita.refused(400, "GET", f"gurita/dashboard/cells?projects={many}")


@in_loop
async def test_rows_are_found_by_the_state_of_their_last_deployments_and_not_of_earlier_ones(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1, "Failed")
        assert await rows(gurita, "?states=failed") == ["Web"]
        await deployed(gurita, 1, 1)
        assert await rows(gurita, "?states=failed") == []
        await deployed(gurita, 4, 1, "Executing")
        assert await rows(gurita, "?states=running") == ["Api"]
        assert await rows(gurita, "?states=running,success") == ["Api", "Web"]
        asking = update(task).where(task.c.state == "Executing").values(interruptions=1)
        await gurita.store.write(lambda tx: tx.run(asking))
        assert (await rows(gurita, "?states=running"), await rows(gurita, "?states=waiting")) == ([], ["Api"])
        warned = update(task).where(task.c.state == "Success").values(warnings=True)
        await gurita.store.write(lambda tx: tx.run(warned))
        assert (await rows(gurita, "?states=success"), await rows(gurita, "?states=warning")) == ([], ["Web"])
        await gurita.refused(400, "GET", "gurita/dashboard?states=odd")


@in_loop
async def test_everybody_keeps_views_of_their_own(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        first = await gurita.get("gurita/dashboard-views")
        assert (first["Views"], first["Version"]) == ([], 0)
        views = [{"Name": "Broken", "Search": "states=failed"}, {"Name": "Wall", "Search": "view=wall"}]
        kept = await gurita.put("gurita/dashboard-views", {**first, "Views": views})
        assert kept == await gurita.get("gurita/dashboard-views")
        assert kept["Views"] == views
        before = await database_digest(gurita.store)
        await gurita.refused(409, "PUT", "gurita/dashboard-views", {**kept, "Version": 7, "Views": []})
        double = {**kept, "Views": [{"Name": "Broken"}, {"Name": "broken"}]}
        refused: Any = await gurita.refused(400, "PUT", "gurita/dashboard-views", double)
        assert "stands twice" in str(refused)
        assert await database_digest(gurita.store) == before
        gurita.viewer = replace(gurita.viewer, user_id="Users-2")
        assert (await gurita.get("gurita/dashboard-views"))["Views"] == []
