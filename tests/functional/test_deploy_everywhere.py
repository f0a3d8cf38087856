"""A whole deployment: four steps, two of them side by side, one rolling, on three SSH hosts and two agents."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.fixtures_agents import agents
from tests.fixtures_server import gurita_server
from tests.fixtures_sshd import sshd
from tests.scenario import Scenario, script, step

MARKER = "canary-9f3e-do-not-show"

PUBLISH = """
half="FIRST"
set_octopusvariable "Where" "#{Octopus.Machine.Name}"
set_octopusvariable "Ticket" "${half}SECOND-#{Octopus.Machine.Name}" -sensitive
echo "made a ticket: ${half}SECOND-#{Octopus.Machine.Name}"
echo "and the project's secret is #{Secret}"
"""

READ = """
half="FIRST"
echo "mine is #{Octopus.Action[Publish].Output.Where}"
for name in ssh-0 ssh-1 ssh-2; do
  echo "from $name: $(get_octopusvariable "Octopus.Action[Publish].Output[$name].Where")"
done
value=$(get_octopusvariable "Octopus.Action[Publish].Output.Ticket")
[ "$value" = "${half}SECOND-#{Octopus.Machine.Name}" ] && echo "the ticket came through"
echo "$value"
sleep 1
"""

PYTHON = """
print("python says", get_octopusvariable("Octopus.Action[Publish].Output.Where"))
print(get_octopusvariable("Octopus.Action[Publish].Output.Ticket")[::-1])
"""

ROLL = """
echo "begin $(date +%s%N)"
touch "MEETING/#{Octopus.Machine.Name}"
until [ "$(ls MEETING | wc -l)" -ge 2 ]; do sleep 0.05; done
sleep 0.2
echo "end $(date +%s%N)"
"""
"""The first one waits for a second: were they not two at a time, nobody would come."""


@pytest.mark.needs("sshd")
def test_a_process_of_four_steps_runs_on_three_hosts_and_two_agents_and_keeps_its_secret(
    tmp_path: Path,
) -> None:
    meeting = tmp_path / "meeting"
    for folder in (tmp_path / "hosts", meeting):
        folder.mkdir()
    with sshd(tmp_path / "hosts", 3) as hosts, gurita_server(tmp_path / "server") as running:
        made = Scenario(running.client)
        dev = made.environment("Dev")
        account = made.ssh_account(hosts[0])
        for number, host in enumerate(hosts):
            made.ssh_machine(host, account, [dev], ["web"], f"ssh-{number}")
        with agents(tmp_path / "agents", running, environments=["Dev"], roles=["web"], count=2) as there:
            project = made.project(
                "Everywhere",
                [
                    step("Publish", script(halved(PUBLISH))),
                    step("Read", script(halved(READ))),
                    step("Python", script(PYTHON, syntax="Python"), StartTrigger="StartWithPrevious"),
                    step("Roll", script(ROLL.replace("MEETING", str(meeting))), window=2),
                ],
                [{"Name": "Secret", "Type": "Sensitive", "Value": f"{MARKER}-of-the-project", "Scope": {}}],
            )
            task = made.deploy(made.release(project["Id"]), dev)
            during = _process_lists_until(made, task)
            ended = made.wait(task)
            log = made.raw(task)
            assert ended["State"] == "Success", log
            names = ["ssh-0", "ssh-1", "ssh-2", *(agent.home.name for agent in there)]
            for name in names:
                assert f"mine is {name}" in log
                assert f"python says {name}" in log
            assert log.count("the ticket came through") == 5
            assert log.count("from ssh-2: ssh-2") == 5
            _assert_window(log, 2)
            assert during and not any(MARKER in each for each in during)
            _assert_nowhere(made, task, tmp_path)


def halved(text: str) -> str:
    """A script that puts the secret together itself, so that its own text does not hold it."""
    return text.replace("FIRST", MARKER[:9]).replace("SECOND", MARKER[9:])


def _process_lists_until(made: Scenario, task: str) -> list[str]:
    found = []
    ends = time.monotonic() + 240
    while time.monotonic() < ends and not made.task(task)["IsCompleted"]:
        found.append(
            subprocess.run(
                ["ps", "-eww", "-o", "args", "e"], capture_output=True, text=True, check=True
            ).stdout
        )
        time.sleep(0.2)
    return found


def _assert_window(log: str, most: int) -> None:
    events = sorted(
        [(int(at), 1) for at in re.findall(r"begin (\d+)", log)]
        + [(int(at), -1) for at in re.findall(r"end (\d+)", log)]
    )
    assert len(events) == 10
    inside = high = 0
    for _, change in events:
        inside += change
        high = max(high, inside)
    assert high == most


def _assert_nowhere(made: Scenario, task: str, folder: Path) -> None:
    """The secret, forwards and backwards, is in no answer and in no file left behind."""
    needles = [MARKER.encode(), MARKER[::-1].encode()]
    answers = {"raw": made.raw(task)}
    paths = [
        f"tasks/{task}",
        f"tasks/{task}/details?verbose=true",
        "variables/all",
        "events?take=500",
        "machines",
    ]
    answers |= {path: made.client.get(f"/api/{made.space}/{path}").text for path in paths}
    for path, text in answers.items():
        assert not any(needle in text.encode() for needle in needles), path
    # What tickets keep goes when they are forgotten, a moment after the end.
    ends = time.monotonic() + 120
    while found := _files_with(needles, folder):
        assert time.monotonic() < ends, found
        time.sleep(0.1)


def _files_with(needles: list[bytes], folder: Path) -> list[Path]:
    found = []
    for file in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            if file.is_file() and not file.is_symlink():
                data = file.read_bytes()
                found += [file] if any(needle in data for needle in needles) else []
    return found
