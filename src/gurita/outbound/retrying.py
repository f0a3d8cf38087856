"""Trying again what may succeed later, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gurita.kernel.clock import Clock
from gurita.kernel.errors import Retryable

__all__ = ["LONGEST_PAUSE", "Say", "patiently"]

T = TypeVar("T")

Say = Callable[[str], None]
"""Takes a line for whoever watches, such as a task's log."""

LONGEST_PAUSE = 300.0


async def patiently(
    attempt: Callable[[], Awaitable[T]],
    *,
    attempts: int,
    backoff: float,
    clock: Clock,
    say: Say = lambda _: None,
) -> T:
    """What `attempt` gives, asked up to `attempts` times.

    Between them `backoff` seconds pass, doubled each time, or as many as the server asked for; at most five minutes.
    Raises the last Retryable error, and every other one at once.
    """
    for number in range(1, attempts + 1):
        try:
            return await attempt()
        except Retryable as error:
            if number >= attempts:
                raise
            pause = min(max(backoff * 2 ** (number - 1), getattr(error, "after", None) or 0.0), LONGEST_PAUSE)
            say(f"Attempt {number} of {attempts} failed: {error} Trying again in {pause:g} seconds.")
            await clock.sleep(pause)
    raise ValueError("attempts must be at least 1")
