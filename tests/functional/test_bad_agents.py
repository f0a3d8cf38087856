"""Agents that go away, die, come back and are not who they say: through a real server, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures_agents import agents
from tests.fixtures_carriers import AgentProcess
from tests.functional.field import Field, field_of
from tests.patience import within
from tests.scenario import script, step

pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    with field_of(tmp_path_factory.mktemp("field"), 1) as made:
        yield made


@contextlib.contextmanager
def agent_of(field: Field, folder: Path) -> Iterator[tuple[AgentProcess, int]]:
    """A new agent, alone in an environment, and its place. Its machine is gone at the exit: names are free again."""
    name = f"For {folder.name}"
    environment = field.made.environment(name)
    with agents(folder, field.server, environments=[name], roles=["web"]) as (agent,):
        (machine,) = field.made.get(f"environments/{environment}/machines")["Items"]
        field.environments.append(environment)
        field.machines.append(machine["Id"])
        yield agent, len(field.machines) - 1
    field.server.client.delete(f"/api/{field.made.space}/machines/{machine['Id']}")


def follows(folder: Path) -> str:
    """A script that counts to forty and waits to be let go."""
    return f"""
echo x >> "{folder}/ran"
for n in $(seq 1 40); do echo "line $n"; sleep 0.05; done
until [ -e "{folder}/go" ]; do sleep 0.1; done
echo "the end"
"""


def assert_whole(field: Field, task: str, folder: Path) -> None:
    """The script of `follows` ran once, and its log has each line once."""
    ended = field.ended(task)
    assert ended.state == "Success", ended.text
    expected = [*(f"line {n}" for n in range(1, 41)), "the end"]
    assert [line for line in ended.of("Info") if line in expected] == expected
    assert (folder / "ran").read_text() == "x\n"


def test_an_agent_killed_in_mid_script_is_followed_on_when_it_is_back(field: Field, tmp_path: Path) -> None:
    with agent_of(field, tmp_path) as (agent, at):
        task = field.start(step("Count", script(follows(tmp_path))), at=at)
        field.says(task, "line 5")
        agent.stop(signal.SIGKILL)
        (tmp_path / "go").touch()
        agent.start()
        assert_whole(field, task, tmp_path)


def test_an_agent_that_stands_still_in_mid_script_is_followed_on_when_it_goes_on(
    field: Field, tmp_path: Path
) -> None:
    with agent_of(field, tmp_path) as (agent, at):
        task = field.start(step("Count", script(follows(tmp_path))), at=at)
        field.says(task, "line 5")
        assert agent.process is not None
        os.kill(agent.process.pid, signal.SIGSTOP)
        said = field.server.log.stat().st_size
        field.server.until(lambda: f"{task} on agent-0" in field.server.log.read_text()[said:])
        (tmp_path / "go").touch()
        os.kill(agent.process.pid, signal.SIGCONT)
        assert_whole(field, task, tmp_path)


def test_a_server_killed_while_an_agent_works_takes_the_log_up_again(field: Field, tmp_path: Path) -> None:
    with agent_of(field, tmp_path) as (_, at):
        task = field.start(step("Count", script(follows(tmp_path))), at=at)
        field.says(task, "line 5")
        field.server.kill()
        (tmp_path / "go").touch()
        field.server.start()
        assert_whole(field, task, tmp_path)


def test_a_task_waits_for_an_agent_that_is_away_for_a_moment(field: Field, tmp_path: Path) -> None:
    with agent_of(field, tmp_path) as (agent, at):
        agent.stop()
        (tmp_path / "go").touch()
        task = field.start(step("Count", script(follows(tmp_path))), at=at)
        field.server.until(lambda: field.made.task(task)["State"] == "Executing")
        agent.start()
        assert_whole(field, task, tmp_path)


def test_a_cancel_reaches_a_stubborn_script_on_an_agent(field: Field, tmp_path: Path) -> None:
    body = f'trap "" TERM; echo $$ > "{tmp_path}/pid"; echo begun; while :; do sleep 0.5; done'
    with agent_of(field, tmp_path) as (_, at):
        task = field.start(step("Stubborn", script(body)), at=at)
        field.says(task, "begun")
        with within(10):
            field.server.post(f"tasks/{task}/cancel", {})
            assert field.ended(task).state == "Canceled"
        assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


def test_an_agent_that_shows_another_key_is_sent_away_and_runs_nothing(field: Field, tmp_path: Path) -> None:
    with agent_of(field, tmp_path) as (agent, at):
        assert field.script("echo fine", at).state == "Success"
        path = f"{field.made.space}/machines/{field.machines[at]}"
        found = field.server.get(path)
        wrong = "SHA256:" + "B" * 43
        field.server.put(path, {**found, "Endpoint": {**found["Endpoint"], "Thumbprint": wrong}})
        agent.stop()
        before = set((agent.home / "tickets-v1").rglob("*"))
        agent.start()
        task = field.start(step("Say", script("echo never")), at=at)
        field.server.until(lambda: "sent this agent away" in agent.log(), why=agent.log)
        assert "register it again" in agent.log()
        assert "is not known here" in field.server.log.read_text()
        assert field.made.task(task)["IsCompleted"] is False
        field.server.post(f"tasks/{task}/cancel", {})
        ended = field.ended(task)
        assert (ended.state, "never" in ended.text) == ("Canceled", False)
        assert set((agent.home / "tickets-v1").rglob("*")) <= before
