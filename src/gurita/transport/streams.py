"""Buffered streams between a carrier's callbacks and a reader that waits, with back-pressure."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

__all__ = ["Incoming"]


class Incoming:
    """Bytes that have arrived and nobody has read yet. `fail` and `end` come after all bytes before them."""

    __slots__ = ("_ended", "_failure", "_parts", "_taken", "_waiter", "size")

    def __init__(self, taken: Callable[[], None]) -> None:
        self._parts: deque[bytes] = deque()
        self._taken = taken
        self._ended = False
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Adds bytes."""
        self._parts.append(data)
        self.size += len(data)
        self._wake()

    def end(self) -> None:
        """No more bytes will come."""
        self._ended = True
        self._wake()

    def fail(self, error: Exception) -> None:
        """No more bytes will come, and that is an error to whoever reads on."""
        if not self._ended:
            self._failure = error
        self.end()

    async def read(self, size: int) -> bytes:
        """Up to `size` bytes, as soon as there are any; empty at the end. One reader at a time."""
        while not self._parts:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                return b""
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        part = self._parts.popleft()
        if len(part) > size:
            self._parts.appendleft(part[size:])
            part = part[:size]
        self.size -= len(part)
        self._taken()
        return part

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
