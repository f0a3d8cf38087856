"""Two nodes over one PostgreSQL: what a node was doing goes on elsewhere, exactly once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures_server import GuritaServer, gurita_server, new_api_key
from tests.fixtures_sshd import SshHost, sshd
from tests.patience import within
from tests.scenario import Scenario, script, step

LEASE = 5.0
SCRIPT = """
echo ran >> "COUNTER/#{Octopus.Task.Id}"
for i in 1 2 3 4 5 6 7 8; do echo "line $i"; sleep 0.3; done
n=0; until [ -e "COUNTER/go" ] || [ $n -gt 3000 ]; do n=$((n + 1)); sleep 0.1; done
for i in 9 10 11 12 13 14 15 16; do echo "line $i"; done
"""
"""In the middle it waits to be let go."""


@dataclass
class Cluster:
    """Two nodes, one host, and a project whose script counts itself."""

    nodes: list[GuritaServer]
    hosts: list[SshHost]
    folder: Path
    release: str
    environment: str

    def scenario(self, node: int) -> Scenario:
        return Scenario(self.nodes[node].client)

    def owner(self, task: str, asking: int) -> int:
        """Which node runs a task."""
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            name = self.scenario(asking).task(task)["ServerNode"]
            if name:
                return int(name[-1])
            time.sleep(0.05)
        raise AssertionError("nobody took the task")

    def let_go(self) -> None:
        """Lets the script come to its end."""
        (self.folder / "go").touch()

    def ran(self, task: str) -> int:
        file = self.folder / task
        return file.read_text().count("ran") if file.exists() else 0

    def wait_for_line(self, task: str, asking: int, line: str = "line 3") -> None:
        ends = time.monotonic() + 120
        while f"   {line}\n" not in self.scenario(asking).raw(task) + "\n":
            assert time.monotonic() < ends, self.scenario(asking).raw(task)
            time.sleep(0.1)


@contextmanager
def cluster(folder: Path, url: str) -> Iterator[Cluster]:
    environment = {
        "GURITA_ROOT_KEY": "dHdvLW5vZGVzLXR3by1ub2Rlcy10d28tbm9kZXMtMDE=",
        "GURITA_BLOBS": str(folder / "blobs"),
        "GURITA_LEASE": str(LEASE),
    }
    (folder / "hosts").mkdir()
    key = new_api_key()
    with ExitStack() as stack:
        hosts = stack.enter_context(sshd(folder / "hosts", 1))
        nodes = [
            stack.enter_context(
                gurita_server(
                    folder / f"node-{n}",
                    database=url,
                    node_name=f"node-{n}",
                    api_key=key,
                    environment=environment,
                )
            )
            for n in range(2)
        ]
        made = Scenario(nodes[0].client)
        dev = made.environment("Dev")
        made.ssh_machine(hosts[0], made.ssh_account(hosts[0]), [dev], ["web"], "ssh-0")
        counter = folder / "counter"
        counter.mkdir()
        counter.chmod(0o777)
        project = made.project("P", [step("Count", script(SCRIPT.replace("COUNTER", str(counter))))])
        yield Cluster(nodes, hosts, counter, made.release(project["Id"]), dev)


def taken_over(there: Cluster, task: str, owner: int) -> None:
    """Returns once the other node has the task."""
    ends = time.monotonic() + 120
    while there.owner(task, 1 - owner) == owner:
        assert time.monotonic() < ends, "nobody takes the task over"
        time.sleep(0.05)


def assert_whole(log: str) -> None:
    numbers = [int(line.rpartition("line ")[2]) for line in log.splitlines() if "  line " in line]
    assert numbers == list(range(1, 17)), log


@pytest.mark.needs("sshd", "postgresql")
def test_a_killed_node_s_task_goes_on_elsewhere_within_the_lease_and_runs_once(
    tmp_path: Path, postgres_url: str
) -> None:
    with cluster(tmp_path, postgres_url) as there:
        task = there.scenario(0).deploy(there.release, there.environment)
        owner = there.owner(task, 0)
        other = 1 - owner
        there.wait_for_line(task, other)
        there.nodes[owner].kill()
        with within(LEASE + 5):
            taken_over(there, task, owner)
        there.let_go()
        ended = there.scenario(other).wait(task)
        assert ended["State"] == "Success"
        assert there.ran(task) == 1
        assert_whole(there.scenario(other).raw(task))


@pytest.mark.needs("sshd", "postgresql")
def test_a_stopped_node_that_wakes_past_its_lease_writes_nothing_more(
    tmp_path: Path, postgres_url: str
) -> None:
    with cluster(tmp_path, postgres_url) as there:
        task = there.scenario(0).deploy(there.release, there.environment)
        owner = there.owner(task, 0)
        other = 1 - owner
        there.wait_for_line(task, other)
        there.nodes[owner].stop()
        try:
            taken_over(there, task, owner)
        finally:
            there.nodes[owner].cont()
        there.let_go()
        ended = there.scenario(other).wait(task)
        assert ended["State"] == "Success"
        assert there.ran(task) == 1
        assert_whole(there.scenario(owner).raw(task))


@pytest.mark.needs("sshd", "postgresql")
def test_a_node_that_leaves_hands_its_task_on_at_once_and_a_cancel_reaches_the_new_owner(
    tmp_path: Path, postgres_url: str
) -> None:
    with cluster(tmp_path, postgres_url) as there:
        task = there.scenario(0).deploy(there.release, there.environment)
        owner = there.owner(task, 0)
        other = 1 - owner
        there.wait_for_line(task, other, "line 1")
        there.nodes[owner].end()
        taken_over(there, task, owner)
        there.scenario(other).ask("POST", f"/api/tasks/{task}/cancel", {})
        ended = there.scenario(other).wait(task)
        assert ended["State"] == "Canceled"
        assert "line 9" not in there.scenario(other).raw(task)
        assert there.ran(task) == 1
