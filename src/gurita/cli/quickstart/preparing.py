"""Quickstart: everything on one machine, filled through the REST API as a user would."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from gurita.cli.client import Client
from gurita.cli.errors import CommandError
from gurita.cli.options import Options
from gurita.cli.quickstart.local_agent import LocalAgent
from gurita.cli.quickstart.sample import DEVELOPMENT, PRODUCTION, ROLE, ensure_sample, first_deployment
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.server.settings import Settings

__all__ = ["Quickstart"]


@dataclass(frozen=True, slots=True)
class Quickstart:
    """`settings` are those of the running server. `key_file` keeps its API key, `shell_file` what a shell reads."""

    settings: Settings
    agent: LocalAgent

    @classmethod
    def of(cls, settings: Settings) -> Quickstart:
        """The quickstart of a server's data folder."""
        name = os.uname().nodename.split(".")[0] or "this-machine"
        return cls(settings, LocalAgent(settings.data.absolute() / "agent", name))

    @property
    def key_file(self) -> Path:
        """The administrator's API key, for the user alone."""
        return self.settings.data.absolute() / "cli.key"

    @property
    def shell_file(self) -> Path:
        """What makes `gurita` work in another shell: address, key, path."""
        return self.settings.data.absolute() / "cli.env"

    @property
    def url(self) -> str:
        """Where this machine reaches the server; an address that means every interface is loopback here."""
        host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(self.settings.host)  # noqa: S104 - read only
        if host is None or self.settings.public_url:
            return self.settings.url
        return f"http://{host}:{self.settings.port}{self.settings.prefix}"

    def keep_key(self, key: Sensitive | None) -> None:
        """Keeps the key of a first start for the next ones. Raises CommandError when there is none to keep or to find."""
        text = reveal(key) if key is not None else os.environ.get("GURITA_ADMIN_API_KEY") or ""
        if not self.key_file.exists():
            text = text or os.environ.get("GURITA_API_KEY", "")
            if not text:
                raise CommandError(
                    f"{self.settings.data} was not made by quickstart: set GURITA_API_KEY to the key of an "
                    "administrator, or choose another folder with --data."
                )
            _write(self.key_file, f"{text}\n")
        programs = Path(sys.executable).parent
        lines = [
            f"export GURITA_URL={shlex.quote(self.url)}",
            f'export GURITA_API_KEY="$(cat {shlex.quote(str(self.key_file))})"',
            f'export PATH={shlex.quote(str(programs))}:"$PATH"',
        ]
        _write(self.shell_file, "\n".join(lines) + "\n")

    def client(self) -> Client:
        """A client signed in as the administrator."""
        return Client(Options(url=self.url, api_key_file=self.key_file))

    def prepare(self, client: Client) -> str | None:
        """Makes the sample and the agent; answers the task of the first deployment, None when that was done before."""
        ensure_sample(client, str(self.settings.data.absolute() / "hello"))
        self.agent.register(client, [DEVELOPMENT, PRODUCTION], [ROLE])
        self.agent.start()
        return first_deployment(client)


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
