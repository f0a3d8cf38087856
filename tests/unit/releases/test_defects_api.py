"""Defects through the API: a release that must not go further, and goes on once that is settled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed, furnished


async def reported(gurita: House, release: int = 1, description: str = "It eats the basket.") -> Any:
    return await gurita.post(f"releases/Releases-{release}/defects", {"Description": description})


@in_loop
async def test_a_defect_blocks_the_phases_a_release_has_not_reached(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        made = await reported(gurita)
        assert (made["Description"], made["Status"]) == ("It eats the basket.", "Unresolved")
        assert (await gurita.get("releases/Releases-1"))["Links"]["Defects"].endswith("/Releases-1/defects")
        found = await gurita.get("releases/Releases-1/progression")
        assert [p["Blocked"] for p in found["Phases"]] == [False, True, True]
        assert found["NextDeployments"] == []
        board = await gurita.get("projects/Projects-1/progression")
        assert {r["Release"]["Version"]: r["HasUnresolvedDefect"] for r in board["Releases"]} == {
            "0.0.1": True,
            "0.0.2": False,
            "0.0.3": False,
        }
        body = {"ReleaseId": "Releases-1", "EnvironmentId": "Environments-2"}
        told = await gurita.refused(400, "POST", "deployments", body)
        assert "unresolved defect (It eats the basket)" in told["Errors"][0]
        await deployed(gurita, 1, 1)


@in_loop
async def test_a_resolved_defect_lets_the_release_go_on_and_stays_to_be_read(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await reported(gurita)
        settled = await gurita.post("releases/Releases-1/defects/resolve", {})
        assert settled["Status"] == "Resolved"
        await deployed(gurita, 1, 2)
        await reported(gurita, description="Again.")
        listed = await gurita.get("releases/Releases-1/defects")
        assert [(one["Description"], one["Status"]) for one in listed["Items"]] == [
            ("Again.", "Unresolved"),
            ("It eats the basket.", "Resolved"),
        ]
        assert listed["TotalResults"] == 2
        assert (await gurita.get("releases/Releases-2/defects"))["Items"] == []
        told = await gurita.get("events?regarding=Releases-1")
        assert "It eats the basket." in " ".join(one["Message"] for one in told["Items"])


@in_loop
async def test_defects_are_refused_with_a_reason(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        place = "releases/Releases-1/defects"
        assert "Description" in (await gurita.refused(400, "POST", place, {"Description": " "}))["Errors"][0]
        await gurita.refused(409, "POST", f"{place}/resolve")
        await reported(gurita)
        await gurita.refused(409, "POST", place, {"Description": "Another."})
        await gurita.refused(404, "POST", "releases/Releases-99/defects", {"Description": "x"})
        await gurita.refused(404, "GET", "releases/Releases-99/defects")
        gurita.may(lambda permission, _space: permission not in ("DefectReport", "DefectResolve"))
        await gurita.refused(403, "POST", "releases/Releases-2/defects", {"Description": "x"})
        await gurita.refused(403, "POST", f"{place}/resolve")


@in_loop
async def test_defects_go_with_their_release(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await reported(gurita)
        await gurita.delete("releases/Releases-1")
        await gurita.delete("projects/Projects-1")
