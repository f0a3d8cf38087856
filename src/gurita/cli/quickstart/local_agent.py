"""An agent beside the server, as a child process of the same user, for quickstart."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, CommandError

__all__ = ["LocalAgent"]

_PROGRAM = (sys.executable, "-m", "gurita.agent.program")
_CONNECTED = "the server is connected"
_PATIENCE = 20.0


class LocalAgent:
    """`home` is the agent's folder, `log` what it says. It registers itself with a one-time token."""

    def __init__(self, home: Path, name: str) -> None:
        self.home, self.name = home, name
        self.log = home.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def register(self, client: Client, environments: list[str], roles: list[str]) -> None:
        """Makes this machine known, unless it is. Raises CommandError with what the agent said."""
        if (self.home / "config.json").exists() and self._known(client):
            return
        ids = [client.get(f"environments/{quote(each)}")["Id"] for each in environments]
        made = client.post("gurita/registration-tokens", {"EnvironmentIds": ids, "Roles": roles})
        command = [*_PROGRAM, "register", "--force", "--home", str(self.home), "--server", client.url]
        command += ["--name", self.name]
        done = subprocess.run(
            command,
            env=_environment(GURITA_REGISTRATION_TOKEN=made["Token"]),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise CommandError(f"the agent could not be registered: {done.stderr.strip()}")

    def start(self) -> None:
        """Starts it; returns once it is connected. Raises CommandError with its log when it does not come to that.

        One that survived a killed server is still connected, and is left to work.
        """
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*_PROGRAM, "run", "--home", str(self.home)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            said = self.log.read_text(errors="replace")
            if _CONNECTED in said or "another agent runs" in said:
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise CommandError(
            f"the agent did not connect; {self.log} says: {self.log.read_text(errors='replace')[-500:]}"
        )

    def stop(self) -> None:
        """Ends it."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _known(self, client: Client) -> bool:
        try:
            found: dict[str, Any] = client.get(f"machines/{quote(self.name)}")
        except ApiRefused as refused:
            if refused.status == 404:
                return False
            raise
        return bool(found)


def _environment(**more: str) -> dict[str, str]:
    """The user's environment without the server's own settings and secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GURITA_")} | more
