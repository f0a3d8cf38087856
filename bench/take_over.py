"""Row `take-over`: one of two nodes is killed in the middle of a script; how soon the other goes on, and that nothing runs
twice."""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.measured import Measured
from tests import fixtures_postgres
from tests.fixtures_server import GuritaServer, new_api_key
from tests.fixtures_sshd import sshd
from tests.scenario import Scenario, script, step

__all__ = ["take_over"]

LEASE = 10.0
TICKS = 120
ROOT_KEY = "YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtMDE="
SCRIPT = f"""
echo ran >> "%s"
i=1
while [ $i -le {TICKS} ]; do echo "tick $i"; i=$((i+1)); sleep 0.2; done
"""


def take_over(rounds: int) -> Iterator[Measured]:
    """From kill -9 until a line the script printed after it can be read from the other node; the slowest of all rounds."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        (folder / "hosts").mkdir()
        (host,) = stack.enter_context(sshd(folder / "hosts"))
        url = stack.enter_context(stack.enter_context(fixtures_postgres.server()).fresh())
        nodes = _nodes(folder, url)
        for node in nodes:
            stack.callback(node.close)
            node.start()
        counter = folder / "counter"
        made = Scenario(nodes[0].client)
        environment = made.environment("Bench")
        made.ssh_machine(host, made.ssh_account(host), [environment], ["web"], "host")
        project = made.project("Over", [step("Tick", script(SCRIPT % counter))])
        release = made.release(project["Id"])
        found = []
        for number in range(rounds):
            found.append(_one(nodes, release, environment))
            times = counter.read_text().count("ran")
            if times != number + 1:
                raise RuntimeError(f"the script ran {times} times in {number + 1} deployments")
        worst = max(found)
        told = f"{worst:.1f} s, the slowest of {rounds}; each script ran once, every line is there once"
        yield Measured("take-over", f"lease {LEASE:.0f} s", told, "", worst, LEASE + 2, "s")


def _nodes(folder: Path, url: str) -> list[GuritaServer]:
    key = new_api_key()
    shared = {
        "GURITA_ROOT_KEY": ROOT_KEY,
        "GURITA_BLOBS": str(folder / "blobs"),
        "GURITA_LEASE": str(LEASE),
    }
    return [
        GuritaServer(folder / name, database=url, node_name=name, environment=shared, api_key=key)
        for name in ("node-1", "node-2")
    ]


def _one(nodes: list[GuritaServer], release: str, environment: str) -> float:
    """Seconds. Raises RuntimeError when a line is missing or there twice."""
    task = Scenario(nodes[0].client).deploy(release, environment)
    _until(lambda: _ticks(nodes[0], task) >= 10, 30)
    owner = str(nodes[0].get(f"tasks/{task}")["ServerNode"])
    dead, other = sorted(nodes, key=lambda node: node.node_name not in owner)
    time.sleep(3)
    at_death = _ticks(other, task)
    dead.kill()
    began = time.monotonic()
    # What the dead node heard and had not stored comes anew as well; a second's worth more is surely from later.
    _until(lambda: _ticks(other, task) > at_death + 10, 60)
    took = time.monotonic() - began
    ended = Scenario(other.client).wait(task, 90)
    log = Scenario(other.client).raw(task)
    ticks = [int(number) for number in re.findall(r"tick (\d+)", log)]
    if ended["State"] != "Success" or ticks != list(range(1, TICKS + 1)):
        raise RuntimeError(f"{task} ended {ended['State']} with the lines {ticks}")
    dead.start()
    return took


def _ticks(node: GuritaServer, task: str) -> int:
    """The newest line that can be read."""
    lines = node.get(f"tasks/{task}/log", tail=5)["Lines"]
    found = [int(line["Text"].split()[1]) for line in lines if line["Text"].startswith("tick ")]
    return max(found, default=0)


def _until(true: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise RuntimeError(f"it did not come to that within {seconds} s")
        time.sleep(0.05)
