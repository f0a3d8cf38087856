"""Lifecycles as they work out: phases nobody wrote, and the projects that go through them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop


async def furnished(gurita: House) -> Any:
    for name in ("Dev", "Test", "Prod"):
        await gurita.post("environments", {"Name": name})
    phases = [
        {
            "Name": "first",
            "AutomaticDeploymentTargets": ["Environments-2"],
            "ReleaseRetentionPolicy": {"Unit": "Days", "QuantityToKeep": 7},
        },
        {"Name": "rest"},
    ]
    return await gurita.post("lifecycles", {"Name": "Own", "Phases": phases})


def places(lifecycle: Any) -> list[tuple[str, list[str], list[str]]]:
    return [
        (p["Name"], p["AutomaticDeploymentTargets"], p["OptionalDeploymentTargets"])
        for p in lifecycle["Phases"]
    ]


@in_loop
async def test_a_preview_fills_what_a_lifecycle_leaves_open(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        own = await furnished(gurita)
        found = await gurita.get(own["Links"]["Preview"].removeprefix("/api/"))
        assert places(found) == [
            ("first", ["Environments-2"], []),
            ("rest", [], ["Environments-1", "Environments-3"]),
        ]
        kept = [p["ReleaseRetentionPolicy"]["QuantityToKeep"] for p in found["Phases"]]
        assert kept == [7, 7], "a phase inherits from the one before"
        assert places(await gurita.get(f"lifecycles/{own['Id']}"))[1] == ("rest", [], [])
        both = await gurita.get("lifecycles/previews")
        assert {one["Name"]: len(one["Phases"]) for one in both} == {"Default Lifecycle": 3, "Own": 2}
        one = await gurita.get(f"lifecycles/previews?ids={own['Id']}")
        assert [each["Id"] for each in one] == [own["Id"]]
        default = next(each for each in both if each["Name"] == "Default Lifecycle")
        assert [p["IsOptionalPhase"] for p in default["Phases"]] == [True] * 3, "any order"


@in_loop
async def test_the_projects_of_a_lifecycle_are_its_own_and_those_of_its_channels(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        own = await furnished(gurita)
        group = (await gurita.get("projectgroups/all"))[0]["Id"]
        default = (await gurita.get("lifecycles?name=Default Lifecycle"))["Items"][0]["Id"]
        for name, cycle in (("A", own["Id"]), ("B", default), ("C", default)):
            await gurita.post("projects", {"Name": name, "ProjectGroupId": group, "LifecycleId": cycle})
        await gurita.post("channels", {"Name": "Side", "ProjectId": "Projects-3", "LifecycleId": own["Id"]})
        found = await gurita.get(own["Links"]["Projects"].removeprefix("/api/"))
        assert [one["Name"] for one in found] == ["A", "C"]
        assert [one["Name"] for one in await gurita.get(f"lifecycles/{default}/projects")] == ["B", "C"]
        await gurita.refused(404, "GET", "lifecycles/Lifecycles-99/projects")
        await gurita.refused(404, "GET", "lifecycles/Lifecycles-99/preview")
