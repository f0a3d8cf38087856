"""What goes wrong, by a seeded draw, a blow every second or so."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path

from tests.chaos.world import LEASE, Node, World

__all__ = ["Nemesis"]


class Nemesis:
    """Strikes until told to stop, and brings back what died. `killed` are tickets whose runner it killed."""

    def __init__(self, world: World, seed: int, *, several: bool) -> None:
        self.world, self.several = world, several
        self.killed: list[Path] = []
        self.stop = threading.Event()
        self.problems: list[str] = []
        self._draw = random.Random(seed)
        self._thaw: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._last_runner = 0.0

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Stops striking and mends everything."""
        self.stop.set()
        self._thread.join()
        for node in self.world.nodes:
            node.thaw()
            node.kill()
            node.start()
            node.wait_ready()

    def _run(self) -> None:
        next_blow = time.monotonic() + 3
        while not self.stop.is_set():
            try:
                self._revive()
                if time.monotonic() > next_blow:
                    self._strike()
                    next_blow = time.monotonic() + self._draw.uniform(0.5, 1.8)
            except Exception as error:  # noqa: BLE001 - told at the end
                self.problems.append(repr(error))
            time.sleep(0.05)

    def _revive(self) -> None:
        for node in self.world.nodes:
            if node.stopped and time.monotonic() > self._thaw.get(node.name, 0):
                node.thaw()
            elif node.dead:
                self.world.happened["node died"] += 1
                node.start(self.world.rarest())

    def _strike(self) -> None:
        blows = [self._kill_node, self._cut_host, self._kill_agent, self._cut_host, self._kill_runner]
        if self.several:
            blows.append(self._freeze_node)
        self._draw.choice(blows)()

    def _kill_node(self) -> None:
        node: Node = self._draw.choice(self.world.nodes)
        if not node.stopped:
            node.kill()
            self.world.happened["node killed -9"] += 1

    def _freeze_node(self) -> None:
        if any(node.stopped or node.dead for node in self.world.nodes):
            return
        node = self._draw.choice(self.world.nodes)
        self._thaw[node.name] = time.monotonic() + LEASE * self._draw.uniform(1.2, 1.8)
        node.freeze()
        self.world.happened["node stopped past its lease"] += 1

    def _cut_host(self) -> None:
        self._draw.choice(self.world.hosts).cut()
        self.world.happened["connections cut"] += 1

    def _kill_agent(self) -> None:
        agent = self._draw.choice(self.world.agents)
        agent.stop(signal.SIGKILL)
        agent.start()
        self.world.happened["agent killed -9"] += 1

    def _kill_runner(self) -> None:
        """Seldom, since each costs a deployment."""
        if time.monotonic() - self._last_runner < 6:
            return
        found = self.world.running_tickets()
        if not found:
            return
        ticket, pid = self._draw.choice(found)
        child = _number(ticket / "child")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if child:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
        self._last_runner = time.monotonic()
        if not (ticket / "result").exists():
            self.killed.append(ticket)
            self.world.happened["runner killed -9"] += 1


def _number(path: Path) -> int:
    try:
        return int(path.read_text().split("|")[0])
    except (OSError, ValueError):
        return 0
