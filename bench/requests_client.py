"""A client that costs little: `python -m bench.requests_client PORT PATH KEY SECONDS`. Prints requests a second.

Eight connections, each asking again as soon as it has its answer. Answers are told apart by their length alone, which
the first one shows; so each answer must be as long as the first.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from typing import cast

import uvloop

__all__ = ["main"]

_CONNECTIONS = 8


class _Asker(asyncio.Protocol):
    """One connection."""

    def __init__(self, request: bytes, length: int, ends: float) -> None:
        self.request, self.length, self.ends = request, length, ends
        self.done, self.seen = 0, 0
        self.over = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.seen += len(data)
        if self.seen < self.length or self.transport is None:
            return
        if self.seen > self.length:
            self.over.set_exception(RuntimeError("an answer is longer than the first"))
            return
        self.seen = 0
        self.done += 1
        if time.monotonic() < self.ends:
            self.transport.write(self.request)
        else:
            self.over.set_result(None)
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(RuntimeError(f"the server closed the connection: {error}"))


def _length(port: int, request: bytes) -> int:
    """How long an answer is, head and body. Raises RuntimeError for anything but 200."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request)
        seen = b""
        while b"\r\n\r\n" not in seen:
            seen += connection.recv(65536)
    head = seen.partition(b"\r\n\r\n")[0]
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(head.decode())
    lines = (line.split(b":") for line in head.lower().split(b"\r\n")[1:])
    return len(head) + 4 + int(next(line[1] for line in lines if line[0] == b"content-length"))


async def main(port: int, path: str, key: str, seconds: float) -> float:
    """Requests a second."""
    request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nX-Octopus-ApiKey: {key}\r\n\r\n".encode()
    length = await asyncio.to_thread(_length, port, request)
    loop, began = asyncio.get_running_loop(), time.monotonic()
    askers = [
        (await loop.create_connection(lambda: _Asker(request, length, began + seconds), "127.0.0.1", port))[1]
        for _ in range(_CONNECTIONS)
    ]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(asker.over for asker in askers))
    return sum(asker.done for asker in askers) / (time.monotonic() - began)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(runner.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]))))
