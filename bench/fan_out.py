"""Rows `warm` and `cold`: one script on fifty SSH hosts at once."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.measured import Measured, median
from bench.processes import cpu_seconds
from bench.references import Ansible, XargsSsh
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd
from tests.scenario import Scenario, script, step

__all__ = ["cold", "warm"]

HOSTS = 50
SCRIPT = 'echo "deployed on $(uname -n)"'
EXPECT = b"deployed on "


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds from the request to the end of the task, seconds from its start to its completion, and the processor
    milliseconds of the server for one host."""

    whole: float
    inner: float
    cpu: float


@dataclass
class _Fan:
    """Fifty hosts, a server that knows them, and a release to deploy."""

    folder: Path
    hosts: list[SshHost]
    server: GuritaServer
    made: Scenario
    environment: str
    release: str

    def deploy(self) -> _Took:
        """Deploys everywhere. Raises RuntimeError when a host has not said its line."""
        cpu, began = cpu_seconds(self.server.pid), time.monotonic()
        id = self.made.deploy(self.release, self.environment)
        task = self.made.task(id)
        while not task["IsCompleted"]:
            time.sleep(0.02)
            task = self.made.task(id)
        took = time.monotonic() - began
        spent = (cpu_seconds(self.server.pid) - cpu) * 1000 / len(self.hosts)
        log = self.made.raw(id).encode()
        if task["State"] != "Success" or log.count(EXPECT) != len(self.hosts):
            raise RuntimeError(f"{id} ended {task['State']}: {log[-2000:].decode()}")
        return _Took(took, _between(task["StartTime"], task["CompletedTime"]), spent)


def _between(first: str, last: str) -> float:
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


@contextlib.contextmanager
def _fan() -> Iterator[_Fan]:
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="gurita-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "hosts").mkdir()
        hosts = stack.enter_context(sshd(folder / "hosts", HOSTS))
        server = stack.enter_context(gurita_server(folder / "server"))
        made = Scenario(server.client)
        environment = made.environment("Bench")
        account = made.ssh_account(hosts[0])
        for number, host in enumerate(hosts):
            made.ssh_machine(host, account, [environment], ["web"], f"host-{number}")
        project = made.project("Fan", [step("Say", script(SCRIPT), window=HOSTS)])
        yield _Fan(folder, hosts, server, made, environment, made.release(project["Id"]))


def warm(rounds: int) -> Iterator[Measured]:
    """Connections kept by earlier deployments. Ansible is measured both ways: each command on a connection of its own,
    and with the connections it keeps for a minute unless told otherwise."""
    with _fan() as fan:
        xargs, ansible = XargsSsh(fan.folder, fan.hosts), Ansible(fan.folder, fan.hosts, SCRIPT)
        fan.deploy()
        fan.deploy()
        found: list[_Took] = []
        direct: list[float] = []
        apart: list[float] = []
        kept: list[float] = []
        for number in range(rounds):
            found.append(fan.deploy())
            direct.append(xargs.seconds(SCRIPT, EXPECT))
            if number < 2:
                apart.append(ansible.seconds(EXPECT, keep=False))
                ansible.seconds(EXPECT)
                kept.append(ansible.seconds(EXPECT))
                ansible.drop()
        ours, told = median(one.whole for one in found), _told(found)
        for name, others, budget in (
            ("ansible, no kept connections", apart, 1 / 25),
            ("ansible, connections kept", kept, 1 / 25),
            ("xargs ssh", direct, 1 / 4),
        ):
            other = median(others)
            yield Measured("warm", f"{HOSTS} hosts", told, f"{name} {other:.1f} s", ours / other, budget)


def cold(rounds: int) -> Iterator[Measured]:
    """No connection is kept: a server just started. First with the runner on the hosts, then without it."""
    with _fan() as fan:
        xargs = XargsSsh(fan.folder, fan.hosts)
        xargs.seconds(SCRIPT, EXPECT)
        fan.deploy()
        for what, forget in (("runner on the hosts", False), ("runner not there yet", True)):
            found: list[_Took] = []
            direct: list[float] = []
            for _ in range(rounds):
                _restart(fan, forget)
                found.append(fan.deploy())
                direct.append(xargs.seconds(SCRIPT, EXPECT))
            ours, other = median(one.whole for one in found), median(direct)
            yield Measured("cold", what, _told(found), f"xargs ssh {other:.2f} s", ours / other, 1.3)


def _told(found: list[_Took]) -> str:
    whole, inner, cpu = (
        median(values) for values in zip(*((o.whole, o.inner, o.cpu) for o in found), strict=True)
    )
    return f"{whole:.2f} s (task {inner:.2f} s, server CPU {cpu:.1f} ms a host)"


def _restart(fan: _Fan, forget: bool) -> None:
    fan.server.end()
    if forget:
        for host in fan.hosts:
            for found in host.home.iterdir():
                shutil.rmtree(found, ignore_errors=True)
    fan.server.start()
    fan.server.client.get("/api")
    time.sleep(1)
