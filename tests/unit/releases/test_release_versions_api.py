"""Which package versions a release gets: given, the newest that fits, or refused; and what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House
from tests.looping import in_loop
from tests.packaging import zip_of
from tests.unit.build_information.test_build_information import build
from tests.unit.packages.repository import Repository, repository
from tests.unit.releases.test_releases_api import PROCESS, project, release, step

WEB = {"PackageId": "Acme.Web", "FeedId": "feeds-builtin"}
TOOLS = {"PackageId": "Acme.Tools", "FeedId": "feeds-builtin", "Name": "tools"}


async def stocked(here: Repository, *versions: str, tools: tuple[str, ...] = ("0.5.0",)) -> House:
    """A project with a step that uses two packages, and versions of them in the repository."""
    for version in versions:
        await here.pushed((f"Acme.Web.{version}.zip", zip_of({"v": version})))
    for version in tools:
        await here.pushed((f"Acme.Tools.{version}.zip", zip_of({"t": version})))
    await project(here.gurita)
    await here.gurita.put(PROCESS, {"Steps": [step("Web", WEB, TOOLS)]})
    return here.gurita


async def created(gurita: House, **more: Any) -> Any:
    return await gurita.post("releases/create/v1", {"projectName": "web-shop", **more})


async def chosen(gurita: House, made: Any) -> dict[str, str]:
    found = await gurita.get(f"releases/{made['ReleaseId']}")
    return {one["PackageReferenceName"]: one["Version"] for one in found["SelectedPackages"]}


@in_loop
async def test_what_nobody_chose_is_the_newest_there_is(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0", "1.10.0", "1.9.0", "2.0.0-beta.1")
        assert await chosen(gurita, await created(gurita)) == {"": "2.0.0-beta.1", "tools": "0.5.0"}
        stable = await created(gurita, packagePrerelease="^$")
        assert await chosen(gurita, stable) == {"": "1.10.0", "tools": "0.5.0"}
        some = await created(gurita, packages=["Web:tools:9.9"], packagePrerelease="beta")
        assert await chosen(gurita, some) == {"": "2.0.0-beta.1", "tools": "9.9"}
        given = await created(gurita, packageVersion="7.1")
        assert await chosen(gurita, given) == {"": "7.1", "tools": "7.1"}


@in_loop
async def test_a_channels_rules_say_which_versions_may_be_chosen(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0", "1.9.0", "2.0.0")
        rule = {"VersionRange": "[1.0,2.0)", "ActionPackages": [{"DeploymentAction": "Web"}]}
        await gurita.post("channels", {"Name": "One", "ProjectId": "Projects-1", "Rules": [rule]})
        assert (await chosen(gurita, await created(gurita, channelName="One")))[""] == "1.9.0"
        wrong = {"projectName": "web-shop", "channelName": "One", "packageVersion": "2.0.0"}
        told = await gurita.refused(400, "POST", "releases/create/v1", wrong)
        assert "does not fit channel 'One'" in told["Errors"][0]
        body = {**wrong, "ignoreChannelRules": True}
        assert await chosen(gurita, await gurita.post("releases/create/v1", body)) == {
            "": "2.0.0",
            "tools": "2.0.0",
        }
        channel = (await gurita.get("projects/Projects-1/channels?name=One"))["Items"][0]
        picked = [
            {"ActionName": "Web", "Version": "2.0.0"},
            {"ActionName": "Web", "PackageReferenceName": "tools", "Version": "1"},
        ]
        classic = {"ProjectId": "Projects-1", "ChannelId": channel["Id"], "SelectedPackages": picked}
        await gurita.refused(400, "POST", "releases", classic)
        made = await gurita.post("releases", {**classic, "IgnoreChannelRules": True})
        assert made["IgnoreChannelRules"] is True
        await gurita.put(f"channels/{channel['Id']}", {**channel, "Rules": []})
        assert (await gurita.get(f"releases/{made['Id']}"))["Version"] == made["Version"], (
            "rules bind new ones only"
        )
        owner = await gurita.get("projects/Projects-1")
        await gurita.put("projects/Projects-1", {**owner, "AllowIgnoreChannelRules": False})
        channel = await gurita.get(f"channels/{channel['Id']}")
        await gurita.put(f"channels/{channel['Id']}", {**channel, "Rules": [rule]})
        told = await gurita.refused(400, "POST", "releases", {**classic, "IgnoreChannelRules": True})
        assert told["Errors"][0].startswith("IgnoreChannelRules")


@in_loop
async def test_versions_that_cannot_be_found_are_named(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0", tools=())
        told = await gurita.refused(400, "POST", "releases/create/v1", {"projectName": "web-shop"})
        assert told["Errors"] == [
            (
                "SelectedPackages: step 'Web': its feed has no version of 'Acme.Tools'. "
                "Push one, or give another version."
            )
        ]
        rule = {"Tag": "^rc", "ActionPackages": [{"DeploymentAction": "Web"}]}
        await gurita.post("channels", {"Name": "RC", "ProjectId": "Projects-1", "Rules": [rule]})
        body = {"projectName": "web-shop", "channelName": "RC", "packages": ["Web:tools:1.0"]}
        told = await gurita.refused(400, "POST", "releases/create/v1", body)
        assert "none of 1 versions of 'Acme.Web' fits the rules of channel 'RC'" in told["Errors"][0]
        secret = {**WEB, "PackageId": "Acme.#{Kind}"}
        await gurita.put(PROCESS, {"Steps": [step("Web", secret)]})
        told = await gurita.refused(400, "POST", "releases/create/v1", {"projectName": "web-shop"})
        assert "named by an expression" in told["Errors"][0]
        assert (await chosen(gurita, await created(gurita, packageVersion="3.0")))[""] == "3.0"
        for more, member in (
            ({"packagePrerelease": "("}, "SelectedPackages"),
            ({"gitRef": "refs/heads/main"}, "GitRef"),
            ({"gitCommit": "abc"}, "GitCommit"),
            ({"gitResources": ["Web:main"]}, "GitResources"),
            ({"packageVersion": " "}, "SelectedPackages"),
        ):
            told = await gurita.refused(
                400, "POST", "releases/create/v1", {"projectName": "web-shop", **more}
            )
            assert told["Errors"][0].startswith(member), told


@in_loop
async def test_a_step_of_another_channel_needs_no_version(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here)
        beta = await gurita.post("channels", {"Name": "Beta", "ProjectId": "Projects-1"})
        action = {"Name": "Web", "ActionType": "Octopus.Script", "Packages": [WEB], "Channels": [beta["Id"]]}
        await gurita.put(PROCESS, {"Steps": [{"Name": "Web", "Actions": [action]}]})
        assert (await release(gurita))["SelectedPackages"] == []
        await gurita.refused(400, "POST", "releases", {"ProjectId": "Projects-1", "ChannelId": beta["Id"]})
        assert (await gurita.get(f"{PROCESS}/template"))["Packages"] == []
        assert len((await gurita.get(f"{PROCESS}/template?channel={beta['Id']}"))["Packages"]) == 1


@in_loop
async def test_a_release_shows_what_build_servers_said_of_its_packages(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0")
        first = await created(gurita)
        assert (await gurita.get(f"releases/{first['ReleaseId']}"))["BuildInformation"] == []
        await gurita.post("build-information", build())
        for path in (
            f"releases/{first['ReleaseId']}",
            "projects/web-shop/releases/0.0.1",
        ):
            found = await gurita.get(path)
            assert [one["BuildNumber"] for one in found["BuildInformation"]] == ["7"], path
            assert found["LifecycleId"] == "Lifecycles-1"
        listed = await gurita.get("projects/web-shop/releases")
        assert listed["Items"][0]["BuildInformation"][0]["PackageId"] == "Acme.Web"
        changed = await gurita.put(
            f"releases/{first['ReleaseId']}", {**listed["Items"][0], "ReleaseNotes": "x"}
        )
        assert changed["BuildInformation"] == listed["Items"][0]["BuildInformation"]


@in_loop
async def test_what_is_gone_from_the_repository_is_told_and_what_is_used_is_noted(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0")
        made = await created(gurita)
        place = f"releases/{made['ReleaseId']}/missingPackages"
        assert await gurita.get(place) == {"Packages": []}
        whole = await gurita.get(f"releases/{made['ReleaseId']}")
        whole["SelectedPackages"][0]["Version"] = "5.0.0"
        await gurita.put(f"releases/{made['ReleaseId']}", whole)
        missing = (await gurita.get(place))["Packages"]
        assert [(one["PackageId"], one["Version"]) for one in missing] == [("Acme.Web", "5.0.0")]
        await gurita.delete("projects/Projects-1")


@in_loop
async def test_an_existing_number_that_a_package_gave_may_be_ignored(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0")
        owner = await gurita.get("projects/Projects-1")
        donor = {"DonorPackage": {"DeploymentAction": "Web", "PackageReference": ""}}
        await gurita.put("projects/Projects-1", {**owner, "VersioningStrategy": donor})
        first = await created(gurita)
        assert first["ReleaseVersion"] == "1.0.0"
        assert await created(gurita, ignoreIfAlreadyExists=True) == first
        await gurita.refused(409, "POST", "releases/create/v1", {"projectName": "web-shop"})


@in_loop
async def test_notes_come_from_the_template_with_what_is_known_filled_in(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0")
        owner = await gurita.get("projects/Projects-1")
        text = (
            "#{Octopus.Release.Number} of #{Brand}, #{Octopus.Release.Package[Acme.Web].Version}, #{Unknown}"
        )
        await gurita.put("projects/Projects-1", {**owner, "ReleaseNotesTemplate": text})
        rows = [{"Name": "Brand", "Value": "Acme"}]
        await gurita.put("variables/variableset-Projects-1", {"Variables": rows})
        made = await created(gurita, releaseVersion="3.0")
        found = await gurita.get(f"releases/{made['ReleaseId']}")
        assert found["ReleaseNotes"] == "3.0 of Acme, 1.0.0, #{Unknown}"
        own = await created(gurita, releaseVersion="3.1", releaseNotes="by hand, #{Brand}")
        assert (await gurita.get(f"releases/{own['ReleaseId']}"))["ReleaseNotes"] == "by hand, Acme"


@in_loop
async def test_the_template_names_feeds_and_the_last_release(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = await stocked(here, "1.0.0")
        made = await created(gurita)
        found = await gurita.get(f"{PROCESS}/template")
        first, second = found["Packages"]
        assert (first["FeedName"], first["ProjectName"], first["IsResolvable"]) == (
            (await gurita.get("feeds"))["Items"][0]["Name"],
            "Web Shop",
            True,
        )
        assert (second["PackageReferenceName"], second["VersionSelectedLastRelease"]) == ("tools", "0.5.0")
        assert found["Links"]["LastRelease"].endswith(made["ReleaseId"])
        assert found["GitResources"] == []
        frozen = await gurita.get(f"projects/Projects-1/releases/{made['ReleaseId']}/variables")
        assert [one["OwnerId"] for one in frozen] == ["Projects-1"]
        listed = await gurita.get("projects/Projects-1/channels/default/releases")
        assert [one["Id"] for one in listed["Items"]] == [made["ReleaseId"]]
