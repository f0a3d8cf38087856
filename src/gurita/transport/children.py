"""A command on this machine, started the way an OpenSSH server starts one: `sh -c` in a session of its own.

asyncio's own pipes would kill the command when they are given up, and let `wait` depend on who else holds them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Child"]

_BLOCK = 256 * 1024


class Child:
    """A running command. Closing a stream shows the command a closed pipe, and kills nothing."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        writer: asyncio.StreamWriter,
        out: asyncio.StreamReader,
        err: asyncio.StreamReader,
        pipes: tuple[asyncio.BaseTransport, asyncio.BaseTransport],
    ) -> None:
        self._process = process
        self._writer = writer
        self._pipes = pipes
        self.out = out
        self.err = err

    @classmethod
    async def start(cls, command: str, environment: Mapping[str, str], folder: Path) -> Child:
        """Starts a POSIX sh command line. Raises OSError.

        Who is canceled meanwhile leaves nothing behind, whatever the command has started by then.
        """
        starting = asyncio.ensure_future(cls._start(command, environment, folder))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.shield(_unwanted(starting))
            raise

    @classmethod
    async def _start(cls, command: str, environment: Mapping[str, str], folder: Path) -> Child:
        ours: list[int] = []
        theirs: list[int] = []
        try:
            for number in range(3):
                reading, writing = os.pipe()
                ours.append(reading if number else writing)
                theirs.append(writing if number else reading)
            process = await asyncio.create_subprocess_exec(
                "/bin/sh",
                "-c",
                command,
                stdin=theirs[0],
                stdout=theirs[1],
                stderr=theirs[2],
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        except BaseException:
            for handle in ours:
                os.close(handle)
            raise
        finally:
            for handle in theirs:
                os.close(handle)
        writer, (out, out_pipe), (err, err_pipe) = await _streams(ours)
        return cls(process, writer, out, err, (out_pipe, err_pipe))

    @property
    def returncode(self) -> int | None:
        """The exit code, or minus the number of the signal that ended it; None while it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """Returns when the command itself has ended, whoever still holds its streams."""
        return await self._process.wait()

    async def write(self, data: bytes) -> None:
        """Sends to its stdin. Raises OSError when it does not read any more."""
        self._writer.write(data)
        await self._writer.drain()

    def close_input(self) -> None:
        """Ends its stdin."""
        with contextlib.suppress(OSError):
            self._writer.close()

    def close_output(self) -> None:
        """Stops reading from it."""
        for pipe in self._pipes:
            pipe.close()

    async def destroy(self) -> None:
        """Ends it at once, with all that it started in its session, and returns when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self.close_input()
        self.close_output()
        await self.wait()

    def signal(self, number: int) -> None:
        """Sends a signal to the `sh` alone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)


_Streams = tuple[
    asyncio.StreamWriter,
    tuple[asyncio.StreamReader, asyncio.BaseTransport],
    tuple[asyncio.StreamReader, asyncio.BaseTransport],
]


async def _streams(handles: list[int]) -> _Streams:
    return await _writer(handles[0]), await _reader(handles[1]), await _reader(handles[2])


async def _unwanted(starting: asyncio.Future[Child]) -> None:
    """Ends a command whose starter was canceled before it could have it."""
    with contextlib.suppress(OSError):
        await (await starting).destroy()


async def _writer(handle: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(handle, "wb", buffering=0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


async def _reader(handle: int) -> tuple[asyncio.StreamReader, asyncio.BaseTransport]:
    reader = asyncio.StreamReader(_BLOCK)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(handle, "rb", buffering=0)
    )
    return reader, transport
