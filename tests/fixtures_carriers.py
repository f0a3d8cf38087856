"""One machine behind each carrier: a hub that reaches it, and ways to hurt the connection."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from gurita.agent import config
from gurita.kernel.clock import SystemClock
from gurita.secrets.opening import reveal
from gurita.transport.carrier import SUBPROTOCOL
from gurita.transport.endpoints import Endpoint, ListeningAgent, Local, PollingAgent
from gurita.transport.hub import Hub
from gurita.transport.keys import fingerprint
from gurita.transport.ssh_dial import Dialling
from tests.fixtures_sshd import SshHost, bare_path, free_port, python_path, sshd, without_python
from tests.looping import until
from tests.needs import need

__all__ = ["CARRIERS", "HASTY", "QUICK", "AgentProcess", "Carrier", "carried", "reveal"]

CARRIERS = ("openssh", "agent_listening", "agent_polling", "agent_websocket", "local")
QUICK = Dialling(connect=60, keepalive=10, attempts=3, resting=10)
"""As patient as a busy machine needs."""
HASTY = Dialling(connect=60, keepalive=0.5, attempts=3, resting=0.5)
"""Gives a host up that is silent for a moment: for tests that let one fall silent."""

_RUN = """
import asyncio, logging, sys
from pathlib import Path
from gurita.agent.main import run

logging.basicConfig(level="INFO")
asyncio.run(run(Path(sys.argv[1]), longest_pause=0.2))
"""


@dataclass
class AgentProcess:
    """An agent as a process of its own."""

    home: Path
    bare: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; its log goes to HOME/agent.log."""
        environment = {**os.environ, "PATH": bare_path(self.home.parent) if self.bare else python_path()}
        command = [sys.executable, "-c", _RUN, str(self.home)]
        environment.pop("GURITA_HOME", None)
        with (self.home / "agent.log").open("ab") as log:
            self.process = subprocess.Popen(
                without_python(command) if self.bare else command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ends this process alone, as `KillMode=process` does; answers its exit code."""
        if self.process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process = None

    def log(self) -> str:
        """What it has said."""
        return (self.home / "agent.log").read_text()


@dataclass
class Carrier:
    """A machine and how to reach it. `home` is its GURITA_HOME."""

    name: str
    home: Path
    server_key: asyncssh.SSHKey
    endpoint: Endpoint
    port: int = 0
    host: SshHost | None = None
    agent: AgentProcess | None = None

    @contextlib.asynccontextmanager
    async def hub(self, dialling: Dialling = QUICK) -> AsyncIterator[Hub]:
        """A hub that reaches it now; a polling agent has dialled in."""
        hub = Hub(self.server_key, SystemClock(), reveal, dialling=dialling, local_home=self.home)
        try:
            async with self._door(hub):
                if isinstance(self.endpoint, PollingAgent):
                    wanted = self.endpoint.subscription
                    await until(lambda: wanted in hub.connected)
                yield hub
        finally:
            await hub.close()

    @contextlib.asynccontextmanager
    async def _door(self, hub: Hub) -> AsyncIterator[None]:
        """What a polling agent dials, if this machine is one."""
        if self.name == "agent_websocket":
            async with serve(
                lambda socket: hub.carry(_Visit(socket), self.allowed),
                "127.0.0.1",
                self.port,
                subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]  # a NewType of str
                compression=None,
            ):
                yield
                await hub.close()
            return
        if isinstance(self.endpoint, PollingAgent):
            await hub.listen("127.0.0.1", self.port, self.allowed)
        yield

    async def allowed(self, found: str, subscription: str) -> bool:
        """Only the one agent, with its own key."""
        endpoint = self.endpoint
        known = isinstance(endpoint, PollingAgent) and subscription == endpoint.subscription
        return known and isinstance(endpoint, PollingAgent) and found in endpoint.fingerprints

    def serving(self) -> list[int]:
        """The processes that hold the connection at the machine's side."""
        if self.host is not None:
            return self.host.sessions()
        if self.agent is not None and self.agent.process is not None:
            return [self.agent.process.pid]
        return []

    def freeze(self) -> list[int]:
        """Stops them: the machine does not answer any more."""
        pids = self.serving()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        return pids

    def thaw(self, pids: list[int]) -> None:
        """Lets them go on."""
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def break_connection(self) -> None:
        """Cuts the connection at the machine's side, and lets it be reached again."""
        if self.host is not None:
            self.host.cut()
        elif self.agent is not None:
            self.agent.stop(signal.SIGKILL)
            self.agent.start()
            self.wait_listening()

    def wait_listening(self) -> None:
        """For a listening agent: until its port is there."""
        if isinstance(self.endpoint, ListeningAgent):
            _wait_port(self.port)


class _Visit:
    """The server's end of a WebSocket as Messages."""

    def __init__(self, socket: ServerConnection) -> None:
        self.send, self.close = socket.send, socket.close
        self._socket = socket

    async def receive(self) -> bytes:
        """The next message, or none when the other side has gone."""
        try:
            message = await self._socket.recv()
        except ConnectionClosed:
            return b""
        return message if isinstance(message, bytes) else message.encode()


@contextlib.contextmanager
def carried(name: str, folder: Path, *, bare: bool = False) -> Iterator[Carrier]:
    """The machine behind the carrier `name`, started and ended here. A `bare` one has no Python for commands."""
    if bare:
        need("namespaces")
    server_key = asyncssh.generate_private_key("ssh-ed25519")
    if name == "openssh":
        need("sshd")
        with sshd(folder, bare=bare) as (host,):
            yield Carrier(name, host.home, server_key, host.endpoint, host.port, host)
        return
    home = folder / "home"
    home.mkdir()
    if name == "local":
        yield Carrier(name, home, server_key, Local())
        return
    agent = AgentProcess(home, bare)
    carrier = _agent(name, agent, server_key)
    agent.start()
    try:
        carrier.wait_listening()
        yield carrier
    finally:
        agent.stop(signal.SIGKILL)


def _agent(name: str, agent: AgentProcess, server_key: asyncssh.SSHKey) -> Carrier:
    port = free_port()
    pinned = (fingerprint(server_key),)
    subscription = f"sub{port}"
    settings = config.Config(pinned, subscription)
    found = (fingerprint(config.host_key(agent.home)),)
    endpoint: Endpoint
    if name == "agent_listening":
        settings = replace(settings, listen=f"127.0.0.1:{port}")
        endpoint = ListeningAgent("127.0.0.1", port, found)
    else:
        place = f"127.0.0.1:{port}"
        settings = replace(settings, servers=(f"ws://{place}" if name == "agent_websocket" else place,))
        endpoint = PollingAgent(subscription, found)
    config.save(agent.home, settings)
    return Carrier(name, agent.home, server_key, endpoint, port, agent=agent)


def _wait_port(port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError("the agent did not listen in time")
