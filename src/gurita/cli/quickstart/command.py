"""The command `gurita quickstart`: what happens is told as it happens."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from gurita.cli.server import ServerOptions
from gurita.kernel.errors import GuritaError

if TYPE_CHECKING:
    from gurita.cli.quickstart.preparing import Quickstart
    from gurita.server.wiring import Server

__all__ = ["quickstart"]


def quickstart(
    *, once: Annotated[bool, Parameter(negative="")] = False, options: ServerOptions | None = None
) -> int:
    """Start a server and an agent on this machine, and deploy a sample project while you watch. Ctrl-C ends both.

    A second start in the same folder goes on where the first one was.

    Parameters
    ----------
    once
        End when the sample has been deployed.
    """
    from gurita.server.serving import log_to_file, run_loop, serve
    from gurita.server.settings import read_settings

    settings = read_settings(asdict(options or ServerOptions()))
    story = _Story(once=once)
    log_to_file(settings.data.absolute() / "server.log", settings.log_level)
    print(f"Starting a server in {settings.data.absolute()}", flush=True)
    try:
        run_loop(serve(settings, story.begin, story.over))
    finally:
        story.close()
    return story.code


class _Story:
    """What is told once the server answers, in a thread beside its loop."""

    def __init__(self, *, once: bool) -> None:
        self._once = once
        self._quickstart: Quickstart | None = None
        self.over = asyncio.Event()
        self.code = 0

    async def begin(self, server: Server) -> None:
        """Called by the server when it is ready."""
        from gurita.cli.quickstart.preparing import Quickstart

        quickstart = self._quickstart = Quickstart.of(server.settings)
        loop = asyncio.get_running_loop()

        def told() -> None:
            try:
                self._tell(quickstart, server)
            except (GuritaError, OSError) as error:
                print(f"gurita: {error}", file=sys.stderr, flush=True)
                self.code = 1
            if self._once or self.code:
                loop.call_soon_threadsafe(self.over.set)

        threading.Thread(target=told, name="quickstart", daemon=True).start()

    def _tell(self, quickstart: Quickstart, server: Server) -> None:
        from gurita.cli.progress import Lines, result_text
        from gurita.cli.watching import exit_code, watch
        from gurita.secrets.opening import reveal

        first = server.administrator
        quickstart.keep_key(first.api_key if first else None)
        with quickstart.client() as client:
            print("Making a sample project and an agent on this machine", flush=True)
            task = quickstart.prepare(client)
            if task is not None:
                watched = watch(client, [task], Lines(client))
                print(result_text(watched[0].task))
                self.code = exit_code(watched)
            password = first.password if first else None
            print(
                _end(quickstart, first.username if first else "", reveal(password) if password else ""),
                _gone(quickstart) if self._once else _STAYS,
                sep="\n",
                flush=True,
            )

    def close(self) -> None:
        """Ends the agent."""
        if self._quickstart is not None:
            self._quickstart.agent.stop()


_STAYS = "Ctrl-C ends the server and the agent."


def _gone(quickstart: Quickstart) -> str:
    """What stands last where the server does not stay."""
    return (
        f"The server and the agent end now; what they made is kept in {quickstart.settings.data.absolute()}."
    )


def _end(quickstart: Quickstart, username: str, password: str) -> str:
    """Where everything is, and what to try."""
    from gurita.cli.quickstart.sample import DEVELOPMENT, PRODUCTION, PROJECT, VERSION

    sign_in = (
        "the user name and password of the first start. Forgotten? Stop the server and run\n"
        f"    {Path(sys.executable).with_name('gurita')} administrator admin --data {quickstart.settings.data.absolute()}"
    )
    if username:
        sign_in = f"user name {username}, password {password or 'as GURITA_ADMIN_PASSWORD says'}"
    shown = " (shown this once)." if password else ""
    return f"""
Gurita is ready at {quickstart.url}
  Sign in with {sign_in}{shown}
  The server's log is {quickstart.settings.data.absolute() / "server.log"}.

Three things to try, in another terminal. First:
  . {quickstart.shell_file}
1. Take the release on to {PRODUCTION}:
  gurita release deploy "{PROJECT}" {VERSION} {PRODUCTION} --wait
2. Make a second release and deploy it, leaving a step out:
  gurita release create "{PROJECT}" --version 0.0.2 --notes "Less checking" --ignore-existing
  gurita release deploy "{PROJECT}" 0.0.2 {DEVELOPMENT} --skip "Measure the page" --wait
3. Get the command that makes another machine a target:
  gurita machine invite --environment {DEVELOPMENT} --role hello-web
"""
