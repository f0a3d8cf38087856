"""The dashboard and the progressions: what is where, and where it may go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import update

from gurita.engine.tables import task
from tests.helpers import House, house
from tests.looping import in_loop

TOP = {"Items", "Projects", "ProjectGroups", "Environments", "Tenants", "ProjectLimit", "IsFiltered", "Links"}
ITEM = {
    "Id",
    "ProjectId",
    "EnvironmentId",
    "ReleaseId",
    "DeploymentId",
    "TaskId",
    "TenantId",
    "ChannelId",
    "ReleaseVersion",
    "Created",
    "QueueTime",
    "StartTime",
    "CompletedTime",
    "State",
    "HasPendingInterruptions",
    "PendingInterruptionTypes",
    "HasPendingPreconditions",
    "PendingPreconditionTypes",
    "HasWarningsOrErrors",
    "ErrorMessage",
    "Duration",
    "IsCurrent",
    "IsPrevious",
    "IsCompleted",
    "Links",
}
PROJECT = {
    "Id",
    "Name",
    "Slug",
    "ProjectGroupId",
    "EnvironmentIds",
    "TenantedDeploymentMode",
    "CanPerformUntenantedDeployment",
    "IsDisabled",
    "Links",
}


async def furnished(gurita: House) -> None:
    """Two projects, three environments, a lifecycle Dev → Test → Prod."""
    for name in ("Dev", "Test", "Prod"):
        await gurita.post("environments", {"Name": name})
    phases = [{"Name": n, "OptionalDeploymentTargets": [f"Environments-{i}"]} for i, n in enumerate("abc", 1)]
    lifecycle = await gurita.post("lifecycles", {"Name": "Straight", "Phases": phases})
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    for name in ("Web", "Api"):
        whole = {"Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle["Id"]}
        made = await gurita.post("projects", whole)
        for _ in range(3):
            await gurita.post("releases", {"ProjectId": made["Id"]})


async def deployed(gurita: House, release: int, environment: int, state: str = "Success") -> str:
    body = {"ReleaseId": f"Releases-{release}", "EnvironmentId": f"Environments-{environment}"}
    made = await gurita.post("deployments", body)
    number = int(made["TaskId"].partition("-")[2])
    ended = {"state": state, "started": 1000, "completed": 5000 if state != "Executing" else None}
    await gurita.store.write(lambda tx: tx.run(update(task).where(task.c.number == number).values(ended)))
    return str(made["Id"])


def places(board: Any) -> list[tuple[str, str, str, str, bool]]:
    return [
        (i["ProjectId"], i["EnvironmentId"], i["ReleaseVersion"], i["State"], i["IsPrevious"])
        for i in board["Items"]
    ]


@in_loop
async def test_the_dashboard_shows_the_last_deployment_of_each_place_with_exactly_these_members(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await deployed(gurita, 2, 1, "Failed")
        await deployed(gurita, 1, 2, "Executing")
        await deployed(gurita, 4, 1)
        board = await gurita.get("dashboard")
        assert set(board) == TOP
        assert all(set(item) == ITEM for item in board["Items"])
        assert all(set(project) == PROJECT for project in board["Projects"])
        assert {frozenset(e) for e in board["Environments"]} == {frozenset({"Id", "Name", "Links"})}
        assert {frozenset(g) for g in board["ProjectGroups"]} == {
            frozenset({"Id", "Name", "EnvironmentIds", "Links"})
        }
        assert places(board) == [
            ("Projects-1", "Environments-1", "0.0.2", "Failed", False),
            ("Projects-1", "Environments-2", "0.0.1", "Executing", False),
            ("Projects-2", "Environments-1", "0.0.1", "Success", False),
        ]
        assert [p["EnvironmentIds"] for p in board["Projects"]] == [
            [f"Environments-{n}" for n in (1, 2, 3)]
        ] * 2
        assert board["IsFiltered"] is False
        assert board["Items"][0]["HasWarningsOrErrors"] is True
        one = await gurita.get("dashboard?projectId=Projects-2")
        assert (len(one["Items"]), len(one["Projects"]), one["IsFiltered"]) == (1, 1, True)
        first = await gurita.get("dashboard?releaseId=Releases-1")
        assert [i["DeploymentId"] for i in first["Items"]] == ["Deployments-1", "Deployments-3"]


@in_loop
async def test_the_dynamic_dashboard_adds_what_was_there_before(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await deployed(gurita, 2, 1)
        await deployed(gurita, 3, 1, "Failed")
        board = await gurita.get(
            "dashboard/dynamic?projects=Projects-1&environments=Environments-1&includePrevious=true"
        )
        assert set(board) == TOP
        assert places(board) == [
            ("Projects-1", "Environments-1", "0.0.3", "Failed", False),
            ("Projects-1", "Environments-1", "0.0.2", "Success", True),
        ]
        assert [i["IsCurrent"] for i in board["Items"]] == [True, False]
        assert [e["Id"] for e in board["Environments"]] == ["Environments-1"]


@in_loop
async def test_unknown_projects_are_simply_not_there(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        board = await gurita.get("dashboard/dynamic?projects=Projects-99")
        assert (board["Items"], board["Projects"], board["IsFiltered"]) == ([], [], True)


@in_loop
async def test_another_spaces_deployments_are_not_shown(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await gurita.post("spaces", {"Name": "Second", "SpaceManagersTeams": ["teams-administrators"]})
        board = await gurita.get("Spaces-2/dashboard")
        assert (board["Items"], board["Projects"], board["Environments"]) == ([], [], [])


@in_loop
async def test_the_progression_of_a_release_follows_its_lifecycle(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        found = await gurita.get("releases/Releases-1/progression")
        assert [(p["Name"], p["Progress"], p["Blocked"]) for p in found["Phases"]] == [
            ("a", "Current", False),
            ("b", "Pending", True),
            ("c", "Pending", True),
        ]
        assert (found["NextDeployments"], found["NextDeploymentsMinimumRequired"]) == (["Environments-1"], 1)
        told = await gurita.refused(
            400, "POST", "deployments", {"ReleaseId": "Releases-1", "EnvironmentId": "Environments-2"}
        )
        assert "phase 'a'" in told["Errors"][0]
        await deployed(gurita, 1, 1)
        found = await gurita.get("releases/Releases-1/progression")
        assert [p["Progress"] for p in found["Phases"]] == ["Complete", "Current", "Pending"]
        assert found["Phases"][0]["Deployments"][0]["Deployment"]["Id"] == "Deployments-1"
        assert found["Phases"][0]["Deployments"][0]["Task"]["State"] == "Success"
        template = await gurita.get("releases/Releases-1/deployments/template")
        assert [e["Name"] for e in template["PromoteTo"]] == ["Dev", "Test"]
        assert template["IsDeploymentProcessModified"] is False
        await gurita.put("projects/web/variables", {"Variables": [{"Name": "A", "Value": "1"}]})
        assert (await gurita.get("releases/Releases-1/deployments/template"))["IsVariableSetModified"] is True
        link = template["PromoteTo"][0]["Links"]["Preview"].partition("{")[0].removeprefix("/api/")
        assert (await gurita.get(link))["StepsToExecute"] == []


@in_loop
async def test_the_progression_of_a_project_shows_its_releases_in_their_places(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await deployed(gurita, 1, 2, "Failed")
        found = await gurita.get("projects/web/progression?releaseHistoryCount=2")
        assert [r["Release"]["Version"] for r in found["Releases"]] == ["0.0.3", "0.0.2"]
        found = await gurita.get("projects/web/progression")
        row = found["Releases"][2]
        assert row["Channel"]["Name"] == "Default"
        assert {e: [i["State"] for i in items] for e, items in row["Deployments"].items()} == {
            "Environments-1": ["Success"],
            "Environments-2": ["Failed"],
        }
        assert row["NextDeployments"] == ["Environments-2"]
        assert [e["Name"] for e in found["Environments"]] == ["Dev", "Test", "Prod"]
        assert list(found["ChannelEnvironments"]) == ["Channels-1"]
        assert await gurita.get("progression/Projects-1") == found


@in_loop
async def test_a_preview_plans_the_frozen_process_and_asks_its_questions(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        policy = (await gurita.get("machinepolicies/all"))[0]["Id"]
        machine = {
            "Name": "m-1",
            "Roles": ["web"],
            "EnvironmentIds": ["Environments-1"],
            "MachinePolicyId": policy,
            "Endpoint": {"CommunicationStyle": "None"},
        }
        await gurita.post("machines", machine)
        script = {"Octopus.Action.Script.ScriptBody": "echo", "Octopus.Action.Script.Syntax": "Bash"}
        steps = [
            {
                "Name": "Roll",
                "Properties": {"Octopus.Action.TargetRoles": "#{Tags}", "Octopus.Action.MaxParallelism": "1"},
                "Actions": [
                    {"Name": "One", "ActionType": "Octopus.Script", "Properties": script},
                    {"Name": "Two", "ActionType": "Octopus.Script", "Properties": script},
                ],
            },
            {"Name": "Off", "Actions": [{"Name": "Off", "ActionType": "Octopus.Script", "IsDisabled": True}]},
        ]
        await gurita.put("projects/web/deploymentprocesses", {"Steps": steps})
        asked = {"Name": "Who", "Value": "me", "Prompt": {"Label": "Who?", "Required": True}}
        await gurita.put("projects/web/variables", {"Variables": [{"Name": "Tags", "Value": "WEB"}, asked]})
        release = await gurita.post("releases", {"ProjectId": "Projects-1"})
        await gurita.put("projects/web/deploymentprocesses", {"Steps": []})
        place = f"releases/{release['Id']}/deployments"
        shown = await gurita.get(f"{place}/preview/dev")
        rows = [(s["ActionNumber"], s["ActionName"], s["MachineNames"]) for s in shown["StepsToExecute"]]
        assert rows == [("1.1", "One", ["m-1"]), ("1.2", "Two", ["m-1"])]
        assert [(s["ActionName"], s["Code"]) for s in shown["StepsToSkip"]] == [("Off", "Disabled")]
        element = shown["Form"]["Elements"][0]
        assert (element["Control"]["Label"], element["IsValueRequired"]) == ("Who?", True)
        assert shown["Form"]["Values"] == {element["Name"]: "me"}
        assert shown["Problems"] == []
        nowhere = await gurita.get(f"{place}/preview/Environments-3")
        assert "no target to deploy to in Prod" in nowhere["Problems"][0]
        assert nowhere["StepsToExecute"][0]["HasNoApplicableMachines"] is True
        both = await gurita.post(
            f"{place}/previews", {"DeploymentPreviews": [{"EnvironmentId": "Environments-1"}]}
        )
        assert both == [shown]


@in_loop
async def test_what_is_being_deployed_cannot_be_deleted_and_afterwards_goes_with_all_its_records(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        made = await deployed(gurita, 1, 1, "Executing")
        for path in ("releases/Releases-1", "projects/Projects-1"):
            told = await gurita.refused(409, "DELETE", path)
            assert "ServerTasks-1" in told["Errors"][0]
        await gurita.store.write(lambda tx: tx.run(update(task).values(state="Success")))
        await gurita.delete("projects/Projects-1")
        assert (await gurita.ask("GET", f"deployments/{made}")).status == 404
        assert (await gurita.get("dashboard"))["Items"] == []
