"""Row `lists`: what the busiest list routes take while thirty deployments run, against the same server at rest."""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.measured import Measured
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import sshd
from tests.scenario import Scenario, script, step

__all__ = ["under_load"]

DEPLOYMENTS, HOSTS = 30, 3
BUDGET = 3.0
ROUTES = (
    "environments",
    "projects",
    "machines",
    "releases",
    "deployments",
    "tasks?states=Executing",
    "events",
    "dashboard",
)
_BYPASS = ({"Name": "OctopusBypassDeploymentMutex", "Value": "True", "Type": "String"},)
_BODY = """
import time
for number in range(225):
    print("line", number, "of a deployment that takes its time", flush=True)
    time.sleep(0.2)
"""
"""Forty-five seconds, five lines a second: thirty of them on three hosts are 450 lines a second."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Milliseconds of the requests to one route."""

    middle: float
    slow: float


def under_load(rounds: int) -> Iterator[Measured]:
    """Medians and slowest twentieths, one client asking one route after the other."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        (folder / "hosts").mkdir()
        hosts = stack.enter_context(sshd(folder / "hosts", HOSTS))
        server = stack.enter_context(
            gurita_server(folder / "server", options=("--task-cap", str(DEPLOYMENTS)))
        )
        made = Scenario(server.client)
        environment = made.environment("Bench")
        account = made.ssh_account(hosts[0])
        for number, host in enumerate(hosts):
            made.ssh_machine(host, account, [environment], ["web"], f"host-{number}")
        releases = [_release(made, number) for number in range(DEPLOYMENTS)]
        for _ in range(3):
            _ask(server, 5)
        rest = _ask(server, 10 * rounds)
        tasks = [made.deploy(release, environment) for release in releases]
        _wait_running(made, DEPLOYMENTS)
        load = _ask(server, 10 * rounds)
        running = _running(made)
        if running < DEPLOYMENTS:
            raise RuntimeError(
                f"{running} of {DEPLOYMENTS} deployments still ran when the lists were asked for"
            )
        for task in tasks:
            if made.wait(task, 120)["State"] != "Success":
                raise RuntimeError(made.raw(task)[-2000:])
    for route in ROUTES:
        before, after = rest[route], load[route]
        told = f"{after.middle:.1f} ms, 1 in 20 above {after.slow:.0f} ms"
        ratio = after.middle / before.middle
        yield Measured("lists", route, told, f"at rest {before.middle:.1f} ms", ratio, BUDGET)


def _release(made: Scenario, number: int) -> str:
    project = made.project(f"Bench {number}", [step("Work", script(_BODY, syntax="Python"))], _BYPASS)
    return made.release(project["Id"])


def _ask(server: GuritaServer, times: int) -> dict[str, _Asked]:
    took: dict[str, list[float]] = {route: [] for route in ROUTES}
    for _ in range(times):
        for route, found in took.items():
            began = time.perf_counter()
            server.client.get(f"/api/Spaces-1/{route}").raise_for_status()
            found.append((time.perf_counter() - began) * 1000)
    return {
        route: _Asked(statistics.median(found), statistics.quantiles(found, n=20)[-1])
        for route, found in took.items()
    }


def _running(made: Scenario) -> int:
    return int(made.get("tasks?states=Executing&take=0")["TotalCounts"]["Executing"])


def _wait_running(made: Scenario, count: int) -> None:
    ends = time.monotonic() + 60
    while _running(made) < count:
        if time.monotonic() > ends:
            raise RuntimeError(f"only {_running(made)} of {count} deployments run")
        time.sleep(0.1)
