"""How a second machine joins: the pasted command, the agent's own wheel in a fresh environment, and what is refused."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import httpx2
import pytest

from tests.fixtures_quickstart import Said, clean_environment, gurita
from tests.fixtures_server import GuritaServer


@pytest.fixture(scope="module")
def invited(server: GuritaServer) -> GuritaServer:
    """A server with an environment to join."""
    server.post("environments", {"Name": "Here"})
    return server


def run(server: GuritaServer, *words: str) -> Said:
    """The client as the administrator."""
    return gurita(*words, environment={"GURITA_URL": server.url, "GURITA_API_KEY": server.api_key})


def invitation(server: GuritaServer) -> list[str]:
    """The words of the command to paste, after `sh -s --`."""
    said = run(server, "machine", "invite", "--environment", "Here", "--role", "web")
    assert said.code == 0, said.err
    before, _, after = said.out.strip().partition("sh -s -- ")
    assert before == f"curl -fsS {server.url}/agent/install.sh | "
    return shlex.split(after)


def agent_environment(folder: Path) -> dict[str, str]:
    """A machine's environment: a home of its own, nobody's root, and this run's packages in place of a registry.

    The agent's own code does not come with them: it stands in the wheel alone, since the checkout is installed by
    a path file, which PYTHONPATH does not read.
    """
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "id").write_text("#!/bin/sh\necho 1000\n")
    (programs / "id").chmod(0o755)
    path = f"{programs}:{sys.base_prefix}/bin:{os.environ['PATH']}"
    packages = sysconfig.get_paths()["purelib"]
    offline = {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return clean_environment(HOME=str(folder), PATH=path, PYTHONPATH=packages, **offline)


@pytest.fixture(scope="module")
def installed(invited: GuritaServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A machine on which the command was pasted: its home folder, and what the installer printed."""
    folder = tmp_path_factory.mktemp("machine")
    script = httpx2.get(f"{invited.url}/agent/install.sh", timeout=120).text
    done = subprocess.run(
        ["sh", "-s", "--", *invitation(invited), "--name", "second"],
        input=script,
        env=agent_environment(folder),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_the_pasted_command_makes_a_machine_that_works(
    invited: GuritaServer, installed: tuple[Path, str]
) -> None:
    folder, said = installed
    command = shlex.split(said.splitlines()[-1])
    log = (folder / "agent.log").open("wb")
    with log, subprocess.Popen(command, env=agent_environment(folder), stdout=log, stderr=log) as agent:
        try:
            deadline = time.monotonic() + 120
            while "the server is connected" not in (folder / "agent.log").read_text():
                assert time.monotonic() < deadline, (folder / "agent.log").read_text()
                time.sleep(0.05)
            checked = run(invited, "machine", "health", "second")
            assert checked.code == 0, checked.out
            listed = run(invited, "machine", "list", "-o", "json").json
            (machine,) = [each for each in listed if each["Name"] == "second"]
            assert (machine["Roles"], len(machine["EnvironmentIds"])) == (["web"], 1)
        finally:
            agent.send_signal(signal.SIGTERM)
            assert agent.wait(90) == 0


def test_the_wheel_is_the_agent_alone(installed: tuple[Path, str]) -> None:
    folder, _ = installed
    python = folder / ".local/share/gurita-agent/venv/bin/python"
    code = (
        "import gurita, json, os, gurita.agent.program, sys; "
        "print(os.path.dirname(gurita.__file__)); print(json.dumps(sorted(m for m in sys.modules if m.startswith('gurita.'))))"
    )
    done = subprocess.run(
        [str(python), "-c", code], env=agent_environment(folder), capture_output=True, text=True, check=True
    )
    place, modules = done.stdout.splitlines()
    assert place.startswith(str(folder))
    assert not {f"gurita.{each}" for each in ("store", "http", "server", "engine", "cli")} & set(
        json.loads(modules)
    )
    helped = subprocess.run(
        [str(python.with_name("gurita-agent")), "--help"],
        env=agent_environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "register" in helped.stdout
    unit = subprocess.run(
        [str(python.with_name("gurita-agent")), "unit", "--home", str(folder / "home")],
        env=agent_environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"ExecStart={python.with_name('gurita-agent')} run --home {folder}/home\n" in unit.stdout


def test_a_token_is_good_for_one_machine(invited: GuritaServer, tmp_path: Path) -> None:
    words = invitation(invited)
    token = words[words.index("--token") + 1]
    (tmp_path / "token").write_text(token + "\n")
    register = ["agent", "register", "--server", invited.url, "--token-file", str(tmp_path / "token")]
    first = gurita(*register, "--home", str(tmp_path / "one"), "--name", "one")
    assert first.code == 0, first.err
    again = gurita(*register, "--home", str(tmp_path / "two"), "--name", "two")
    assert (again.code, "401" in again.err) == (1, True)
    assert not (tmp_path / "two" / "config.json").exists()
    names = {each["Name"] for each in invited.get("machines/all")}
    assert "one" in names
    assert "two" not in names


def test_a_token_gives_what_it_was_made_for_and_no_more(invited: GuritaServer, tmp_path: Path) -> None:
    words = invitation(invited)
    register = ["agent", "register", *words, "--home", str(tmp_path / "home"), "--name", "greedy"]
    more = gurita(*register, "--role", "database")
    assert (more.code, "this registration token gives web, not 'database'" in more.err) == (1, True)
    assert gurita(*register, "--role", "web").code == 0


def test_a_registered_home_is_not_overwritten_by_a_refused_registration(
    invited: GuritaServer, tmp_path: Path
) -> None:
    key = {"GURITA_API_KEY": invited.api_key}
    register = ["agent", "register", "--server", invited.url, "--home", str(tmp_path), "--role", "web"]
    assert gurita(*register, "--environment", "here", "--name", "kept", environment=key).code == 0
    before = (tmp_path / "config.json").read_text()
    refused = gurita(*register, "--environment", "here", "--name", "kept", environment=key)
    assert (refused.code, "already" in refused.err) == (1, True)
    unknown = gurita(*register, "--environment", "nowhere", "--name", "kept", "--force", environment=key)
    assert (unknown.code, "'nowhere'" in unknown.err) == (1, True)
    assert (tmp_path / "config.json").read_text() == before
    gone = gurita("agent", "deregister", "--home", str(tmp_path), environment=key)
    assert gone.code == 0, gone.err
    assert "kept" not in {each["Name"] for each in invited.get("machines/all")}
    assert gurita("agent", "run", "--home", str(tmp_path)).code == 1


def test_nothing_to_sign_in_with_says_what_to_set(tmp_path: Path) -> None:
    said = gurita("agent", "register", "--server", "http://127.0.0.1:9", "--home", str(tmp_path))
    assert said.code == 1
    assert "GURITA_REGISTRATION_TOKEN" in said.err
    assert gurita("agent").code == 2
