"""References into another space: refused in every member that names a document, exactly like one to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.functional.rooms import KINDS, Ids, Rooms, health_or_script, refusal_of, rooms, sent, tables
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with rooms(tmp_path_factory.mktemp("rooms")) as made:
        yield made


def _endpoint(ids: Ids, **changed: Any) -> dict[str, Any]:
    body = sent("machines", ids)
    return {**body, "Endpoint": {**body["Endpoint"], **changed}}


def _process(two: Rooms, **action: Any) -> tuple[str, str, dict[str, Any]]:
    path = f"deploymentprocesses/deploymentprocess-{two.here.ids['project']}"
    found = two.here.made.get(path)
    return "PUT", path, {**found, "Steps": [step("Say", script("echo said", **action))]}


def _scoped(two: Rooms, scope: dict[str, list[str]]) -> tuple[str, str, dict[str, Any]]:
    path = f"variables/variableset-{two.here.ids['project']}"
    variable = {"Name": "Colour", "Value": "red", "Type": "String", "Scope": scope}
    return "PUT", path, {**two.here.made.get(path), "Variables": [variable]}


def _deployment(two: Rooms, **changed: Any) -> tuple[str, str, dict[str, Any]]:
    ids = two.here.ids
    return (
        "POST",
        "deployments",
        {"ReleaseId": ids["release"], "EnvironmentId": ids["environment"], **changed},
    )


def _post(path: str, two: Rooms, **changed: Any) -> tuple[str, str, dict[str, Any]]:
    return "POST", path, {**sent(path, two.here.ids), **changed}


def _phase(member: str, id: str) -> list[dict[str, Any]]:
    return [{"Name": "First", member: [id]}]


Reference = Callable[[Rooms, Ids], tuple[str, str, dict[str, Any]]]

REFERENCES: dict[str, tuple[str, str, Reference]] = {
    "machine to environment": (
        "environment",
        "EnvironmentIds",
        lambda two, o: _post("machines", two, EnvironmentIds=[two.here.ids["environment"], o["environment"]]),
    ),
    "machine to account": (
        "account",
        "Endpoint.AccountId",
        lambda two, o: ("POST", "machines", _endpoint(two.here.ids, AccountId=o["account"])),
    ),
    "machine to policy": (
        "policy",
        "MachinePolicyId",
        lambda two, o: _post("machines", two, MachinePolicyId=o["policy"]),
    ),
    "account to environment": (
        "environment",
        "EnvironmentIds",
        lambda two, o: _post("accounts", two, EnvironmentIds=[o["environment"]]),
    ),
    "project to group": (
        "group",
        "ProjectGroupId",
        lambda two, o: _post("projects", two, ProjectGroupId=o["group"]),
    ),
    "project to lifecycle": (
        "lifecycle",
        "LifecycleId",
        lambda two, o: _post("projects", two, LifecycleId=o["lifecycle"]),
    ),
    "channel to project": (
        "project",
        "ProjectId",
        lambda two, o: _post("channels", two, ProjectId=o["project"]),
    ),
    "channel to lifecycle": (
        "lifecycle",
        "LifecycleId",
        lambda two, o: _post("channels", two, LifecycleId=o["lifecycle"]),
    ),
    "phase to environment, by hand": (
        "environment",
        "OptionalDeploymentTargets",
        lambda two, o: _post("lifecycles", two, Phases=_phase("OptionalDeploymentTargets", o["environment"])),
    ),
    "phase to environment, by itself": (
        "environment",
        "AutomaticDeploymentTargets",
        lambda two, o: _post(
            "lifecycles", two, Phases=_phase("AutomaticDeploymentTargets", o["environment"])
        ),
    ),
    "action to environment": (
        "environment",
        "Environments",
        lambda two, o: _process(two, Environments=[o["environment"]]),
    ),
    "action to excluded environment": (
        "environment",
        "ExcludedEnvironments",
        lambda two, o: _process(two, ExcludedEnvironments=[o["environment"]]),
    ),
    "action to channel": ("channel", "Channels", lambda two, o: _process(two, Channels=[o["channel"]])),
    "variable to environment": (
        "environment",
        "Scope",
        lambda two, o: _scoped(two, {"Environment": [o["environment"]]}),
    ),
    "variable to machine": ("machine", "Scope", lambda two, o: _scoped(two, {"Machine": [o["machine"]]})),
    "variable to channel": ("channel", "Scope", lambda two, o: _scoped(two, {"Channel": [o["channel"]]})),
    "variable to process": (
        "project",
        "Scope",
        lambda two, o: _scoped(two, {"ProcessOwner": [o["project"]]}),
    ),
    "release to project": (
        "project",
        "ProjectId",
        lambda two, o: _post("releases", two, ProjectId=o["project"]),
    ),
    "release to channel": (
        "channel",
        "ChannelId",
        lambda two, o: _post("releases", two, ChannelId=o["channel"]),
    ),
    "deployment to release": ("release", "", lambda two, o: _deployment(two, ReleaseId=o["release"])),
    "deployment to environment": (
        "environment",
        "",
        lambda two, o: _deployment(two, EnvironmentId=o["environment"]),
    ),
    "deployment to machine": (
        "machine",
        "SpecificMachineIds",
        lambda two, o: _deployment(two, SpecificMachineIds=[o["machine"]]),
    ),
    "deployment to excluded machine": (
        "machine",
        "ExcludedMachineIds",
        lambda two, o: _deployment(two, ExcludedMachineIds=[o["machine"]]),
    ),
    "release command to project": (
        "project",
        "projectName",
        lambda two, o: ("POST", "releases/create/v1", {"projectName": o["project"]}),
    ),
    "release command to channel": (
        "channel",
        "channelName",
        lambda two, o: (
            "POST",
            "releases/create/v1",
            {"projectName": two.here.ids["project"], "channelName": o["channel"]},
        ),
    ),
    "deployment command to environment": (
        "environment",
        "environmentNames",
        lambda two, o: (
            "POST",
            "deployments/create/untenanted/v1",
            {
                "projectName": two.here.ids["project"],
                "releaseVersion": "1.0.0",
                "environmentNames": [o["environment"]],
            },
        ),
    ),
    "deployment command to machine": (
        "machine",
        "specificMachineNames",
        lambda two, o: (
            "POST",
            "deployments/create/untenanted/v1",
            {
                "projectName": two.here.ids["project"],
                "releaseVersion": "1.0.0",
                "environmentNames": [two.here.ids["environment"]],
                "specificMachineNames": [o["machine"]],
            },
        ),
    ),
    "health check to machine": (
        "machine",
        "MachineIds",
        lambda two, o: health_or_script("Health", MachineIds=[o["machine"]]),
    ),
    "health check to environment": (
        "environment",
        "EnvironmentId",
        lambda two, o: health_or_script("Health", EnvironmentId=o["environment"]),
    ),
    "health check to policy": (
        "policy",
        "MachinePolicyId",
        lambda two, o: health_or_script("Health", MachinePolicyId=o["policy"]),
    ),
    "script to machine": (
        "machine",
        "MachineIds",
        lambda two, o: health_or_script("AdHocScript", ScriptBody="true", MachineIds=[o["machine"]]),
    ),
    "script to environment": (
        "environment",
        "EnvironmentIds",
        lambda two, o: health_or_script("AdHocScript", ScriptBody="true", EnvironmentIds=[o["environment"]]),
    ),
}
"""Every member that names a document: what kind of document, which member an answer must name, and a request."""


@pytest.mark.parametrize("what", REFERENCES)
def test_a_reference_into_another_space_is_refused_like_one_to_nothing(two: Rooms, what: str) -> None:
    kind, member, request = REFERENCES[what]
    told = []
    for ids in (two.there.ids, two.unknown):
        method, path, body = request(two, ids)
        before = tables(two.server)
        answer = two.send(method, path, body)
        assert tables(two.server) == before
        text = refusal_of(answer, answer.status_code, ids[kind], member)
        assert answer.status_code in (400, 404)
        told.append((answer.status_code, re.sub(re.escape(ids[kind]), "?", text, flags=re.IGNORECASE)))
    assert told[0] == told[1]


@pytest.mark.parametrize("what", REFERENCES)
def test_the_same_reference_within_the_space_is_taken(two: Rooms, what: str) -> None:
    """So that the test above refuses the reference and nothing else of these requests."""
    _, _, request = REFERENCES[what]
    method, path, body = request(two, two.here.ids)
    number = list(REFERENCES).index(what)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    if path in KINDS:
        body["Name"] = f"Taken for {what}"
    if path == "releases":
        body["Version"] = f"8.0.{number}"
    if path == "releases/create/v1":
        body["releaseVersion"] = f"8.1.{number}"
    if path in ("deployments", "tasks"):
        body["QueueTime"] = tomorrow
    if path == "deployments/create/untenanted/v1":
        body["runAt"] = tomorrow
    answer = two.send(method, path, body)
    assert answer.status_code in (200, 201), answer.text
