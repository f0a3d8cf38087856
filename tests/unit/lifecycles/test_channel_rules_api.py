"""Channels' rules through the API: refused when they cannot be meant, tried out, explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from gurita.feeds.records import FEEDS
from gurita.feeds.resources import Feed
from tests.helpers import House, house
from tests.looping import in_loop

PROCESS = "deploymentprocesses/deploymentprocess-Projects-1"


async def project(gurita: House) -> None:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    await gurita.post("projects", {"Name": "Shop", "ProjectGroupId": group, "LifecycleId": lifecycle})
    await steps(gurita, "Deploy web", "Deploy jobs")


async def steps(gurita: House, *names: str) -> None:
    await gurita.put(PROCESS, {"Steps": [step(name) for name in names]})


def step(name: str) -> dict[str, Any]:
    package = {"PackageId": "Acme.Web", "FeedId": "feeds-builtin"}
    action = {"Name": name, "ActionType": "Octopus.Script", "Packages": [package]}
    return {"Name": name, "Actions": [action]}


def ruled(action: str, reference: str = "", **texts: str) -> dict[str, Any]:
    about = [{"DeploymentAction": action, "PackageReference": reference}]
    return {"Name": "Stable", "Rules": [{"VersionRange": "[1.0,2.0)", "ActionPackages": about, **texts}]}


@in_loop
async def test_a_channel_of_a_project_needs_no_project_in_its_body(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        made = await gurita.post("projects/shop/channels", ruled("Deploy web"))
        assert made["ProjectId"] == "Projects-1"
        assert made["Rules"][0]["Links"] == {}
        assert await gurita.get(f"projects/Projects-1/channels/{made['Id']}") == made
        linked = {**made["Rules"][0], "Links": {"Self": "/elsewhere"}}
        body = {**made, "Description": "For customers", "Rules": [linked]}
        changed = await gurita.put("projects/Shop/channels/stable", body)
        assert changed["Rules"] == made["Rules"]
        told = await gurita.refused(400, "POST", "channels", ruled("Deploy web"))
        assert told["Errors"] == ["ProjectId: must not be empty. Name the project the channel belongs to."]


@pytest.mark.parametrize(
    ("body", "member"),
    [
        (ruled("Deploy web", VersionRange="[2.0,1.0]"), "Rules[0].VersionRange: "),
        (ruled("Deploy web", Tag="(" * 40), "Rules[0].Tag: "),
        (ruled("Deploy web", Tag="a" * 500), "Rules[0].Tag: "),
        (ruled("Nothing"), "Rules[0].ActionPackages[0].DeploymentAction: "),
        (ruled("Deploy web", "tools"), "Rules[0].ActionPackages[0].PackageReference: "),
        (ruled("Deploy web", VersionRange=""), "Rules[0]: allows every version"),
    ],
)
@in_loop
async def test_a_rule_nobody_can_mean_is_refused_by_member(body: Any, member: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        told = await gurita.refused(400, "POST", "projects/Shop/channels", body)
        assert [error for error in told["Errors"] if not error.startswith(member)] == []


@in_loop
async def test_a_rule_outlives_its_step_and_says_so(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        made = await gurita.post("projects/Shop/channels", ruled("deploy-web", Tag="^$"))
        explained = await gurita.get(f"channels/{made['Id']}/explain")
        assert explained["Warnings"] == []
        assert explained["Rules"][0]["Packages"] == [
            {
                "DeploymentAction": "deploy-web",
                "PackageReference": "",
                "IsKnown": True,
                "PackageId": "Acme.Web",
                "FeedType": explained["Rules"][0]["Packages"][0]["FeedType"],
            }
        ]
        await steps(gurita, "Deploy jobs")
        changed = await gurita.put(f"channels/{made['Id']}", {**made, "Description": "Still saved"})
        told = await gurita.get(f"channels/{changed['Id']}/explain")
        assert told["Warnings"][0].startswith("Rules[0].ActionPackages[0]: step 'deploy-web' is no longer")
        assert not told["Rules"][0]["Packages"][0]["IsKnown"]
        other = {**ruled("deploy-web"), "Name": "New"}
        await gurita.refused(400, "POST", "projects/Shop/channels", other)
        await gurita.refused(404, "GET", "channels/Channels-99/explain")


@in_loop
async def test_a_range_is_held_against_the_feed_of_its_package(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        feed = await gurita.store.write(
            lambda tx: FEEDS.open(tx, "Spaces-1").insert(Feed(name="Jars", feed_type="Maven"))
        )
        jar = step("Deploy jar")
        jar["Actions"][0]["Packages"] = [{"PackageId": "acme:shop", "FeedId": feed.id}]
        await gurita.put(PROCESS, {"Steps": [step("Deploy web"), jar]})
        union = "(,1.0),(1.5,)"
        await gurita.refused(400, "POST", "projects/Shop/channels", ruled("Deploy web", VersionRange=union))
        made = await gurita.post("projects/Shop/channels", ruled("Deploy jar", VersionRange=union))
        explained = await gurita.get(f"channels/{made['Id']}/explain")
        assert explained["Rules"][0]["Packages"][0]["FeedType"] == "Maven"
        assert explained["Rules"][0]["Errors"] == []
        await gurita.refused(
            400, "PUT", f"channels/{made['Id']}", {**made, **ruled("Deploy jar", VersionRange="1.0")}
        )


PASSES = {"SatisfiesVersionRange": True, "SatisfiesPreReleaseTag": True, "IsValid": True, "Errors": []}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"version": "1.5.0", "versionRange": "[1.0,2.0)", "preReleaseTag": "^$"}, PASSES),
        ({"version": "1.5.0-b", "versionRange": "[1.0,2.0)", "preReleaseTag": "^$"}, {**PASSES, "SatisfiesPreReleaseTag": False}),
        ({"version": "2.0", "versionRange": "[1.0,2.0)"}, {**PASSES, "SatisfiesVersionRange": False}),
        ({"version": "2.0", "versionRange": "(,1.0),(1.5,)", "feedType": "Maven"}, PASSES),
        ({"version": "2.0", "versionRange": "(,1.0),(1.5,)", "feetType": "maven"}, PASSES),
        ({"version": "latest", "preReleaseTag": "^$", "feedType": "Docker"}, PASSES),
        ({"version": "b-2", "versionRange": "b-1", "versioningStrategy": "Lexicographic"}, PASSES),
        ({"version": "1.0", "versionTagRegex": r"^1\."}, PASSES),
    ],
)  # fmt: skip
@in_loop
async def test_a_rule_is_tried_out(asked: dict[str, str], expected: dict[str, Any], tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        assert await gurita.get(f"channels/rule-test?{urlencode(asked)}") == expected
        assert await gurita.post("channels/rule-test", asked) == expected


@pytest.mark.parametrize(
    ("asked", "member"),
    [
        ({}, "Version: "),
        ({"version": "one two"}, "Version: "),
        ({"version": "1.0", "versionRange": "[1.0"}, "VersionRange: "),
        ({"version": "1.0", "versionRange": "1.0", "feedType": "Maven"}, "VersionRange: "),
        ({"version": "1.0", "preReleaseTag": "(a+)+)"}, "Tag: "),
    ],
)
@in_loop
async def test_what_cannot_be_read_is_no_refusal_but_an_error_of_the_rule(
    asked: dict[str, str], member: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        told = await gurita.post("channels/rule-test", asked)
        assert told["IsValid"] is False
        assert [error for error in told["Errors"] if not error.startswith(member)] == []
        assert told["Errors"] == (await gurita.get(f"channels/rule-test?{urlencode(asked)}"))["Errors"]


@in_loop
async def test_trying_a_rule_needs_the_right_to_see_projects(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        gurita.may(lambda permission, space: permission != "ProjectView")
        await gurita.refused(403, "POST", "channels/rule-test", {"version": "1.0"})
