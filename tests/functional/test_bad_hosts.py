"""Hosts that are not what they were: another key, no answer, no room, no Python; refused or survived, never guessed."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures_sshd import SshHost, bare_path, sshd
from tests.functional.field import Ended, Field, field_of, small_disk
from tests.patience import within
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")

FAIL_ON_STDERR = "Octopus.Action.FailScriptOnErrorOutput"


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        yield made


@contextlib.contextmanager
def more(field: Field, folder: Path, name: str, **options: Any) -> Iterator[tuple[SshHost, int]]:
    """One more host that lets the field's account in, and its place."""
    key = field.hosts[0].key
    for file in (key, key.with_suffix(".pub")):
        (folder / file.name).write_bytes(file.read_bytes())
        (folder / file.name).chmod(0o600)
    with sshd(folder, **options) as (host,):
        yield host, field.add(host, name)


def tree(home: Path) -> dict[str, str]:
    """The digest of every file below a folder.

    The runner's compiled form, whole or half made, is left out: the runner makes it when it finds the time.
    """
    found = {}
    for path in home.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if ".zip" not in path.name and path.is_file():
                found[str(path.relative_to(home))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def settled(host: SshHost) -> dict[str, str]:
    """The files of a host once nothing is cleared away any more: looks in turn that are alike."""
    ends = time.monotonic() + 120
    looks = [tree(host.home)]
    while len(looks) < 4 or any(look != looks[-1] for look in looks[-4:]):
        assert time.monotonic() < ends, "the host does not come to rest"
        time.sleep(0.15)
        looks.append(tree(host.home))
    return looks[-1]


def other_fingerprint(host: SshHost) -> str:
    """A fingerprint no host shows."""
    return host.fingerprint[:-4] + ("AAAA" if not host.fingerprint.endswith("AAAA") else "BBBB")


def change(field: Field, at: int, **endpoint: Any) -> None:
    """Changes a machine's endpoint."""
    path = f"{field.made.space}/machines/{field.machines[at]}"
    found = field.server.get(path)
    field.server.put(path, {**found, "Endpoint": {**found["Endpoint"], **endpoint}})


def errors(ended: Ended) -> str:
    """What went wrong, as the log tells it."""
    return "\n".join([*ended.of("Error"), *ended.of("Fatal")])


def test_a_host_with_another_key_is_refused_before_anything_is_sent(field: Field, tmp_path: Path) -> None:
    with more(field, tmp_path, "stranger") as (host, at):
        wrong = other_fingerprint(host)
        change(field, at, Fingerprint=wrong)
        ended = field.run(step("Say", script("echo never")), at=at)
        assert ended.state == "Failed"
        assert all(text in errors(ended) for text in (wrong, host.fingerprint, f"127.0.0.1:{host.port}"))
        assert list(host.home.iterdir()) == []
        assert list((host.folder / "user").iterdir()) == []


def test_a_key_that_changes_between_two_deployments_stops_the_second_until_a_person_says_yes(
    field: Field, tmp_path: Path
) -> None:
    with more(field, tmp_path, "changed") as (host, at):
        assert field.script("echo first", at).state == "Success"
        field.server.until(lambda: "tombstones" in str(list(tree(host.home))))
        before = settled(host)
        host.stop()
        host.new_host_key()
        host.start()
        host.wait_ready()
        ended = field.script("echo second", at)
        assert ended.state == "Failed"
        shown = re.findall(r"SHA256:[A-Za-z0-9+/]{43}", errors(ended))
        assert host.fingerprint in shown
        (found,) = set(shown) - {host.fingerprint}
        assert tree(host.home) == before
        change(field, at, Fingerprint=f"{host.fingerprint},{found}")
        assert field.script("echo third", at).state == "Success"


def test_an_account_with_a_wrong_key_fails_at_once_with_that_reason(field: Field, tmp_path: Path) -> None:
    with more(field, tmp_path, "locked") as (host, _):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "wrong"], check=True)
        stranger = dataclasses.replace(host, key=tmp_path / "wrong")
        at = field.add(host, "locked out", field.made.ssh_account(stranger, "Wrong key"))
        with within(40):  # what may help is tried for longer
            ended = field.script("echo never", at)
        assert ended.state == "Failed"
        assert "does not let us in" in errors(ended)
        assert list(host.home.iterdir()) == []


def test_a_host_that_stops_answering_in_mid_script_is_followed_on_when_it_comes_back(
    field: Field, tmp_path: Path
) -> None:
    body = f"""
echo x >> "{tmp_path}/ran"
for n in $(seq 1 60); do echo "line $n"; echo "error $n" >&2; sleep 0.05; done
until [ -e "{tmp_path}/go" ]; do sleep 0.1; done
echo "the end"
"""
    with more(field, tmp_path, "frozen") as (host, at):
        task = field.start(step("Count", script(body)), at=at)
        field.says(task, "line 5")
        assert host.process is not None
        # The listener too: a connection that is dialled anew gets no answer either.
        os.kill(host.process.pid, signal.SIGSTOP)
        frozen = host.freeze()
        said = field.server.log.stat().st_size
        field.server.until(
            lambda: f"{task} on frozen" in field.server.log.read_text()[said:],
            why=lambda: "the server did not notice",
        )
        assert field.made.task(task)["State"] == "Executing"
        (tmp_path / "go").touch()
        os.kill(host.process.pid, signal.SIGCONT)
        host.thaw(frozen)
        ended = field.ended(task)
    assert ended.state == "Success", ended.text
    assert [line for line in ended.of("Info") if line.startswith("line ")] == [
        f"line {n}" for n in range(1, 61)
    ]
    assert ended.of("Error") == [f"error {n}" for n in range(1, 61)]
    assert ended.of("Info").count("the end") == 1
    assert (tmp_path / "ran").read_text() == "x\n"


def test_a_host_that_restarts_its_ssh_in_mid_script_loses_nothing(field: Field, tmp_path: Path) -> None:
    body = f"""
echo x >> "{tmp_path}/ran"
for n in $(seq 1 40); do echo "line $n"; sleep 0.05; done
until [ -e "{tmp_path}/go" ]; do sleep 0.1; done
echo "the end"
"""
    with more(field, tmp_path, "restarted") as (host, at):
        task = field.start(step("Count", script(body)), at=at)
        field.says(task, "line 5")
        host.stop()
        host.start()
        host.wait_ready()
        (tmp_path / "go").touch()
        ended = field.ended(task)
    assert ended.state == "Success", ended.text
    assert [line for line in ended.of("Info") if line.startswith("line ")] == [
        f"line {n}" for n in range(1, 41)
    ]
    assert (tmp_path / "ran").read_text() == "x\n"


@pytest.mark.needs("root", "namespaces")
def test_a_script_that_fills_the_targets_disk_fails_with_that_reason_and_the_next_one_runs(
    field: Field, tmp_path: Path
) -> None:
    with more(field, tmp_path, "full") as (host, at):
        small_disk(host, "4m")
        flood = "echo begun; while :; do head -c 50000 /dev/zero | tr '\\0' x; echo; done"
        ended = field.script(flood, at)
        assert ended.state == "Failed"
        assert "No space left on device" in errors(ended)
        assert "begun" in ended.of("Info")
        ended = field.script("echo fine again", at)
        assert ended.state == "Success", ended.text
        assert "fine again" in ended.of("Info")


@pytest.mark.needs("root", "namespaces")
def test_a_host_without_python_runs_bash_and_refuses_python_in_the_plan(field: Field, tmp_path: Path) -> None:
    secret = {"Name": "Secret", "Type": "Sensitive", "Value": "not-to-be-seen-77", "Scope": {}}
    plain = step(
        "Say",
        script(
            'echo "hello"; echo "it is #{Secret}"; echo oops >&2; echo "##octopus[stdout-warning]"; echo careful'
        ),
    )
    with more(field, tmp_path, "bare", bare=True) as (_, at):
        ended = field.run(plain, at=at, variables=[secret])
        assert ended.state == "Success", ended.text
        assert "hello" in ended.of("Info")
        assert ("it is ********" in ended.of("Info"), "not-to-be-seen-77" in ended.text) == (True, False)
        assert ("oops" in ended.of("Info"), "careful" in ended.of("Warning")) == (True, True)
        assert field.script("exit 3", at).state == "Failed"
        ended = field.run(plain, step("Snake", script("print('never')", syntax="Python")), at=at)
        assert ended.state == "Failed"
        assert "hello" in ended.of("Info")
        assert "Python 3.8" in errors(ended)
        ended = field.script("echo never", at, properties={FAIL_ON_STDERR: "True"})
        assert (ended.state, "never" in ended.of("Info")) == ("Failed", False)
        assert FAIL_ON_STDERR in errors(ended)
        assert "may or may not" not in ended.text
        # A health check has seen the host: now it is the plan that refuses, before the first step.
        healthy(field, at, "HasWarnings", "No Python 3.8")
        task = field.start(plain, step("Snake", script("print('never')", syntax="Python")), at=at)
        ended = field.ended(task)
        assert ended.state == "Failed"
        assert "hello" not in ended.text
        assert re.search("Snake.*needs Python.*bare", errors(ended)), errors(ended)
        assert field.run(plain, at=at).state == "Success"


def test_powershell_is_refused_with_the_reason_where_it_is_not_installed(
    field: Field, tmp_path: Path
) -> None:
    tools = Path(bare_path(tmp_path))
    (tools / "python3").symlink_to(os.path.realpath("/proc/self/exe"))
    (tools / "pwsh").unlink(missing_ok=True)
    with more(field, tmp_path, "unixoid", environment={"PATH": str(tools)}) as (_, at):
        steps = (
            step("Power", script("Write-Host never", syntax="PowerShell")),
            step("Cleanup", script("echo cleaned"), Condition="Always"),
        )
        ended = field.run(*steps, at=at)
        assert ended.state == "Failed"
        assert "This target has no PowerShell (pwsh)" in errors(ended)
        assert "never" not in ended.of("Info")
        # It is this step that failed, not the whole task that broke.
        assert "cleaned" in ended.of("Info")


def healthy(field: Field, at: int, status: str, mention: str) -> dict[str, Any]:
    """Checks a machine's health by a task; gives the evidence, after proving what was found."""
    body = {"Name": "Health", "Arguments": {"MachineIds": [field.machines[at]]}}
    ended = field.ended(field.made.post("tasks", body)["Id"])
    expected = "Success" if status in ("Healthy", "HasWarnings") else "Failed"
    assert ended.state == expected, ended.text
    shown = field.made.get(f"machines/{field.machines[at]}")
    assert (shown["HealthStatus"], mention in shown["StatusSummary"]) == (status, True), shown
    evidence: dict[str, Any] = field.made.get(f"machines/{field.machines[at]}/connection")
    assert status == "Healthy" or mention.lower() in str(evidence["Logs"]).lower()
    return evidence


def test_a_health_check_keeps_its_evidence(field: Field) -> None:
    evidence = healthy(field, 0, "Healthy", "Reached")
    told = "\n".join(line["MessageText"] for line in evidence["Logs"])
    assert f"127.0.0.1:{field.hosts[0].port}" in told
    assert field.hosts[0].fingerprint in told
    assert "Python 3" in told
    assert evidence["LastChecked"]


def test_a_health_check_shows_a_changed_host_key_as_unavailable_with_the_reason(
    field: Field, tmp_path: Path
) -> None:
    with more(field, tmp_path, "doubtful") as (host, at):
        healthy(field, at, "Healthy", "Reached")
        before = settled(host)
        wrong = other_fingerprint(host)
        change(field, at, Fingerprint=wrong)
        evidence = healthy(field, at, "Unavailable", wrong)
        assert host.fingerprint in str(evidence["Logs"])
        assert evidence["Status"] == "Offline"
        assert tree(host.home) == before
        change(field, at, Fingerprint=host.fingerprint)
        healthy(field, at, "Healthy", "Reached")


def test_a_health_check_of_a_host_that_may_be_offline_warns_only(field: Field, tmp_path: Path) -> None:
    with more(field, tmp_path, "laptop") as (host, at):
        behavior = {"MachineConnectivityBehavior": "MayBeOfflineAndCanBeSkipped"}
        policy = field.made.post(
            "machinepolicies", {"Name": "Laptops", "MachineConnectivityPolicy": behavior}
        )
        path = f"{field.made.space}/machines/{field.machines[at]}"
        field.server.put(path, {**field.server.get(path), "MachinePolicyId": policy["Id"]})
        host.stop()
        body = {"Name": "Health", "Arguments": {"MachineIds": [field.machines[at]]}}
        ended = field.ended(field.made.post("tasks", body)["Id"])
        assert (ended.state, ended.task["HasWarningsOrErrors"]) == ("Success", True)
        assert field.server.get(path)["HealthStatus"] == "Unavailable"


def test_a_machine_deleted_while_a_task_runs_is_left_out_of_what_follows(
    field: Field, tmp_path: Path
) -> None:
    with more(field, tmp_path, "leaving") as (_, at):
        wait = f'echo begun; until [ -e "{tmp_path}/go" ]; do sleep 0.1; done'
        task = field.start(step("Wait", script(wait)), step("After", script("echo never")), at=at)
        field.says(task, "begun")
        answer = field.server.client.delete(f"/api/{field.made.space}/machines/{field.machines[at]}")
        assert answer.status_code == 200
        (tmp_path / "go").touch()
        ended = field.ended(task)
        assert "never" not in ended.text
        assert ended.state in ("Success", "Failed")
        assert "leaving" in str(field.server.get(f"tasks/{task}/details")) + ended.text
