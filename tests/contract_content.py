"""Spaces with one of everything in them, for tests that look at every route."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gurita.server.routes import ROUTES
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd
from tests.scenario import Scenario, script, step

__all__ = ["Filled", "fill", "filled", "has"]

_POSTABLE = {route.path for route in ROUTES if route.method == "POST"}


def has(path: str) -> bool:
    """Whether there is a route to make something at a path with."""
    return path in _POSTABLE


def _secret(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


@dataclass
class Filled:
    """A server with a full default space and another full one, and the host both have as their machine."""

    server: GuritaServer
    host: SshHost
    here: Scenario
    there: Scenario


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[Filled]:
    """A server with two full spaces. One deployment in each waits for a person until the end."""
    (folder / "hosts").mkdir()
    with sshd(folder / "hosts") as (host,), gurita_server(folder / "server") as server:
        me = server.get("users/me")
        space = server.post("spaces", {"Name": "Next door", "SpaceManagersTeamMembers": [me["Id"]]})
        server.post(f"users/{me['Id']}/apikeys", {"Purpose": "To look at"})
        made = Filled(server, host, Scenario(server.client), Scenario(server.client, space["Id"]))
        for one in (made.here, made.there):
            fill(one, host)
        yield made
        assert "Traceback" not in server.log.read_text()


def fill(made: Scenario, host: SshHost) -> None:
    """One of everything in a space: what has a name, and a deployment that ended and one that asks a question."""
    dev, test = made.environment("Dev"), made.environment("Test", Description="for testers")
    account = made.ssh_account(host)
    for kind, members in (
        ("UsernamePassword", {"Username": "u", "Password": _secret("p")}),
        ("Token", {"Token": _secret("t")}),
    ):
        made.post("accounts", {"AccountType": kind, "Name": f"A {kind}", **members})
    made.ssh_machine(host, account, [dev, test], ["web"], "web 1")
    made.post("machinepolicies", {"Name": "Strict"})
    made.post("projectgroups", {"Name": "Shop"})
    phases = [{"Name": "First", "OptionalDeploymentTargets": [dev]}]
    made.post("lifecycles", {"Name": "Phased", "Phases": phases})
    _more(made, dev)
    said = 'echo "said on #{Octopus.Machine.Name}"; echo kept > kept.txt; new_octopusartifact "$PWD/kept.txt" kept.txt'
    project = made.project("Web", [step("Say", script(said))], _variables(dev))
    made.post("channels", {"Name": "Hotfix", "ProjectId": project["Id"], "Description": "quickly"})
    done = made.wait(made.deploy(made.release(project["Id"], "1.0.0"), dev, Comments="as planned"))
    assert done["State"] == "Success", made.raw(done["Id"])
    asks = made.project("Asks", [step("Break", script("exit 9"))])
    task = made.deploy(made.release(asks["Id"]), dev, UseGuidedFailure=True)
    ends = time.monotonic() + 60
    while not made.get(f"interruptions?regarding={task}")["Items"]:
        assert time.monotonic() < ends, made.raw(task)
        time.sleep(0.05)


def _variables(environment: str) -> list[dict[str, Any]]:
    return [
        {"Name": "Port", "Value": "80", "Type": "String", "Scope": {"Environment": [environment]}},
        {"Name": "Port", "Value": "8080", "Type": "String"},
        {"Name": "Password", "Value": "hunter2", "Type": "Sensitive", "IsSensitive": True},
        {
            "Name": "Why",
            "Value": "because",
            "Type": "String",
            "Prompt": {
                "Label": "Why",
                "Description": "For the record",
                "Required": True,
                "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
            },
        },
    ]


def _more(made: Scenario, environment: str) -> None:
    """What has come since, as far as it is there."""
    for path, body in (
        (
            "/proxies",
            {"Name": "Out", "Host": "127.0.0.1", "Port": 3128, "Username": "u", "Password": _secret("p")},
        ),
        ("/workerpools", {"Name": "Builders", "WorkerPoolType": "StaticWorkerPool"}),
        ("/feeds", {"Name": "Far", "FeedType": "NuGet", "FeedUri": "http://127.0.0.1:9/index.json"}),
    ):
        if has(path):
            made.post(path.strip("/"), body)
