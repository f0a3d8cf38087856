"""A real `gurita server`, a process of its own on free ports of loopback, and a client of its API.

    with gurita_server(folder) as server:
        server.client.get("/api/tasks")

Options say which database, which node, and
more environment, such as `GURITA_FAULTS`. A test that breaks things uses `kill`, `stop`, `cont`, `restart`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from tests.canary import PREFIX, in_folder, in_postgres, leaks, secret
from tests.fixtures_sshd import free_port

__all__ = ["GURITA", "PASSWORD", "GuritaServer", "gurita_server", "left_behind", "new_api_key"]

GURITA = str(Path(sys.executable).with_name("gurita"))
PASSWORD = secret("password", " correct horse battery staple ")
"""Of administrators of tests. Like the keys it is found again wherever it leaks (`tests.canary`)."""
_LETTERS = string.ascii_uppercase + string.digits


def new_api_key() -> str:
    """A key as GURITA_ADMIN_API_KEY takes it."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(22))
    return f"API-{drawn[:11]}{PREFIX}{drawn[11:]}"


@dataclass
class GuritaServer:
    """One node. Nodes of a cluster share `api_key`, `database` and, through `environment`, GURITA_ROOT_KEY and blobs.

    `data` is its data folder, one of its own in `folder` unless another is given; `log` the file its standard output and error go to, over all its lives.
    """

    folder: Path
    database: str = ""
    node_name: str = "main"
    options: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    data: Path = Path()
    api_key: str = field(default_factory=new_api_key)
    port: int = field(default_factory=free_port)
    agent_port: int = field(default_factory=free_port)
    ready_path: str = "/api"
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.data == Path():
            self.data = self.folder / "data"
        self.client = httpx2.Client(
            base_url=self.url, headers={"X-Octopus-ApiKey": self.api_key}, timeout=120, trust_env=False
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed so far."""
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        """The process. AssertionError when there is none."""
        assert self.process is not None, "the server is not running"
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there (it may have ended by itself)."""
        return self.process is not None and self.process.poll() is None

    def command(self) -> list[str]:
        """The command line it is started with."""
        words = [GURITA, "server", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        words += ["--agent-port", str(self.agent_port), "--node-name", self.node_name]
        return [*words, *self.options]

    def start(self, *, wait: bool = True) -> None:
        """Starts the process, and with `wait` returns once it answers."""
        values = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith("GURITA_") or name == "GURITA_PORTAL"
            },
            "GURITA_ADMIN_USERNAME": "admin",
            "GURITA_ADMIN_PASSWORD": PASSWORD,
            "GURITA_ADMIN_API_KEY": self.api_key,
            **({"GURITA_DATABASE": self.database} if self.database else {}),
            **self.environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=values, cwd=self.folder
            )
        if wait:
            self.wait_ready()

    def wait_ready(self, seconds: float = 180) -> None:
        """Returns once it answers; AssertionError with its log when it ends before, or does not in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.running:
            with contextlib.suppress(httpx2.HTTPError):
                if self.client.get(self.ready_path, timeout=20).status_code == 200:
                    return
            time.sleep(0.05)
        ended = self.process.poll() if self.process else None
        raise AssertionError(
            f"the server did not come up (exit code {ended}): {self.log.read_text()[-4000:]}"
        )

    def end(self, seconds: float = 90) -> int:
        """Asks it to end (SIGTERM) and answers its exit code. AssertionError when it stays."""
        return self._signal_and_wait(signal.SIGTERM, seconds)

    def kill(self) -> None:
        """Ends it with SIGKILL, in the middle of whatever it does."""
        self._signal_and_wait(signal.SIGKILL, 90)

    def stop(self) -> None:
        """Stops it with SIGSTOP: it is there and does nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def cont(self) -> None:
        """Lets a stopped one go on."""
        os.kill(self.pid, signal.SIGCONT)

    def restart(self, *, gently: bool = True) -> None:
        """Ends it (or kills it) and starts it again on the same ports with the same data."""
        if self.running:
            self.end() if gently else self.kill()
        self.start()

    def close(self) -> None:
        """Ends the process, however it is, and the client."""
        if self.process is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                self.cont()
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        self.client.close()

    def _signal_and_wait(self, number: int, seconds: float) -> int:
        assert self.process is not None, "the server is not running"
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the server stays after {signal.Signals(number).name}") from None
        self.process = None
        return code

    def get(self, path: str, **query: Any) -> Any:
        """What a GET below /api answers; AssertionError with the answer when it is refused."""
        return _good(self.client.get(f"/api/{path}", params=query))

    def post(self, path: str, body: Any) -> Any:
        """What a POST below /api answers; AssertionError with the answer when it is refused."""
        return _good(self.client.post(f"/api/{path}", json=body))

    def put(self, path: str, body: Any) -> Any:
        """What a PUT below /api answers; AssertionError with the answer when it is refused."""
        return _good(self.client.put(f"/api/{path}", json=body))

    def finished(self, task: str, seconds: float = 180) -> dict[str, Any]:
        """The task once it has ended; AssertionError with why it waits when it does not in time."""
        found: dict[str, Any] = self.until(
            lambda: told if (told := self.get(f"tasks/{task}"))["IsCompleted"] else None,
            seconds,
            lambda: self.get(f"tasks/{task}/explain"),
        )
        return found

    def until(
        self, condition: Callable[[], Any], seconds: float = 120, why: Callable[[], object] = lambda: ""
    ) -> Any:
        """The first true thing `condition` answers; AssertionError with `why()` and the log's end when none comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.05)
        raise AssertionError(
            f"it did not come to that in {seconds} s: {why()}\n{self.log.read_text()[-4000:]}"
        )


def _good(answer: httpx2.Response) -> Any:
    assert answer.status_code < 300, (
        f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
    )
    return answer.json() if answer.content else None


@contextlib.contextmanager
def gurita_server(folder: Path, **options: Any) -> Iterator[GuritaServer]:
    """A ready server with its files in `folder`; ended at the exit. `options` are the members of GuritaServer.

    When the test went well, no secret it handed out (`tests.canary`) may lie in what the server leaves behind.
    """
    made = GuritaServer(folder, **options)
    try:
        made.start()
        yield made
    finally:
        made.close()
    assert (found := left_behind(made)) == [], "secrets leaked:\n" + "\n".join(found)


def left_behind(server: GuritaServer) -> list[str]:
    """What is found of secrets of tests in the log, the data folder and the database of a server that has ended."""
    found = [f"server.log: {leak}" for leak in leaks(server.log.read_bytes())] + in_folder(server.data)
    if server.database:
        with contextlib.suppress(psycopg.OperationalError):
            found += in_postgres(server.database)
    return found
