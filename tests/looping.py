"""Tests written as coroutines, each in an event loop of its own with a limit of time."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["in_loop", "until"]


def in_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Runs a coroutine test to its end; it fails after five minutes."""

    @functools.wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(300):
                await test(*arguments, **named)

        asyncio.run(limited())

    return run


async def until(condition: Callable[[], object], seconds: float = 90) -> None:
    """Returns once `condition()` is true; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(0.01)
