"""Running the server's commands the way an OpenSSH server does.

Each command is `sh -c` in a session of its own. When its connection breaks its stdin ends and its output has no
reader any more; it is not killed. Work that must outlive the agent detaches itself, as the runner's launcher does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncssh

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
        out_reader, out_writer = os.pipe()
        err_reader, err_writer = os.pipe()
        try:
            child = await asyncio.create_subprocess_exec(
                "/bin/sh",
                "-c",
                command,
                stdin=asyncio.subprocess.PIPE,
                stdout=out_writer,
                stderr=err_writer,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            for handle in (out_reader, err_reader):
                os.close(handle)
            with contextlib.suppress(*_LOST):
                process.stderr.write(f"the agent cannot start a command: {error.strerror}\n".encode())
                process.exit(126)
            return
        finally:
            os.close(out_writer)
            os.close(err_writer)
        feeding = asyncio.ensure_future(_feed(process, child))
        try:
            await asyncio.gather(_drain(out_reader, process.stdout), _drain(err_reader, process.stderr))
            rc = await child.wait()
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
            _close_input(child)
        with contextlib.suppress(*_LOST):
            _report(process, rc)


async def _feed(process: asyncssh.SSHServerProcess[bytes], child: asyncio.subprocess.Process) -> None:
    """Until the client ends its input, the connection breaks, or the command stops reading."""
    if child.stdin is None:
        return
    with contextlib.suppress(*_LOST):
        while data := await process.stdin.read(_BLOCK):
            child.stdin.write(data)
            await child.stdin.drain()
    _close_input(child)


def _close_input(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()


async def _drain(handle: int, writer: Any) -> None:
    """Copies a pipe to the client. Once the client is gone the pipe is closed, so that the command sees no reader."""
    reader = asyncio.StreamReader(_BLOCK)
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(handle, "rb", buffering=0)
    )
    try:
        while data := await reader.read(_BLOCK):
            writer.write(data)
            await writer.drain()
            if writer.is_closing():
                return
    except _LOST:
        return
    finally:
        pipe.close()


def _report(process: asyncssh.SSHServerProcess[bytes], rc: int) -> None:
    if rc >= 0:
        process.exit(rc)
    else:
        process.exit_with_signal(signal.Signals(-rc).name.removeprefix("SIG"))
