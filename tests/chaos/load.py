"""Clients that never give up: each request is repeated with the same key until some node answers."""

from __future__ import annotations

import contextlib
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.chaos.world import KEY, Node, World
from tests.scenario import Scenario, script, step

__all__ = ["Asked", "Load", "prepare"]

LINES = 20

_SCRIPT = """
key="#{Octopus.Task.Id}_#{Octopus.Action.Name}_#{Octopus.Machine.Name}"
echo ran >> "%(counters)s/$key"
i=1
while [ $i -le 10 ]; do echo "$key line $i"; i=$((i+1)); done
sleep 0.3
while [ $i -le 20 ]; do echo "$key line $i"; i=$((i+1)); done
"""


@dataclass
class Asked:
    """A deployment somebody asked for, and how it ended."""

    task: str
    canceled: bool = False
    state: str = ""


@dataclass
class Load:
    """Several clients at once. `asked` is all that the API acknowledged."""

    world: World
    release: str
    environments: list[str]
    wanted: int
    seed: int
    asked: list[Asked] = field(default_factory=list)
    guidance: int = 0
    problems: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _local: threading.local = field(default_factory=threading.local)

    def run(self, clients: int) -> list[threading.Thread]:
        """Starts the clients."""
        threads = [threading.Thread(target=self._client, args=(n,), daemon=True) for n in range(clients)]
        threads.append(threading.Thread(target=self._guide, daemon=True))
        for thread in threads:
            thread.start()
        return threads

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", patience: float = 240) -> Any:
        """An answer from whichever node gives one. Raises AssertionError when none does for so long."""
        ends = time.monotonic() + patience
        headers = {"Idempotency-Key": key} if key else {}
        last: object = None
        while time.monotonic() < ends:
            node = random.choice(self.world.nodes)
            with contextlib.suppress(httpx2.HTTPError):
                answer = self._http().request(method, node.url + path, json=body, headers=headers)
                if answer.status_code < 500:
                    return answer.status_code, answer.json() if answer.content else None
                last = answer.text
            time.sleep(0.1)
        raise AssertionError(f"{method} {path}: no node answered for {patience} s; last: {last}")

    def _http(self) -> httpx2.Client:
        """This thread's own client: what it keeps open is not worth sharing."""
        if not hasattr(self._local, "client"):
            self._local.client = httpx2.Client(headers={"X-Octopus-ApiKey": KEY}, timeout=20, trust_env=False)
        client: httpx2.Client = self._local.client
        return client

    def world_log(self, task: str) -> str:
        """A task's whole log as text."""
        ends = time.monotonic() + 240
        while time.monotonic() < ends:
            node = random.choice(self.world.nodes)
            with contextlib.suppress(httpx2.HTTPError):
                answer = httpx2.get(
                    f"{node.url}/api/tasks/{task}/raw",
                    headers={"X-Octopus-ApiKey": KEY},
                    timeout=60,
                    trust_env=False,
                )
                if answer.status_code == 200:
                    return answer.text
            time.sleep(0.1)
        raise AssertionError(f"the log of {task} cannot be read")

    def _client(self, number: int) -> None:
        draw = random.Random(self.seed * 1000 + number)
        try:
            while not self.stop.is_set() and len(self.asked) < self.wanted:
                self._deploy(draw)
        except Exception as error:  # noqa: BLE001 - a client's failure is the run's
            self.problems.append(f"client {number}: {error!r}")

    def _deploy(self, draw: random.Random) -> None:
        body = {"ReleaseId": self.release, "EnvironmentId": draw.choice(self.environments)}
        status, made = self.ask("POST", "/api/Spaces-1/deployments", body, key=str(uuid.uuid4()))
        if status == 409 and "not known" in str(made):
            return
        if status not in (200, 201):
            raise AssertionError(f"deployments answered {status}: {made}")
        asked = Asked(made["TaskId"])
        with self._lock:
            self.asked.append(asked)
        if draw.random() < 0.2:
            time.sleep(draw.random() * 2)
            asked.canceled = True
            self.ask("POST", f"/api/tasks/{asked.task}/cancel", {})
        ends, task = time.monotonic() + 400, made
        while time.monotonic() < ends:
            _, task = self.ask("GET", f"/api/tasks/{asked.task}")
            if task["IsCompleted"]:
                asked.state = task["State"]
                return
            time.sleep(0.5)
        self.problems.append(f"{asked.task} did not end: {task}")

    def _guide(self) -> None:
        """Answers every question with Fail: nobody knows what a lost action did."""
        while not self.stop.is_set():
            with contextlib.suppress(AssertionError):
                _, page = self.ask(
                    "GET", "/api/Spaces-1/interruptions?pendingOnly=true&take=100", patience=30
                )
                for each in page["Items"]:
                    path = f"/api/Spaces-1/interruptions/{each['Id']}"
                    self.ask("PUT", f"{path}/responsible", {})
                    status, _ = self.ask("POST", f"{path}/submit", {"Guidance": "Fail", "Notes": "chaos"})
                    self.guidance += status == 200
            time.sleep(0.5)


def prepare(world: World, node: Node) -> tuple[str, list[str]]:
    """Content for the run: environments, targets, a project, a release. Gives the release and the environments."""
    world.counters.mkdir(parents=True)
    world.counters.chmod(0o777)
    client = httpx2.Client(base_url=node.url, headers={"X-Octopus-ApiKey": KEY}, timeout=120)
    made = Scenario(client)
    environments = [made.environment(f"Env {n}") for n in range(10)]
    account = made.ssh_account(world.hosts[0])
    for number, host in enumerate(world.hosts):
        made.ssh_machine(host, account, environments, ["left" if number % 2 else "right"], f"ssh-{number}")
    names = [f"Env {n}" for n in range(10)]
    for number in range(2):
        world.add_agent(f"agent-{number}", names, ["left" if number % 2 else "right"])
    body = _SCRIPT % {"counters": world.counters}
    steps = [
        step("First", script(body), roles="left"),
        step("Second", script(body), roles="right", StartTrigger="StartWithPrevious"),
        step("Third", script(body), roles="left", window=1),
    ]
    project = made.project("Chaos", steps)
    return made.release(project["Id"]), environments
