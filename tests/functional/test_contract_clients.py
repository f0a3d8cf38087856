"""Clients that nobody here wrote do their work with this server, their code as the registries give it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_npm import node, npm_modules
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.needs("node", "sshd")

CONTRACT = Path(__file__).parents[1] / "contract"
PYPUS = Path(sys.executable).with_name("pypus")


@dataclass
class Bench:
    """A server, a host that is nobody's machine yet, and the clients' modules."""

    server: GuritaServer
    host: SshHost
    modules: Path

    def run(self, program: str, *arguments: str) -> dict[str, Any]:
        """What a program of ours around a client tells; AssertionError when it fails."""
        values = {"SERVER": self.server.url, "KEY": self.server.api_key}
        done = node(CONTRACT / program, *arguments, modules=self.modules, environment=values)
        assert done.returncode == 0, f"{program} {arguments}: {done.stdout}\n{done.stderr}"
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    def machine(self, space: str, environments: list[str]) -> Scenario:
        """The host becomes a machine of a space."""
        made = Scenario(self.server.client, space)
        made.ssh_machine(self.host, made.ssh_account(self.host), environments, ["web"], "web 1")
        return made


@pytest.fixture(scope="module", name="bench")
def _bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    modules = npm_modules(CONTRACT)
    folder = tmp_path_factory.mktemp("clients")
    (folder / "hosts").mkdir()
    with sshd(folder / "hosts") as (host,), gurita_server(folder / "server") as server:
        yield Bench(server, host, modules)
        assert "Traceback" not in server.log.read_text()


def _package_step(name: str, package: str, feed: str, after: str) -> dict[str, Any]:
    """A step that brings a package to the targets and runs a script in it."""
    action = {
        "Name": name,
        "ActionType": "Octopus.TentaclePackage",
        "Properties": {
            "Octopus.Action.EnabledFeatures": "Octopus.Features.CustomScripts",
            "Octopus.Action.Package.PackageId": package,
            "Octopus.Action.Package.FeedId": feed,
            "Octopus.Action.CustomScripts.PostDeploy.sh": after,
        },
    }
    return step(name, action)


def test_api_client_makes_a_space_pushes_releases_deploys_waits_and_cancels(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "hello.txt").write_text("made by a build")
    made = bench.run("api-client.js", "prepare", "Pipelines")
    space = made["space"]["Id"]
    assert (made["test"]["Description"], made["dev"]["AllowDynamicInfrastructure"]) == ("for testers", True)
    assert [one["Name"] for one in made["listed"]["Items"]] == ["Test"]
    assert made["listed"]["Links"]["Page.Next"]
    bench.machine(space, [made["dev"]["Id"], made["test"]["Id"]])

    pushed = bench.run("api-client.js", "packages", "Pipelines", str(tmp_path))
    assert "A package with the same name and version already exists" in pushed["refused"]
    assert "Metadata for the specified Package ID and version already exists." in pushed["twice"]
    (listed,) = pushed["listed"]["Items"]
    assert (listed["PackageId"], listed["Version"]) == ("web", "1.4.2")
    built = pushed["one"]["PackageVersionBuildInformation"]
    assert (built["BuildNumber"], built["Commits"][0]["Comment"]) == ("288", "Serve faster")

    done = bench.run("api-client.js", "deploy", "Pipelines")
    assert done["created"] == {"ReleaseId": done["release"]["Id"], "ReleaseVersion": "2.0.1"}
    assert done["ignored"] == done["created"]
    assert "2.0.1" in done["refused"]
    assert done["release"]["SelectedPackages"][0]["Version"] == "1.4.2"
    assert done["release"]["BuildInformation"][0]["PackageId"] == "web"
    assert [task["State"] for task in done["tasks"]] == ["Success", "Success"], done["raw"]
    assert {"to Dev", "to Test"} == {
        f"to {name}" for name in ("Dev", "Test") for raw in done["raw"] if f"to {name}" in raw
    }
    assert all("unpacked: made by a build" in raw for raw in done["raw"])
    assert done["details"]["ActivityLogs"][0]["Status"] == "Success"
    assert done["deployment"]["Changes"][0]["BuildInformation"][0]["BuildNumber"] == "288"
    assert [one["Version"] for one in done["listed"]["Items"]] == ["2.0.1"]

    cancelled = bench.run("api-client.js", "cancel", "Pipelines")
    assert "Timeout reached" in cancelled["timedOut"]
    assert (cancelled["task"]["State"], cancelled["task"]["IsCompleted"]) == ("Canceled", True)
    assert cancelled["milliseconds"] < 150_000, "the script sleeps for five minutes"
    assert "Unknown task Id(s) ServerTasks-987654" in cancelled["unknown"]


def test_octopus_deploy_packs_pushes_releases_deploys_and_promotes(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "hello.txt").write_text("packed by octopus-deploy")
    space = bench.server.post(
        "spaces", {"Name": "Old ways", "SpaceManagersTeamMembers": [bench.server.get("users/me")["Id"]]}
    )
    made = Scenario(bench.server.client, space["Id"])
    dev, test = made.environment("Dev"), made.environment("Test")
    bench.machine(space["Id"], [dev, test])
    feed = next(one for one in made.get("feeds/all") if one["FeedType"] == "BuiltIn")["Id"]
    unpack = _package_step("Unpack", "old.web", feed, 'echo "unpacked: $(cat hello.txt)"')
    project = made.project("Old web", [unpack, step("Say", script("echo said"))])
    told = bench.run(
        "octopus-deploy.js", str(tmp_path), "Old ways", project["Slug"], "old.web", "Dev", "Test"
    )
    assert (told["pushed"]["title"], told["pushed"]["version"], told["pushed"]["extension"]) == (
        "old.web",
        "3.1.0",
        ".zip",
    )
    assert told["again"]["version"] == "3.1.0"
    assert (told["twice"], told["machines"]) == (None, 1)
    for name, comment in (("first", "as told"), ("second", "promoted")):
        assert told[name]["comments"] == comment
        task = made.wait(told[name]["taskId"])
        assert task["State"] == "Success", made.raw(task["Id"])
        assert "unpacked: packed by octopus-deploy" in made.raw(task["Id"])


def test_octopackjs_pushes_archives_that_are_then_deployed(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "hello.txt").write_text("hello from a build")
    told = bench.run("octopackjs.js", str(tmp_path), "Spaces-1")
    assert (told["first"]["PackageId"], told["first"]["Version"]) == ("Sample.Web", "4.0.0")
    assert told["first"]["FileExtension"] == ".tar.gz"
    assert told["refused"]["status"] == 409
    assert "already exists" in told["refused"]["body"]["ErrorMessage"]
    assert told["replaced"]["Version"] == "4.0.0"
    assert told["streamed"]["Id"] == told["unscoped"]["Id"] == "packages-Sample.Web.4.0.1"
    made = Scenario(bench.server.client)
    dev = made.environment("Built")
    bench.machine("Spaces-1", [dev])
    unpack = _package_step("Unpack", "Sample.Web", "feeds-builtin", 'echo "unpacked: $(cat hello.txt)"')
    project = made.project("Sample", [unpack])
    for version in ("4.0.0", "4.0.1"):
        packages = [{"ActionName": "Unpack", "Version": version}]
        body = {"ProjectId": project["Id"], "Version": version, "SelectedPackages": packages}
        task = made.wait(made.deploy(made.post("releases", body)["Id"], dev))
        assert task["State"] == "Success", made.raw(task["Id"])
        assert "unpacked: hello from a build" in made.raw(task["Id"])


def _pypus(server: GuritaServer, folder: Path, *arguments: str) -> str:
    values = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "OCTOPUS_API_KEY": server.api_key,
        "OCTOPUS_SERVER_URI": f"{server.url}/api",
        "PYTHONWARNINGS": "ignore",
    }
    command = [str(PYPUS), *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env=values,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
    return done.stdout


def test_pypus_lists_and_edits_variables(bench: Bench, tmp_path: Path) -> None:
    server = bench.server
    made = Scenario(server.client)
    dev = made.environment("Edited")
    project = made.project(
        "Edited by pypus",
        [step("Say", script('echo "#{Port}"'))],
        [
            {"Name": "Port", "Value": "80", "Type": "String"},
            {"Name": "Password", "Value": "hunter2", "Type": "Sensitive", "IsSensitive": True},
        ],
    )
    assert "Default" in _pypus(server, tmp_path, "get-spaces")
    assert "Edited by pypus" in _pypus(server, tmp_path, "get-projects", "Default")
    assert "Say" in _pypus(server, tmp_path, "get-process", "Default", "Edited by pypus")
    shown = _pypus(server, tmp_path, "get-vars", "Default", "Edited by pypus")
    assert "Port" in shown
    assert "hunter2" not in shown
    _pypus(server, tmp_path, "set-var", "Default", "Edited by pypus", "Port", "8080", "{}")
    scoped = json.dumps({"Environment": [dev]})
    _pypus(server, tmp_path, "set-var", "Default", "Edited by pypus", "Port", "9090", scoped)
    found = made.get(f"variables/{project['VariableSetId']}")["Variables"]
    ports = {one["Value"]: one["Scope"] for one in found if one["Name"] == "Port"}
    assert ports == {"8080": {}, "9090": {"Environment": [dev]}}
    (secret,) = [one for one in found if one["Name"] == "Password"]
    assert (secret["IsSensitive"], secret["Value"]) == (True, None)
    assert "9090" in _pypus(server, tmp_path, "get-vars", "Default", "Edited by pypus")
