from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import house
from tests.looping import in_loop


@in_loop
async def test_an_environment_lives_from_creation_to_deletion(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("environments", {"Name": "Development"})
        assert (made["Id"], made["SpaceId"], made["Slug"], made["Version"]) == (
            "Environments-1", "Spaces-1", "development", 1,
        )  # fmt: skip
        assert made["Links"]["Self"] == "/api/Spaces-1/environments/Environments-1"
        assert await gurita.get("environments/development") == made
        changed = await gurita.put("Spaces-1/environments/Environments-1", {**made, "Name": "Dev"})
        assert (changed["Name"], changed["Slug"], changed["Version"]) == ("Dev", "development", 2)
        page = await gurita.get("Spaces-1/environments?partialName=dE")
        assert [one["Name"] for one in page["Items"]] == ["Dev"]
        assert page["TotalResults"] == 1
        assert await gurita.delete("environments/Environments-1") == {}
        assert (await gurita.ask("GET", "environments/Environments-1")).status == 404


@in_loop
async def test_environments_are_listed_in_their_order(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        ids = [(await gurita.post("environments", {"Name": name}))["Id"] for name in ("Dev", "Test", "Prod")]
        assert [one["SortOrder"] for one in await gurita.get("environments/all")] == [0, 1, 2]
        await gurita.put("environments/sortorder", [ids[2], ids[0]])
        assert [one["Name"] for one in await gurita.get("environments/all")] == ["Prod", "Dev", "Test"]
        wrong: list[Any] = [[ids[0], ids[0]], ["Environments-99"], [None], {}]
        for body in wrong:
            await gurita.refused(400, "PUT", "environments/sortorder", body)


@in_loop
async def test_an_environment_in_use_stays_and_its_users_are_named(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        dev = await gurita.post("environments", {"Name": "Dev"})
        phases = [{"Name": "One", "OptionalDeploymentTargets": [dev["Id"]]}]
        await gurita.post("lifecycles", {"Name": "Careful", "Phases": phases})
        told = await gurita.refused(409, "DELETE", f"environments/{dev['Id']}")
        assert "lifecycle 'Careful'" in told["Errors"][0]


@in_loop
async def test_the_summary_counts_machines(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        dev, test = [await gurita.post("environments", {"Name": name}) for name in ("Dev", "Test")]
        for name, ids in (("a", [dev["Id"]]), ("b", [dev["Id"], test["Id"]])):
            await gurita.post(
                "machines",
                {
                    "Name": name,
                    "EnvironmentIds": ids,
                    "Roles": ["r"],
                    "Endpoint": {"CommunicationStyle": "None"},
                },
            )
        found = await gurita.get("environments/summary")
        assert found["TotalMachines"] == 2
        counted = {one["Environment"]["Name"]: one["TotalMachines"] for one in found["EnvironmentSummaries"]}
        assert counted == {"Dev": 2, "Test": 1}
        assert found["MachineHealthStatusSummaries"]["Unknown"] == 2
        assert found["MachineEndpointSummaries"]["None"] == 2
        assert found["EnvironmentSummaries"][0]["Environment"]["Links"]["Self"].endswith(
            "/environments/Environments-1"
        )
        none = await gurita.get(
            "environments/summary?partialName=TE&hideEmptyEnvironments=true&machinePartialName=zz"
        )
        assert none["EnvironmentSummaries"] == []
        page = await gurita.get(f"environments/{test['Slug']}/machines")
        assert [one["Name"] for one in page["Items"]] == ["b"]
