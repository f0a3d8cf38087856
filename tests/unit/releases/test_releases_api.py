"""Releases through the API: numbered, frozen, unique, and the executions API beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.releases import service
from tests.helpers import House, house
from tests.looping import in_loop

PROCESS = "deploymentprocesses/deploymentprocess-Projects-1"
SET = "variables/variableset-Projects-1"


async def project(gurita: House, name: str = "Web Shop", **more: Any) -> Any:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    whole = {"Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle, **more}
    return await gurita.post("projects", whole)


def step(name: str, *packages: dict[str, Any]) -> dict[str, Any]:
    action = {"Name": name, "ActionType": "Octopus.Script", "Packages": list(packages)}
    return {"Name": name, "Actions": [action]}


async def release(gurita: House, **more: Any) -> Any:
    return await gurita.post("releases", {"ProjectId": "Projects-1", **more})


@in_loop
async def test_releases_number_themselves_from_0_0_1_on(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        first = await release(gurita)
        assert (first["Id"], first["Version"], first["ChannelId"]) == ("Releases-1", "0.0.1", "Channels-1")
        assert (await release(gurita))["Version"] == "0.0.2"
        assert (await release(gurita, Version="2.0.0-beta"))["Version"] == "2.0.0-beta"
        assert (await release(gurita))["Version"] == "2.0.1"
        assert (await release(gurita, Version="0.1"))["Version"] == "0.1"
        assert (await release(gurita))["Version"] == "2.0.2"


@in_loop
async def test_a_release_is_frozen_and_an_unchanged_process_is_stored_once(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await gurita.put(PROCESS, {"Steps": [step("Old")]})
        await gurita.put(SET, {"Variables": [{"Name": "A", "Value": "old"}]})
        first, second = await release(gurita), await release(gurita)
        member = "ProjectDeploymentProcessSnapshotId"
        assert first[member] == second[member]
        assert first[member].startswith("deploymentprocess-Projects-1-s-2-")
        await gurita.put(PROCESS, {"Steps": [step("New")]})
        await gurita.put(SET, {"Variables": [{"Name": "A", "Value": "new"}]})
        frozen = await gurita.get(first["Links"]["ProjectDeploymentProcessSnapshot"].removeprefix("/api/"))
        assert [s["Name"] for s in frozen["Steps"]] == ["Old"]
        values = await gurita.get(first["Links"]["ProjectVariableSnapshot"].removeprefix("/api/"))
        assert values["Variables"][0]["Value"] == "old"


@in_loop
async def test_updating_variables_freezes_them_anew_and_leaves_the_process_alone(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await gurita.put(SET, {"Variables": [{"Name": "A", "Value": "old"}]})
        first = await release(gurita)
        await gurita.put(SET, {"Variables": [{"Name": "A", "Value": "new"}]})
        await gurita.put(PROCESS, {"Steps": [step("New")]})
        updated = await gurita.post("releases/Releases-1/snapshot-variables", {})
        member = "ProjectDeploymentProcessSnapshotId"
        assert updated[member] == first[member]
        ctx = gurita.context()
        values = await gurita.store.read(
            lambda tx: service.values_in(tx, ctx, service.get_in(tx, ctx, "Releases-1"))
        )
        assert [v.value for v in values] == ["new"]
        assert await gurita.post("releases/Releases-1/snapshot-variables", {}) == updated


@in_loop
async def test_releases_are_found_by_version_and_listed_newest_first(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await project(gurita, "Other")
        for version in ("1.0.0", "1.1.0-Beta", "0.9"):
            await release(gurita, Version=version)
        await gurita.post("releases", {"ProjectId": "Projects-2", "Version": "1.0.0"})
        assert (await gurita.get("projects/web-shop/releases/1.1.0-BETA"))["Id"] == "Releases-2"
        assert (await gurita.get("projects/web-shop/releases/Releases-3"))["Version"] == "0.9"
        assert (await gurita.ask("GET", "projects/other/releases/0.9")).status == 404
        listed = await gurita.get("projects/Projects-1/releases")
        assert [one["Version"] for one in listed["Items"]] == ["0.9", "1.1.0-Beta", "1.0.0"]
        found = await gurita.get("projects/Projects-1/releases?searchByVersion=1.")
        assert [one["Version"] for one in found["Items"]] == ["1.1.0-Beta", "1.0.0"]
        assert (await gurita.get("channels/Channels-2/releases"))["TotalResults"] == 1
        assert (await gurita.get("releases?take=2"))["TotalResults"] == 4


@in_loop
async def test_a_release_may_be_renamed_and_noted_but_its_snapshots_stay(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        first = await release(gurita)
        body = {
            **first,
            "Version": "3.0",
            "ReleaseNotes": "new",
            "ProjectVariableSetSnapshotId": "x",
            "ProjectId": "y",
        }
        changed = await gurita.put("releases/Releases-1", body)
        assert (changed["Version"], changed["ReleaseNotes"]) == ("3.0", "new")
        for member in ("ProjectVariableSetSnapshotId", "ProjectId", "Assembled"):
            assert changed[member] == first[member]
        assert await gurita.get("projects/Projects-1/releases/3.0") == changed
        again = await gurita.put("releases/Releases-1", {**changed, "ReleaseNotes": "newer"})
        assert again["ReleaseNotes"] == "newer"


@in_loop
async def test_what_is_refused_changes_nothing_and_says_why(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await project(gurita, "Other")
        await release(gurita, Version="1.0")
        web = {"PackageId": "Acme.Web"}
        await gurita.put("deploymentprocesses/deploymentprocess-Projects-2", {"Steps": [step("Web", web)]})
        off = await project(gurita, "Off", IsDisabled=True)
        cases: list[tuple[int, dict[str, Any], str]] = [
            (409, {"ProjectId": "Projects-1", "Version": "1.0"}, "Version"),
            (400, {"ProjectId": "Projects-1", "Version": "first one"}, "Version"),
            (400, {"ProjectId": "Projects-9"}, "ProjectId"),
            (400, {"ProjectId": "Projects-1", "ChannelId": "Channels-2"}, "ChannelId"),
            (400, {"ProjectId": "Projects-2"}, "SelectedPackages"),
            (409, {"ProjectId": off["Id"]}, "Project"),
            (400, {"ProjectId": "Projects-1", "CustomFields": {"a": "x" * 151}}, "CustomFields"),
        ]
        for status, body, member in cases:
            told = await gurita.refused(status, "POST", "releases", body)
            assert told["Errors"][0].startswith(member), told
        await gurita.refused(409, "DELETE", "channels/Channels-1")


@in_loop
async def test_a_project_goes_with_its_releases(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await release(gurita)
        await release(gurita)
        await gurita.delete("releases/Releases-2")
        await gurita.delete("projects/Projects-1")
        assert (await gurita.get("releases"))["TotalResults"] == 0


@in_loop
async def test_the_executions_api_takes_names_slugs_and_ids_in_any_case(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await gurita.post("channels", {"Name": "Beta", "ProjectId": "Projects-1"})
        body = {"spaceId": "Spaces-1", "spaceIdOrName": "Default", "projectName": "web shop", "gitRef": None}
        made = await gurita.post("Default/releases/create/v1", body)
        assert made == {"ReleaseId": "Releases-1", "ReleaseVersion": "0.0.1"}
        named = {"ProjectName": "WEB-SHOP", "ReleaseVersion": "5.0", "ChannelName": "beta", "Extra": {"x": 1}}
        made = await gurita.post("releases/create/v1", named)
        assert made["ReleaseVersion"] == "5.0"
        found = await gurita.get("releases/Releases-2")
        assert found["ChannelId"] != (await gurita.get("releases/Releases-1"))["ChannelId"]
        await gurita.refused(409, "POST", "releases/create/v1", named)
        same = await gurita.post("releases/create/v1", {**named, "IgnoreIfAlreadyExists": True})
        assert same == made
        for wrong, member in (
            ({"projectName": "nope"}, "ProjectName"),
            ({"projectName": "web shop", "channelName": "nope"}, "ChannelName"),
            ({"projectName": "web shop", "packages": ["Nope:1.0"]}, "Packages[0]"),
            ({}, "ProjectName"),
        ):
            told = await gurita.refused(400, "POST", "releases/create/v1", wrong)
            assert told["Errors"][0].startswith(member), told


@in_loop
async def test_the_template_says_what_a_release_needs(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await gurita.put(
            PROCESS, {"Steps": [step("Web", {"PackageId": "Acme.Web", "FeedId": "feeds-builtin"})]}
        )
        body = {"projectName": "web-shop", "packageVersion": "7.1"}
        assert (await gurita.post("releases/create/v1", body))["ReleaseVersion"] == "0.0.1"
        found = await gurita.get(f"{PROCESS}/template?channel=Channels-1")
        assert (found["LastReleaseVersion"], found["NextVersionIncrement"]) == ("0.0.1", "0.0.2")
        package = found["Packages"][0]
        assert (package["ActionName"], package["PackageId"], package["NuGetFeedId"]) == (
            "Web",
            "Acme.Web",
            "feeds-builtin",
        )
        assert package["VersionSelectedLastRelease"] == "7.1"
        assert await gurita.get("projects/web-shop/deploymentprocesses/template") == found
        frozen = (await gurita.get("releases/Releases-1"))["ProjectDeploymentProcessSnapshotId"]
        assert (await gurita.get(f"deploymentprocesses/{frozen}/template"))["DeploymentProcessId"] == frozen


@in_loop
async def test_a_donor_package_and_a_template_number_releases(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        donor = {"Template": None, "DonorPackage": {"DeploymentAction": "Web", "PackageReference": ""}}
        await project(gurita, VersioningStrategy=donor)
        await gurita.put(PROCESS, {"Steps": [step("Web", {"PackageId": "Acme.Web"})]})
        assert (
            await gurita.post("releases/create/v1", {"projectName": "web-shop", "packageVersion": "7.1"})
        )["ReleaseVersion"] == "7.1"
        await project(
            gurita, "Trains", VersioningStrategy={"Template": "#{Train}.#{Octopus.Version.NextMinor}"}
        )
        told = await gurita.refused(400, "POST", "releases/create/v1", {"projectName": "trains"})
        assert "Train" in told["Errors"][0]
        await gurita.put(
            "variables/variableset-Projects-2", {"Variables": [{"Name": "Train", "Value": "2026"}]}
        )
        assert (await gurita.post("releases/create/v1", {"projectName": "trains"}))[
            "ReleaseVersion"
        ] == "2026.1"
