"""The processes of a chaos run: nodes, agents, SSH hosts; each can be killed, stopped, cut and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from gurita.agent.main import register
from gurita.agent.register import Api, Machine
from tests.fixtures_carriers import AgentProcess
from tests.fixtures_server import GURITA
from tests.fixtures_sshd import SshHost, free_port

__all__ = ["FAULTS", "KEY", "LEASE", "Node", "World"]

KEY = "API-CHAOSCHAOSCHAOSCHAOS01"
LEASE = 4.0
FAULTS = (
    "engine.before-ask",
    "engine.asked-not-recorded",
    "engine.mid-log",
    "engine.ended-not-committed",
    "engine.mid-cancel",
    "engine.in-commit",
)
_CHANCE = {"engine.mid-cancel": 0.8, "engine.in-commit": 0.6, "engine.mid-log": 0.4}


@dataclass
class Node:
    """A server node. `hits` is the file its fault points write to."""

    name: str
    folder: Path
    database: str
    blobs: Path
    hits: Path
    port: int = field(default_factory=free_port)
    agent_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    stopped: bool = False
    starts: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, fault: str = "") -> None:
        """Starts it with one fault point armed."""
        self.starts += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "GURITA_DATA": str(self.folder),
            "GURITA_LISTEN": f"127.0.0.1:{self.port}",
            "GURITA_AGENT_PORT": str(self.agent_port),
            "GURITA_NODE_NAME": self.name,
            "GURITA_BLOBS": str(self.blobs),
            "GURITA_TASK_CAP": "12",
            "GURITA_LEASE": str(LEASE),
            "GURITA_ROOT_KEY": "Y2hhb3MtY2hhb3MtY2hhb3MtY2hhb3MtY2hhb3MtMDE=",
            "GURITA_ADMIN_API_KEY": KEY,
            "GURITA_ADMIN_PASSWORD": "chaos-is-a-ladder-42",
            "GURITA_FAULTS_LOG": str(self.hits),
        }
        if self.database:
            environment["GURITA_DATABASE"] = self.database
        if fault:
            environment["GURITA_FAULTS"] = f"{fault}=kill:{_CHANCE.get(fault, 0.15)}"
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [GURITA, "server"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    @property
    def dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.stopped = False

    def freeze(self) -> None:
        if not self.dead and self.process is not None:
            os.kill(self.process.pid, signal.SIGSTOP)
            self.stopped = True

    def thaw(self) -> None:
        if self.stopped and self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGCONT)
        self.stopped = False

    def terminate(self) -> None:
        self.thaw()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.kill()

    def wait_ready(self, seconds: float = 180) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"{self.url}/api", timeout=20).status_code == 200:
                    return
            if self.dead:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start:\n{(self.folder / 'server.log').read_text()[-3000:]}")


@dataclass
class World:
    """All processes, and what happened to them."""

    folder: Path
    nodes: list[Node]
    hosts: list[SshHost]
    agents: list[AgentProcess] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def counters(self) -> Path:
        """Where scripts leave a line each time they run."""
        return self.folder / "counters"

    def hits(self) -> Counter[str]:
        """How often each fault point struck, on all nodes."""
        found: Counter[str] = Counter()
        for node in self.nodes:
            if node.hits.exists():
                found.update(node.hits.read_text().split())
        return found

    def rarest(self) -> str:
        """The fault point that struck least so far."""
        hits = self.hits()
        return min(FAULTS, key=lambda name: (hits[name], name))

    def add_agent(self, name: str, environments: list[str], roles: list[str]) -> None:
        """Registers and starts a polling agent that dials every node."""
        home = self.folder / name
        home.mkdir()
        servers = [f"127.0.0.1:{node.agent_port}" for node in self.nodes]
        wanted = Machine(name, tuple(environments), tuple(roles), space="Spaces-1")
        with Api(self.nodes[0].url, api_key=KEY) as api:
            register(api, wanted, home=home, servers=servers)
        agent = AgentProcess(home)
        agent.start()
        self.agents.append(agent)

    def homes(self) -> list[Path]:
        """The ticket stores of all targets."""
        return [*(host.home for host in self.hosts), *(agent.home for agent in self.agents)]

    def running_tickets(self) -> list[tuple[Path, int]]:
        """Tickets under way, with the process that watches over each."""
        found = []
        for home in self.homes():
            with contextlib.suppress(OSError):
                found += self._running(home)
        return found

    def _running(self, home: Path) -> list[tuple[Path, int]]:
        found = []
        for store in (home / "tickets-v1", home / ".gurita" / "tickets-v1", home / "gurita" / "tickets-v1"):
            for proc in store.glob("*/*/proc"):
                with contextlib.suppress(OSError, ValueError):
                    if not (proc.parent / "result").exists():
                        found.append((proc.parent, int(proc.read_text().split("|")[0])))
        return found

    def close(self) -> None:
        """Ends every process this world started."""
        for node in self.nodes:
            node.thaw()
            node.kill()
        for agent in self.agents:
            agent.stop(signal.SIGKILL)
