"""Projects, releases and dashboards on a real PostgreSQL: the same answers as on SQLite."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.helpers import house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed, furnished, places


def test_releases_and_dashboards_answer_alike_on_both_databases(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with house(tmp_path, url=database_url) as gurita:
            await furnished(gurita)
            await deployed(gurita, 1, 1)
            await deployed(gurita, 2, 1)
            await deployed(gurita, 3, 1, "Failed")
            await deployed(gurita, 1, 2, "Executing")
            board = await gurita.get("dashboard/dynamic?includePrevious=true")
            assert places(board) == [
                ("Projects-1", "Environments-1", "0.0.3", "Failed", False),
                ("Projects-1", "Environments-2", "0.0.1", "Executing", False),
                ("Projects-1", "Environments-1", "0.0.2", "Success", True),
            ]
            found = await gurita.get("projects/web/progression")
            assert [r["NextDeployments"] for r in found["Releases"]] == [
                ["Environments-1"],
                ["Environments-2"],
                ["Environments-2"],
            ]
            await gurita.put("projects/web/variables", {"Variables": [{"Name": "A", "Value": "1"}]})
            updated = await gurita.post("releases/Releases-1/snapshot-variables", {})
            assert "-s-2-" in updated["ProjectVariableSetSnapshotId"]
            for version in ("1.0.10", "1.0.9", "1.0.10-beta"):
                await gurita.post("releases", {"ProjectId": "Projects-2", "Version": version})
            assert (await gurita.post("releases", {"ProjectId": "Projects-2"}))["Version"] == "1.0.11"

    lived()


def test_two_releases_at_once_get_two_numbers_or_one_is_refused(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with house(tmp_path, url=database_url) as gurita:
            await furnished(gurita)
            body = {"ProjectName": "web"}
            asked = [gurita.ask("POST", "releases/create/v1", body) for _ in range(8)]
            answers = await asyncio.gather(*asked)
            assert {a.status for a in answers} <= {201, 409}
            made = [a.json["ReleaseVersion"] for a in answers if a.status == 201]
            assert made
            assert len(made) == len(set(made))
            listed = await gurita.get("projects/web/releases")
            assert listed["TotalResults"] == 3 + len(made)

    lived()
