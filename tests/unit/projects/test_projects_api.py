"""Projects, their settings and what comes and goes with them, through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop


async def made(gurita: House, name: str = "Web Shop", **more: Any) -> Any:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    return await gurita.post(
        "projects", {"name": name, "projectGroupId": group, "lifecycleId": lifecycle, **more}
    )


@in_loop
async def test_a_project_comes_with_a_process_variables_and_a_default_channel(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        project = await made(gurita)
        assert (project["Id"], project["Slug"]) == ("Projects-1", "web-shop")
        assert project["VersioningStrategy"]["Template"].startswith("#{Octopus.Version.LastMajor}")
        assert project["DeploymentProcessId"] == "deploymentprocess-Projects-1"
        assert project["VariableSetId"] == "variableset-Projects-1"
        process = await gurita.get("deploymentprocesses/deploymentprocess-Projects-1")
        assert (process["Steps"], process["Version"], process["ProjectId"]) == ([], 1, "Projects-1")
        variables = await gurita.get("variables/variableset-Projects-1")
        assert (variables["Variables"], variables["OwnerId"]) == ([], "Projects-1")
        channels = await gurita.get("projects/web-shop/channels")
        assert [(c["Name"], c["IsDefault"]) for c in channels["Items"]] == [("Default", True)]


@in_loop
async def test_every_link_of_a_project_is_a_route_or_a_page(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        project = await made(gurita)
        for name in ("Self", "Variables", "DeploymentProcess", "DeploymentSettings", "Channels"):
            path = project["Links"][name].partition("{")[0]
            assert (await gurita.ask("GET", path.removeprefix("/api/"))).status == 200, name


@in_loop
async def test_a_project_is_found_by_slug_and_name_and_listed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        project = await made(gurita)
        await made(gurita, "Other")
        for text in ("Projects-1", "web-shop", "Web%20Shop", "WEB%20SHOP"):
            assert await gurita.get(f"projects/{text}") == project
        page = await gurita.get("projects?partialName=shop")
        assert [one["Id"] for one in page["Items"]] == ["Projects-1"]
        group = project["ProjectGroupId"]
        assert (await gurita.get(f"projectgroups/{group}/projects"))["TotalResults"] == 2


@in_loop
async def test_deployment_settings_are_a_view_of_the_project(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await made(gurita)
        settings = await gurita.get("projects/web-shop/deploymentsettings")
        assert settings["Id"] == "deploymentsettings-Projects-1"
        settings["ConnectivityPolicy"]["AllowDeploymentsToNoTargets"] = True
        settings["DefaultGuidedFailureMode"] = "On"
        changed = await gurita.put("deploymentsettings/deploymentsettings-Projects-1", settings)
        assert changed["ConnectivityPolicy"]["AllowDeploymentsToNoTargets"] is True
        project = await gurita.get("projects/Projects-1")
        assert project["DefaultGuidedFailureMode"] == "On"
        assert project["ProjectConnectivityPolicy"]["AllowDeploymentsToNoTargets"] is True
        told = await gurita.refused(409, "PUT", "projects/Projects-1/deploymentsettings", settings)
        assert "version 1" in told["Errors"][0]


@in_loop
async def test_a_project_that_goes_takes_everything_of_its_own_with_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await made(gurita)
        await gurita.delete("projects/Projects-1")
        for path in (
            "projects/Projects-1",
            "deploymentprocesses/deploymentprocess-Projects-1",
            "variables/variableset-Projects-1",
            "channels/Channels-1",
        ):
            assert (await gurita.ask("GET", path)).status == 404, path
        assert (await made(gurita))["Id"] == "Projects-2"


@in_loop
async def test_what_is_refused_changes_nothing_and_names_the_member(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        project = await made(gurita)
        group, lifecycle = project["ProjectGroupId"], project["LifecycleId"]
        whole = {"Name": "New", "ProjectGroupId": group, "LifecycleId": lifecycle}
        cases: list[tuple[int, dict[str, Any], str]] = [
            (400, {**whole, "Name": ""}, "Name"),
            (400, {**whole, "Name": "x" * 201}, "Name"),
            (409, {**whole, "Name": "WEB  shop"}, "Name"),
            (400, {**whole, "ProjectGroupId": "ProjectGroups-99"}, "ProjectGroupId"),
            (400, {**whole, "LifecycleId": "Channels-1"}, "LifecycleId"),
            (400, {**whole, "LifecycleId": None}, "LifecycleId"),
            (400, {**whole, "TenantedDeploymentMode": "Sometimes"}, "TenantedDeploymentMode"),
            (
                400,
                {**whole, "PersistenceSettings": {"Type": "VersionControlled"}},
                "PersistenceSettings.Type",
            ),
            (400, {**whole, "SpaceId": "Spaces-2"}, "SpaceId"),
        ]
        for status, body, member in cases:
            told = await gurita.refused(status, "POST", "projects", body)
            assert told["Errors"][0].startswith(member), (body, told)
        await gurita.refused(409, "PUT", "projects/Projects-1", {**project, "Version": 7})
        await gurita.refused(409, "DELETE", f"projectgroups/{group}")


@in_loop
async def test_projects_of_another_space_are_not_there(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await made(gurita)
        await gurita.post("spaces", {"Name": "Second", "SpaceManagersTeams": ["teams-administrators"]})
        for path in ("projects/Projects-1", "deploymentprocesses/deploymentprocess-Projects-1"):
            assert (await gurita.ask("GET", f"Spaces-2/{path}")).status == 404
        assert (await gurita.get("Spaces-2/projects"))["TotalResults"] == 0
