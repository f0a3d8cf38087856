"""Channels' rules on a real server: a release whose packages do not fit is refused, unless both sides say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.fixtures_server import gurita_server


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with gurita_server(tmp_path_factory.mktemp("channels")) as started:
        yield started.client


def sent(api: httpx2.Client, method: str, path: str, body: Any = None, *, status: int = 201) -> Any:
    answer = api.request(method, f"/api/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def project(api: httpx2.Client) -> Any:
    group = sent(api, "GET", "projectgroups/all", status=200)[0]["Id"]
    lifecycle = sent(api, "GET", "lifecycles/all", status=200)[0]["Id"]
    made = sent(api, "POST", "projects", {"Name": "Shop", "ProjectGroupId": group, "LifecycleId": lifecycle})
    path = f"deploymentprocesses/{made['DeploymentProcessId']}"
    package = {"PackageId": "Acme.Web", "FeedId": "feeds-builtin", "Name": "web"}
    action: dict[str, Any] = {"Name": "Deploy", "ActionType": "Octopus.Script", "Packages": [package]}
    action["Properties"] = {"Octopus.Action.RunOnServer": "true", "Octopus.Action.Script.ScriptBody": "true"}
    process = sent(api, "GET", path, status=200)
    step = {"Name": "Deploy", "Actions": [action]}
    sent(api, "PUT", path, {**process, "Steps": [step]}, status=200)
    rule = {
        "VersionRange": "[1.0,2.0)",
        "Tag": "^$",
        "ActionPackages": [{"DeploymentAction": "Deploy", "PackageReference": "web"}],
    }
    sent(api, "POST", f"projects/{made['Id']}/channels", {"Name": "Stable", "Rules": [rule]})
    return made


def release(project: Any, version: str, package: str, channel: str = "Stable", **more: Any) -> dict[str, Any]:
    selected = [{"ActionName": "Deploy", "PackageReferenceName": "web", "Version": package}]
    return {
        "ProjectId": project["Id"],
        "ChannelId": channel,
        "Version": version,
        "SelectedPackages": selected,
        **more,
    }


def allow(api: httpx2.Client, project: Any, *, allowed: bool) -> None:
    now = sent(api, "GET", f"projects/{project['Id']}", status=200)
    sent(api, "PUT", f"projects/{project['Id']}", {**now, "AllowIgnoreChannelRules": allowed}, status=200)


def test_a_release_has_versions_its_channel_lets_through(api: httpx2.Client, project: Any) -> None:
    sent(api, "POST", "releases", release(project, "1.0.0", "1.5.0"))
    for number, bad in enumerate(("2.0.0", "0.9", "1.5.0-beta")):
        told = sent(api, "POST", "releases", release(project, f"2.{number}", bad), status=400)
        assert told["Errors"][0].startswith(
            f"SelectedPackages[0].Version: '{bad}' of 'Acme.Web' (step 'Deploy')"
        )
        assert "channel 'Stable'" in told["Errors"][0]
    sent(api, "POST", "releases", release(project, "2.9", "2.0.0-beta", channel="Default"))


def test_rules_are_ignored_where_release_and_project_say_so(api: httpx2.Client, project: Any) -> None:
    body = release(project, "3.0.0", "2.0.0", IgnoreChannelRules=True)
    allow(api, project, allowed=False)
    told = sent(api, "POST", "releases", body, status=400)
    assert told["Errors"][0].startswith("IgnoreChannelRules: ")
    allow(api, project, allowed=True)
    made = sent(api, "POST", "releases", body)
    assert made["IgnoreChannelRules"] is True


def test_the_root_of_a_space_says_where_rules_are_tried_out(api: httpx2.Client) -> None:
    links = sent(api, "GET", "Spaces-1", status=200)["Links"]
    path = links["VersionRuleTest"].partition("{")[0]
    answer = api.get(path, params={"version": "1.5", "versionRange": "[1.0,2.0)", "preReleaseTag": "^$"})
    assert answer.json()["SatisfiesVersionRange"] is True


def test_a_channel_lists_its_releases(api: httpx2.Client, project: Any) -> None:
    sent(api, "POST", "releases", release(project, "7.1.0", "1.7.0"))
    sent(api, "POST", "releases", release(project, "7.2.0", "1.8.0"))
    (stable,) = [
        each
        for each in sent(api, "GET", f"projects/{project['Id']}/channels", status=200)["Items"]
        if each["Name"] == "Stable"
    ]
    for path in (f"channels/{stable['Id']}/releases", f"projects/{project['Id']}/channels/Stable/releases"):
        page = sent(api, "GET", f"{path}?searchByVersion=7.&take=1", status=200)
        assert [each["Version"] for each in page["Items"]] == ["7.2.0"], path
        assert page["TotalResults"] == 2, path
