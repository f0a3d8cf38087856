"""A real server and real SSH hosts, each host the only machine of an environment of its own, and quick ways to run steps there.

All the time a script counts on a host nobody else uses; at the exit its log must be whole. So every test in a field
also shows that it did no harm to a task beside it.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SSHD, SshHost, sshd
from tests.scenario import Scenario, script, step

__all__ = ["BESIDE", "Ended", "Field", "field_of", "small_disk"]

_names = itertools.count(1)

BESIDE = {"log_chunk", "task", "action", "change", "snapshot"}
"""Tables the counting task of a field writes to all the time."""


@dataclass(frozen=True)
class Ended:
    """A task that has ended. `lines` are category and text of its whole log."""

    task: dict[str, Any]
    lines: list[tuple[str, str]]

    @property
    def state(self) -> str:
        """Success, Failed, Canceled or TimedOut."""
        return str(self.task["State"])

    @property
    def text(self) -> str:
        """The log's text."""
        return "\n".join(text for _, text in self.lines)

    def of(self, category: str) -> list[str]:
        """The lines of a category."""
        return [text for found, text in self.lines if found == category]


@dataclass
class Field:
    """`machines` and `environments` are ids in the order of `hosts`; `account` signs in on all of them."""

    server: GuritaServer
    made: Scenario
    hosts: list[SshHost]
    account: str
    environments: list[str] = field(default_factory=list)
    machines: list[str] = field(default_factory=list)

    def add(self, host: SshHost, name: str, account: str = "") -> int:
        """A new environment with a machine; gives its place."""
        self.environments.append(self.made.environment(f"{name} place"))
        self.machines.append(
            self.made.ssh_machine(host, account or self.account, self.environments[-1:], ["web"], name)
        )
        return len(self.machines) - 1

    def project(
        self, steps: Sequence[Mapping[str, Any]], variables: Sequence[Mapping[str, Any]] = (), **more: Any
    ) -> str:
        """The id of a release of a new project."""
        made = self.made.project(f"Project {next(_names)}", steps, variables, **more)
        return self.made.release(str(made["Id"]))

    def start(
        self,
        *steps: Mapping[str, Any],
        at: int = 0,
        variables: Sequence[Mapping[str, Any]] = (),
        **deployment: Any,
    ) -> str:
        """The id of the task that runs steps on the machine at a place."""
        release = self.project(steps, variables)
        return self.made.deploy(release, self.environments[at], **deployment)

    def run(self, *steps: Mapping[str, Any], seconds: float = 180, **more: Any) -> Ended:
        """Runs steps to their end."""
        return self.ended(self.start(*steps, **more), seconds)

    def script(
        self, body: str, at: int = 0, properties: Mapping[str, str] = {}, seconds: float = 180
    ) -> Ended:
        """Runs one script to its end."""
        return self.run(step("Run", script(body, **properties)), seconds=seconds, at=at)

    def ended(self, task: str, seconds: float = 180) -> Ended:
        """Waits for a task's end."""
        found = self.made.wait(task, seconds)
        return Ended(found, self.lines(task))

    def lines(self, task: str) -> list[tuple[str, str]]:
        """The whole log of a task by ranges: category and text."""
        found: list[tuple[str, str]] = []
        while True:
            told = self.server.get(f"tasks/{task}/log", first=len(found), take=10_000)
            found += [(line["Category"], line["Text"]) for line in told["Lines"]]
            if not told["Lines"]:
                return found

    def says(self, task: str, text: str, seconds: float = 120) -> None:
        """Waits until a running task has told something."""
        self.server.until(
            lambda: text in self.made.raw(task),
            seconds,
            lambda: self.made.raw(task),
        )


@contextlib.contextmanager
def field_of(folder: Path, count: int, *, options: Sequence[str] = ()) -> Iterator[Field]:
    """A field with `count` hosts, and one more on which a task counts until the exit."""
    (folder / "hosts").mkdir()
    with (
        sshd(folder / "hosts", count + 1) as hosts,
        gurita_server(folder / "server", options=options) as server,
    ):
        made = Scenario(server.client)
        found = Field(server, made, hosts[:count], made.ssh_account(hosts[0]))
        for number, host in enumerate(found.hosts):
            found.add(host, f"host {number}")
        beside = Field(server, made, hosts[count:], found.account)
        beside.add(hosts[count], "beside")
        go = folder / "stop counting"
        counts = (
            f'n=0; until [ -e "{go}" ]; do echo "count $n."; n=$((n+1)); sleep 0.2; done; echo "$n in all."'
        )
        task = beside.start(step("Count", script(counts)))
        beside.says(task, "count 0.")
        yield found
        go.touch()
        ended = beside.ended(task)
        assert ended.state == "Success", ended.text
        counted = [int(each) for each in re.findall(r"^count (\d+)\.$", ended.text, re.MULTILINE)]
        assert counted == list(range(len(counted)))
        assert f"{len(counted)} in all." in ended.text
        assert "Traceback" not in server.log.read_text()


def small_disk(host: SshHost, size: str) -> None:
    """Starts the host again with its ticket store on a disk of that size, seen by nobody else."""
    host.stop()
    mount = f'mount -t tmpfs -o size={size} none "$0" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", mount, str(host.home)]
    with (host.folder / "sshd.log").open("ab") as log:
        host.process = subprocess.Popen(
            [*command, SSHD, "-D", "-e", "-f", str(host.folder / "sshd_config")],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    host.wait_ready()
