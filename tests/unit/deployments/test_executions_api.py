"""The executions API: names instead of ids, several places in one POST, all of it or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gurita.engine.tables import task
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed

PLACE = "deployments/create/untenanted/v1"
PROCESS = "deploymentprocesses/deploymentprocess-Projects-1"


async def furnished(gurita: House) -> None:
    """A project with two steps, a release, three environments in any order, and machines in two of them."""
    for name in ("Dev", "Test", "Prod"):
        await gurita.post("environments", {"Name": name})
    for name, places in (("web-1", [1, 2]), ("web-2", [1])):
        body = {
            "Name": name,
            "EnvironmentIds": [f"Environments-{n}" for n in places],
            "Roles": ["web"],
            "Endpoint": {"CommunicationStyle": "None"},
            "SkipInitialHealthCheck": True,
        }
        await gurita.post("machines", body)
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    cycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    await gurita.post("projects", {"Name": "Web Shop", "ProjectGroupId": group, "LifecycleId": cycle})
    steps = [
        {"Name": name, "Actions": [{"Name": name, "ActionType": "Octopus.Script"}]}
        for name in ("First", "Second step")
    ]
    await gurita.put(PROCESS, {"Steps": steps})
    await gurita.post("releases", {"ProjectId": "Projects-1", "Version": "1.0.0"})


def asked(**more: Any) -> dict[str, Any]:
    return {"projectName": "web-shop", "releaseVersion": "1.0.0", "environmentNames": ["dev"], **more}


@in_loop
async def test_several_environments_are_several_tasks_of_one_post(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        names = ["DEV", "Environments-2", "prod", "Dev"]
        body = asked(environmentNames=names, tenants=None, useGuidedFailure=None, comments="by hand")
        made = (await gurita.post(f"Default/{PLACE}", body))["DeploymentServerTasks"]
        assert [one["ServerTaskId"] for one in made] == [f"ServerTasks-{n}" for n in (1, 2, 3)]
        found = [await gurita.get(f"deployments/{one['DeploymentId']}") for one in made]
        assert [one["EnvironmentId"] for one in found] == [f"Environments-{n}" for n in (1, 2, 3)]
        assert {one["Comments"] for one in found} == {"by hand"}
        assert [one["Name"] for one in found] == ["Deploy to Dev", "Deploy to Test", "Deploy to Prod"]


@in_loop
async def test_what_is_chosen_by_name_is_kept_by_id(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        body = asked(
            specificMachineNames=["WEB-1"],
            excludedMachineNames=["Machines-2"],
            skipStepNames=["second STEP"],
            specificTargetTagNames=["web"],
            excludedTargetTagNames=["db"],
            forcePackageDownload=True,
            forcePackageRedeployment=True,
            priority="On",
            variables={"Answer": "42"},
            deploymentFreezeNames=["none"],
            deploymentFreezeOverrideReason="because",
        )
        made = (await gurita.post(PLACE, body))["DeploymentServerTasks"][0]
        found = await gurita.get(f"deployments/{made['DeploymentId']}")
        process = await gurita.get(PROCESS)
        assert found["SpecificMachineIds"] == ["Machines-1"]
        assert found["ExcludedMachineIds"] == ["Machines-2"]
        assert found["SkipActions"] == [process["Steps"][1]["Actions"][0]["Id"]]
        assert (found["SpecificTargetTagIds"], found["ExcludedTargetTagIds"]) == (["web"], ["db"])
        assert (found["ForcePackageDownload"], found["ForcePackageRedeployment"]) == (True, True)
        assert (found["Priority"], found["FormValues"]) == ("On", {"Answer": "42"})


REFUSED: list[tuple[dict[str, Any], str]] = [
    (asked(environmentNames=["dev", "nowhere"]), "EnvironmentNames[1]"),
    (asked(environmentNames=[]), "EnvironmentNames"),
    (asked(releaseVersion="9"), "ReleaseVersion"),
    (asked(projectName="nothing"), "ProjectName"),
    (asked(specificMachineNames=["web-9"]), "SpecificMachineNames"),
    (asked(environmentNames=["dev", "prod"], specificMachineNames=["web-1"]), "SpecificMachineNames"),
    (asked(skipStepNames=["Third"]), "SkipStepNames"),
    (asked(runAt="tomorrow"), "RunAt"),
    (asked(runAt="2099-01-01T00:00:00Z"), "QueueTime"),
    (asked(noRunAfter="2020-01-01T00:00:00Z"), "QueueTimeExpiry"),
    ({"projectName": "web-shop"}, "EnvironmentNames"),
]


@pytest.mark.parametrize(("body", "member"), REFUSED)
def test_what_cannot_be_done_in_one_place_is_done_in_none(
    body: dict[str, Any], member: str, tmp_path: Path
) -> None:
    @in_loop
    async def run() -> None:
        async with house(tmp_path) as gurita:
            await furnished(gurita)
            told = await gurita.refused(400, "POST", PLACE, body)
            assert any(error.startswith(member) for error in told["Errors"]), told

    run()


@in_loop
async def test_a_lifecycle_that_forbids_one_of_the_places_forbids_all(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        phases = [
            {"Name": n, "OptionalDeploymentTargets": [f"Environments-{i}"]} for i, n in enumerate("abc", 1)
        ]
        cycle = await gurita.post("lifecycles", {"Name": "Straight", "Phases": phases})
        owner = await gurita.get("projects/Projects-1")
        await gurita.put("projects/Projects-1", {**owner, "LifecycleId": cycle["Id"]})
        await gurita.refused(400, "POST", PLACE, asked(environmentNames=["dev", "test"]))
        await deployed(gurita, 1, 1)
        assert (
            len((await gurita.post(PLACE, asked(environmentNames=["dev", "test"])))["DeploymentServerTasks"])
            == 2
        )


@in_loop
async def test_variables_are_frozen_anew_where_that_is_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await gurita.put("variables/variableset-Projects-1", {"Variables": [{"Name": "A", "Value": "new"}]})
        before = await gurita.get("releases/Releases-1")
        await gurita.post(PLACE, asked())
        assert (await gurita.get("releases/Releases-1")) == before
        await gurita.post(PLACE, asked(updateVariableSnapshot=True))
        after = await gurita.get("releases/Releases-1")
        assert after["ProjectVariableSetSnapshotId"] != before["ProjectVariableSetSnapshotId"]


@in_loop
async def test_tenants_are_refused_as_long_as_there_are_none(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        body = {**asked(), "environmentName": "dev", "tenants": ["Acme"]}
        told = await gurita.refused(400, "POST", "deployments/create/tenanted/v1", body)
        assert told["Errors"][0].startswith("Tenants")
        classic = {"ReleaseId": "Releases-1", "EnvironmentId": "Environments-1", "TenantId": "Tenants-1"}
        await gurita.refused(400, "POST", "deployments", classic)
        gurita.may(lambda permission, _space: permission != "DeploymentCreate")
        await gurita.refused(403, "POST", PLACE, asked())


@in_loop
async def test_a_release_goes_with_its_ended_deployments_and_stays_for_one_that_runs(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        running = await deployed(gurita, 1, 2, "Executing")
        told = await gurita.refused(409, "DELETE", "releases/Releases-1")
        assert "cancel ServerTasks-2 first" in told["Errors"][0]
        await gurita.refused(409, "DELETE", f"deployments/{running}")
        await gurita.delete("deployments/Deployments-1")
        assert (await gurita.get("deployments"))["TotalResults"] == 1


@in_loop
async def test_deployments_to_a_priority_phase_go_first_unless_somebody_says_otherwise(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        targets = [f"Environments-{n}" for n in (1, 2, 3)]
        phase = {"Name": "all", "OptionalDeploymentTargets": targets, "IsPriorityPhase": True}
        cycle = await gurita.post("lifecycles", {"Name": "Fast", "Phases": [phase]})
        owner = await gurita.get("projects/Projects-1")
        await gurita.put("projects/Projects-1", {**owner, "LifecycleId": cycle["Id"]})
        for more in ({}, {"priority": "Off"}, {"priority": "On"}):
            await gurita.post(PLACE, asked(**more))
        rows = await gurita.store.read(lambda tx: tx.all(select(task.c.priority).order_by(task.c.number)))
        assert [row["priority"] for row in rows] == [1, 0, 1]
