"""Quickstart, as somebody sees it who has just cloned the repository."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from tests.fixtures_quickstart import Quickstart, clean_environment
from tests.fixtures_sshd import children_of


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def _gone(pids: list[int]) -> bool:
    """Whether all of them end, if they are given a while."""
    ends = time.monotonic() + 30
    while _alive(pids) and time.monotonic() < ends:
        time.sleep(0.05)
    return not _alive(pids)


def _things_to_try(said: str) -> list[str]:
    """The commands it prints, in their order."""
    return re.findall(r"^  (\S.*)$", said.partition("Three things to try")[2], re.MULTILINE)


def test_the_sample_is_deployed_once_and_everything_printed_works_when_pasted(tmp_path: Path) -> None:
    quickstart = Quickstart(tmp_path)
    try:
        quickstart.start()
        quickstart.wait_ready()
        said = quickstart.said
        assert "Deploy Hello Gurita release 0.0.1 to Development: Success" in said
        assert f"Gurita is ready at {quickstart.url}\n  Sign in with user name admin, password " in said
        page = quickstart.data / "hello" / "Development" / "index.html"
        assert "<h1>Hello from Development</h1>" in page.read_text()

        commands = _things_to_try(said)
        assert len(commands) == 5
        done = subprocess.run(
            ["sh", "-c", "set -e\n" + "\n".join(commands)],
            cwd="/",
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert (
            "<h1>Hello, world</h1>" in (quickstart.data / "hello" / "Production" / "index.html").read_text()
        )
        assert "/agent/install.sh | sh -s -- --server" in done.stdout.splitlines()[-1]

        assert quickstart.process is not None
        children = children_of(quickstart.process.pid)
        assert children, "the agent is a child"
        assert quickstart.end(signal.SIGINT) == 0
        assert _gone(children)

        quickstart.start()
        quickstart.wait_ready()
        again = quickstart.said
        assert "Deploy Hello" not in again
        assert "password of the first start" in again
        tasks = quickstart.run("task", "list", "-o", "json").json
        assert len([task for task in tasks if task["Name"] == "Deploy"]) == 3
        assert len(quickstart.run("machine", "list", "-o", "json").json) == 1
    finally:
        quickstart.close()


def test_it_ends_by_itself_when_told_and_keeps_its_key_to_itself(tmp_path: Path) -> None:
    quickstart = Quickstart(tmp_path)
    try:
        quickstart.start("--once")
        assert quickstart.process is not None
        assert quickstart.process.wait(300) == 0, quickstart.said
        assert "Traceback" not in quickstart.said
        for name in ("cli.key", "cli.env", "root.key"):
            assert (quickstart.data / name).stat().st_mode & 0o077 == 0, name
        key = (quickstart.data / "cli.key").read_text().strip()
        assert key not in quickstart.said
        assert key not in (quickstart.data / "server.log").read_text()
    finally:
        quickstart.close()


def test_it_comes_back_after_a_kill_though_its_agent_lives_on(tmp_path: Path) -> None:
    quickstart = Quickstart(tmp_path)
    children: list[int] = []
    try:
        quickstart.start()
        quickstart.wait_ready()
        assert quickstart.process is not None
        children = children_of(quickstart.process.pid)
        quickstart.end(signal.SIGKILL)
        assert _alive(children)
        quickstart.start()
        quickstart.wait_ready()
        deadline = time.monotonic() + 240
        while (checked := quickstart.run("machine", "health")).code and time.monotonic() < deadline:
            time.sleep(0.5)
        assert checked.code == 0, checked.out
    finally:
        quickstart.close()
        for pid in _alive(children):
            os.kill(pid, signal.SIGKILL)


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    import socket

    quickstart = Quickstart(tmp_path)
    with socket.create_server(("127.0.0.1", quickstart.port)):
        quickstart.start()
        assert quickstart.process is not None
        assert quickstart.process.wait(240) == 1
    assert re.fullmatch(
        rf"Starting a server in .*\ngurita: 127\.0\.0\.1:{quickstart.port} is in use by another program\. .*\n",
        quickstart.said,
    )
