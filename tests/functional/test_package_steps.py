"""Packages deployed for real: from the built-in repository to SSH hosts and agents, step type by step type."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_agents import agents
from tests.fixtures_sshd import sshd
from tests.functional.field import Ended, Field, field_of
from tests.packaging import (
    PREFIX,
    package_step,
    packaged_script,
    push,
    reference,
    tar_of,
    transfer_step,
    zip_of,
)
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.needs("sshd")

_names = itertools.count(1)

WEB = {
    "app/index.html": "hello",
    "PreDeploy.sh": 'echo "packaged PreDeploy in $(basename "$PWD")"',
    "Deploy.py": 'print("packaged Deploy", get_octopusvariable("Octopus.Action.Package.PackageVersion"))',
    "PostDeploy.sh": 'echo "packaged PostDeploy"; set_octopusvariable Done yes',
    "DeployFailed.sh": 'echo "packaged DeployFailed"',
}


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        push(made.made, "Acme.Web.1.2.3.zip", zip_of(WEB))
        push(
            made.made,
            "Acme.Tool.2.0.0.tar.gz",
            tar_of({"tool.sh": 'echo "tool says $1"', "data.txt": "tool"}),
        )
        yield made


def release(made: Scenario, project: str, *packages: str) -> str:
    body = {"projectName": project, "packages": list(packages)}
    return str(made.post("releases/create/v1", body)["ReleaseId"])


def run(field: Field, *steps: dict[str, Any], packages: tuple[str, ...] = (), **more: Any) -> Ended:
    """Deploys steps with the newest packages of the tests."""
    made = field.made.project(f"Packages {next(_names)}", steps, more.pop("variables", ()))
    chosen = packages or ("Acme.Web:1.2.3", "Acme.Tool:2.0.0")
    used = {p["PackageId"] for s in steps for a in s["Actions"] for p in a.get("Packages", [])}
    used |= {a["Properties"].get(PREFIX + "PackageId") for s in steps for a in s["Actions"]}
    lines = [line for line in chosen if line.partition(":")[0] in used]
    which = release(field.made, made["Id"], *lines)
    return field.ended(field.made.deploy(which, field.environments[more.pop("at", 0)], **more))


def installed(field: Field, at: int = 0) -> Path:
    return field.hosts[at].folder / "user" / "Applications" / f"host {at} place" / "Acme.Web"


def tree(field: Field, ended: Ended) -> list[dict[str, Any]]:
    """The children of the step that acquired packages."""
    details = field.server.get(f"tasks/{ended.task['Id']}/details")
    nodes = details["ActivityLogs"][0]["Children"]
    return list(next(each for each in nodes if each["Name"] == "Acquire packages")["Children"])


def test_a_package_is_acquired_installed_and_its_scripts_run_in_order(field: Field) -> None:
    scripts = {
        "PreDeploy.sh": "echo configured PreDeploy on #{Octopus.Machine.Name}",
        "Deploy.py": "print('configured Deploy')",
        "PostDeploy.sh": "echo configured PostDeploy",
    }
    later = script('echo "it lies in #{Octopus.Action[Web].Output.Package.InstallationDirectoryPath}"')
    ended = run(field, step("Web", package_step("Acme.Web", Scripts=scripts)), step("Later", later))
    assert ended.state == "Success", ended.text
    said = re.findall(r"(?:packaged|configured) \w+", ended.text)
    assert said == [
        "configured PreDeploy",
        "packaged PreDeploy",
        "packaged Deploy",
        "configured Deploy",
        "packaged PostDeploy",
        "configured PostDeploy",
    ]
    assert "packaged Deploy 1.2.3" in ended.text
    (told,) = re.findall(r"it lies in (.+)", ended.text)
    folder = Path(told)  # of the version alone, or with a number after it: other tests install it too
    assert folder.parent == installed(field) and folder.name.startswith("1.2.3")
    assert (folder / "app/index.html").read_text() == "hello"
    assert not (folder / "Deploy.py").exists()
    assert [(each["Name"], each["Status"]) for each in tree(field, ended)] == [
        ("Acme.Web 1.2.3", "Success"),
        ("host 0", "Success"),
    ]


def test_what_is_installed_is_skipped_until_somebody_forces_it(field: Field) -> None:
    skipping = package_step("Acme.Web", **{PREFIX + "SkipIfAlreadyInstalled": "True"})
    project = field.made.project("Skipping", [step("Web", skipping)])
    which = release(field.made, project["Id"], "Acme.Web:1.2.3")
    before = len(list(installed(field).glob("1.2.3*"))) if installed(field).exists() else 0
    times: list[tuple[dict[str, bool], int, bool]] = [
        ({}, 1, True),
        ({}, 1, False),
        ({"ForcePackageRedeployment": True}, 2, True),
    ]
    for more, count, installs in times:
        ended = field.ended(field.made.deploy(which, field.environments[0], **more))
        assert ended.state == "Success", ended.text
        assert len(list(installed(field).glob("1.2.3*"))) == before + count
        assert ("packaged Deploy" in ended.text) == installs


def test_a_failed_deployment_runs_what_is_for_failures_and_is_not_installed(field: Field) -> None:
    failing = package_step("Acme.Web", Scripts={"Deploy.sh": "echo going wrong; exit 3"})
    ended = run(field, step("Web", failing))
    assert ended.state == "Failed"
    assert ended.text.count("packaged DeployFailed") == 1
    assert "packaged PostDeploy" not in ended.text


def test_a_custom_folder_is_purged_but_for_what_is_spared(field: Field, tmp_path: Path) -> None:
    custom = tmp_path / "host 0" / "site"
    (custom / "logs").mkdir(parents=True)
    (custom / "old.txt").write_text("old")
    (custom / "logs" / "kept.log").write_text("kept")
    ended = run(
        field,
        step(
            "Web",
            package_step(
                "Acme.Web",
                **{
                    PREFIX + "CustomInstallationDirectory": f"{tmp_path}/#{{Octopus.Machine.Name}}/site",
                    PREFIX + "CustomInstallationDirectoryShouldBePurgedBeforeDeployment": "True",
                    PREFIX + "CustomInstallationDirectoryPurgeExclusions": "logs/**",
                },
            ),
        ),
    )
    assert ended.state == "Success", ended.text
    assert (custom / "app/index.html").read_text() == "hello"
    assert (custom / "logs/kept.log").exists()
    assert not (custom / "old.txt").exists()


def test_a_script_has_several_packages_beside_it(field: Field) -> None:
    body = """
    where="$(get_octopusvariable "Octopus.Action.Package[tool].ExtractedPath")"
    cat "$where/data.txt"; echo
    echo "file $(get_octopusvariable "Octopus.Action.Package[raw].PackageFileName")"
    wc -c < "$(get_octopusvariable "Octopus.Action.Package[raw].PackageFilePath")"
    echo "other #{Octopus.Action[Web].Package[image].PackageVersion} #{Octopus.Action.Package[tool].PackageVersion}"
    """
    packages = [
        reference("tool", "Acme.Tool", Extract=True),
        reference("raw", "Acme.Web", Extract=False),
        reference("image", "Acme.Web", AcquisitionLocation="NotAcquired"),
    ]
    ended = run(field, step("Web", script(body, Packages=packages)))
    assert ended.state == "Success", ended.text
    assert "tool" in ended.of("Info")
    assert str(len(zip_of(WEB))) in ended.of("Info")
    assert "other 1.2.3 2.0.0" in ended.of("Info")
    assert [each["Name"] for each in tree(field, ended)] == ["Acme.Tool 2.0.0", "Acme.Web 1.2.3", "host 0"]


def test_a_package_is_transferred_and_a_script_of_one_runs(field: Field, tmp_path: Path) -> None:
    told = 'echo "went to #{Octopus.Action[Send].Output.Package.FilePath}"'
    ended = run(
        field,
        step("Send", transfer_step("Acme.Web", f"{tmp_path}/drop")),
        step("Tell", script(told)),
        step("Tool", packaged_script("Acme.Tool", "tool.sh", "'a word'")),
    )
    assert ended.state == "Success", ended.text
    (file,) = (tmp_path / "drop").iterdir()
    assert file.read_bytes() == zip_of(WEB)
    assert f"went to {file}" in ended.text
    assert "tool says a word" in ended.of("Info")


def test_what_left_the_cache_in_between_is_brought_again_by_the_step(field: Field) -> None:
    clean = script(f"rm -f {field.hosts[0].home}/packages-v1/Acme.Web*; echo cleaned")
    ended = run(
        field,
        step("Clean", clean, PackageRequirement="AfterPackageAcquisition"),
        step("Web", package_step("Acme.Web")),
    )
    assert ended.state == "Success", ended.text
    assert ended.text.index("cleaned") < ended.text.rindex("Acme.Web 1.2.3 was brought to host 0")


def test_a_package_nobody_pushed_fails_in_acquisition_and_nothing_runs(field: Field) -> None:
    ended = run(
        field,
        step("First", script("echo never")),
        step("Web", package_step("Acme.Web")),
        packages=("Acme.Web:9.9",),
    )
    assert ended.state == "Failed"
    assert "Acme.Web 9.9" in "\n".join(ended.of("Error"))
    first = tree(field, ended)[0]
    assert (first["Name"], first["Status"]) == ("Acme.Web 9.9", "Failed")


@pytest.mark.needs("root", "namespaces")
def test_a_host_without_python_is_refused_in_the_plan(field: Field, tmp_path: Path) -> None:
    key = field.hosts[0].key
    for file in (key, key.with_suffix(".pub")):
        (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / file.name).chmod(0o600)
    with sshd(tmp_path, bare=True) as (host,):
        at = field.add(host, "bare")
        health = field.made.post(
            "tasks", {"Name": "Health", "Arguments": {"MachineIds": field.machines[-1:]}}
        )
        field.made.wait(health["Id"])
        ended = run(field, step("Web", package_step("Acme.Web")), at=at)
        assert ended.state == "Failed"
        assert "Step 1 'Web': it needs Python on the target; bare has none." in ended.text
        assert not (host.home / "packages-v1").exists()


def test_ten_targets_get_a_package_two_at_a_time(tmp_path: Path, field: Field) -> None:
    key = field.hosts[0].key
    for file in (key, key.with_suffix(".pub")):
        (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / file.name).chmod(0o600)
    environment = field.made.environment("Many")
    with sshd(tmp_path, 9) as hosts:
        for number, host in enumerate(hosts):
            field.made.ssh_machine(host, field.account, [environment], ["web"], f"many-{number}")
        with agents(tmp_path / "agents", field.server, environments=["Many"], roles=["web"], count=1):
            field.environments.append(environment)
            try:
                ended = run(
                    field,
                    step("Web", package_step("Acme.Web")),
                    at=len(field.environments) - 1,
                    variables=[{"Name": "Octopus.Acquire.MaxParallelism", "Value": "2", "Scope": {}}],
                )
            finally:
                field.environments.pop()
    assert ended.state == "Success", ended.text
    assert ended.text.count("Acme.Web 1.2.3 was brought to") == 10
    nodes = tree(field, ended)
    assert len(nodes) == 11
    moments = sorted(
        [(node["Started"], 1) for node in nodes] + [(node["Ended"], -1) for node in nodes],
        key=lambda each: (each[0], each[1]),
    )
    inside = high = 0
    for _, change in moments:
        inside += change
        high = max(high, inside)
    assert high <= 2


NUSPEC = """<?xml version="1.0"?><package><metadata><id>Acme.Lib</id><version>3.0.0</version>
<authors>us</authors><description>a library</description></metadata></package>"""


def test_a_package_of_another_feed_is_downloaded_once_and_again_when_forced(field: Field) -> None:
    files = {"Acme.Lib.nuspec": NUSPEC, "PostDeploy.sh": "echo from the feed"}
    push(field.made, "Acme.Lib.3.0.0.nupkg", zip_of(files))
    feed = {
        "Name": "Elsewhere",
        "FeedType": "NuGet",
        "FeedUri": f"{field.server.url}/nuget/v3/index.json",
        "Username": "anybody",
        "Password": {"HasValue": True, "NewValue": field.server.api_key},
    }
    field.made.post("feeds", feed)
    using = package_step(
        "Acme.Lib", **{PREFIX + "FeedId": "elsewhere", PREFIX + "DownloadOnTentacle": "True"}
    )
    project = field.made.project("From elsewhere", [step("Lib", using)])
    which = release(field.made, project["Id"], "Acme.Lib:3.0.0")
    told = []
    for more in ({}, {}, {"ForcePackageDownload": True}):
        ended = field.ended(field.made.deploy(which, field.environments[0], **more))
        assert ended.state == "Success", ended.text
        assert "from the feed" in ended.of("Info")
        assert field.server.api_key not in ended.text
        told.append(ended.text.count("Downloading Acme.Lib 3.0.0 from feed 'Elsewhere'"))
        assert "the server has fetched it for its targets" in ended.text
    assert told == [1, 0, 1]
