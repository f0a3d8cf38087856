"""Running the server's commands the way an OpenSSH server does.

Each command is `sh -c` in a session of its own. When its connection breaks its stdin ends and its output has no
reader any more; it is not killed. Work that must outlive the agent detaches itself, as the runner's launcher does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Mapping
from pathlib import Path

import asyncssh

from gurita.transport.children import Child

__all__ = ["Commands"]

_BLOCK = 256 * 1024
_LOST = (asyncssh.Error, OSError)


class Commands:
    """The commands under way in this agent."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = dict(environment)
        self._folder = folder
        self._running: set[asyncio.Task[None]] = set()

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """asyncssh's process handler: runs the command and copies its streams until both are done."""
        if process.command is None:
            process.stderr.write(b"This is an agent of Gurita: it runs commands and has no shell.\n")
            process.exit(1)
            return
        task = asyncio.ensure_future(self._run(process, process.command))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def settled(self, timeout: float) -> None:
        """Waits up to `timeout` seconds for commands to end by themselves."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout)

    async def _run(self, process: asyncssh.SSHServerProcess[bytes], command: str) -> None:
        try:
            child = await Child.start(command, self._environment, self._folder)
        except OSError as error:
            with contextlib.suppress(*_LOST):
                process.stderr.write(f"the agent cannot start a command: {error.strerror}\n".encode())
                process.exit(126)
            return
        feeding = asyncio.ensure_future(_feed(process, child))
        try:
            await asyncio.gather(
                _copy(child, child.out, process.stdout), _copy(child, child.err, process.stderr)
            )
            child.close_output()
            rc = await child.wait()
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
            child.close_input()
            child.close_output()
        with contextlib.suppress(*_LOST):
            _report(process, rc)


async def _feed(process: asyncssh.SSHServerProcess[bytes], child: Child) -> None:
    """Until the client ends its input, the connection breaks, or the command stops reading."""
    with contextlib.suppress(*_LOST):
        while data := await process.stdin.read(_BLOCK):
            await child.write(data)
    child.close_input()


async def _copy(child: Child, reader: asyncio.StreamReader, writer: asyncssh.SSHWriter[bytes]) -> None:
    """Until the command ends its output. When the client is gone, the command sees that nobody reads."""
    with contextlib.suppress(*_LOST):
        while data := await reader.read(_BLOCK):
            writer.write(data)
            await writer.drain()
            if writer.is_closing():
                break
        else:
            return
    child.close_output()


def _report(process: asyncssh.SSHServerProcess[bytes], rc: int) -> None:
    if rc >= 0:
        process.exit(rc)
    else:
        process.exit_with_signal(signal.Signals(-rc).name.removeprefix("SIG"))
