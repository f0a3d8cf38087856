"""A real `gurita quickstart`: server, agent and sample, for tests that need all of it, and the command line as a user types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fixtures_server import GURITA
from tests.fixtures_sshd import free_port

__all__ = ["Quickstart", "Said", "clean_environment", "gurita"]

_LAST = "Ctrl-C ends the server and the agent."


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what a server or client of the machine is told there, or keeps in a file."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GURITA_") or name == "GURITA_PORTAL"
    }
    return {**kept, "COLUMNS": "100", "GURITA_CLI_CONFIG": os.devnull, **more}


def gurita(
    *words: str, environment: Mapping[str, str] | None = None, stdin: str = "", seconds: float = 240
) -> Said:
    """Runs the command `gurita` to its end."""
    done = subprocess.run(
        [GURITA, *words],
        input=stdin,
        env=clean_environment(**(environment or {})),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@dataclass
class Quickstart:
    """One quickstart in `folder`, on ports of its own that stay over its lives."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    agent_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "gurita-data"

    @property
    def said(self) -> str:
        """What the last start printed."""
        return (self.folder / "said.txt").read_text()

    def start(self, *options: str) -> None:
        """Starts it, without waiting."""
        words = [
            GURITA,
            "quickstart",
            "--listen",
            f"127.0.0.1:{self.port}",
            "--agent-port",
            str(self.agent_port),
        ]
        with (self.folder / "said.txt").open("wb") as said:
            self.process = subprocess.Popen(
                [*words, *options],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=self.folder,
                env=clean_environment(**self.environment),
            )

    def wait_ready(self, seconds: float = 240) -> None:
        """Returns once everything is there; AssertionError with what it said when it does not come to that."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if _LAST in self.said:
                return
            time.sleep(0.05)
        raise AssertionError(f"quickstart did not come up: {self.said}")

    def end(self, number: int = signal.SIGINT, seconds: float = 90) -> int:
        """Sends a signal and answers the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(seconds)
        self.process = None
        return code

    def close(self) -> None:
        """Ends it, however it is."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def run(self, *words: str, **more: Any) -> Said:
        """Runs `gurita` as its administrator."""
        key = (self.data / "cli.key").read_text().strip()
        return gurita(*words, environment={"GURITA_URL": self.url, "GURITA_API_KEY": key}, **more)
