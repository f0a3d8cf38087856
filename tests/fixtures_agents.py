"""Polling agents of this machine, registered with a server and running as processes of their own."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from gurita.agent.main import register
from gurita.agent.register import Api, Machine
from tests.fixtures_carriers import AgentProcess
from tests.fixtures_server import GuritaServer

__all__ = ["agents"]


@contextlib.contextmanager
def agents(
    folder: Path, server: GuritaServer, *, environments: Sequence[str], roles: Sequence[str], count: int = 1
) -> Iterator[list[AgentProcess]]:
    """`count` agents called `agent-0` and so on, each with a home of its own below `folder`. Ended at the exit."""
    made = []
    try:
        for number in range(count):
            home = folder / f"agent-{number}"
            home.mkdir(parents=True)
            wanted = Machine(home.name, tuple(environments), tuple(roles), space="Spaces-1")
            dialled = [f"127.0.0.1:{server.agent_port}"]
            with Api(server.url, api_key=server.api_key) as api:
                register(api, wanted, home=home, servers=dialled)
            agent = AgentProcess(home)
            agent.start()
            made.append(agent)
        yield made
    finally:
        for agent in made:
            agent.stop(signal.SIGTERM)
