"""Running a command to its end over any carrier's channel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from gurita.transport.errors import CommandTimeout, TransportError
from gurita.transport.ports import LARGEST_ANSWER, Channel, Finished

__all__ = ["run_through"]


async def run_through(
    opening: Callable[[str], Awaitable[Channel]], command: str, stdin: bytes, timeout: float
) -> Finished:
    """Opens `command`, feeds it, and waits for both its streams and its exit code.

    Raises CommandTimeout after `timeout` seconds, TransportError when it answers more than 16 MiB, and what the
    channel raises.
    """
    channel: Channel | None = None
    try:
        async with asyncio.timeout(timeout):
            channel = await opening(command)
            return await _finished(channel, stdin)
    except TimeoutError:
        raise CommandTimeout(f"a command did not end within {timeout:g} s") from None
    finally:
        if channel is not None:
            channel.close()


async def _finished(channel: Channel, stdin: bytes) -> Finished:
    feeding = asyncio.ensure_future(_feed(channel, stdin))
    reading = asyncio.gather(_all(channel.read), _all(channel.read_error))
    try:
        out, err = await reading
        rc = await channel.wait()
        return Finished(rc, out, err)
    finally:
        feeding.cancel()
        reading.cancel()
        await asyncio.gather(feeding, reading, return_exceptions=True)


async def _feed(channel: Channel, stdin: bytes) -> None:
    if stdin:
        await channel.write(stdin)
    channel.close_input()


async def _all(read: Callable[[int], Awaitable[bytes]]) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := await read(262144):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            raise TransportError("a command answered more than 16 MiB")
    return b"".join(parts)
