"""Looking after what has to be done: when a commit tells of it, and at deadlines; never every second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from gurita.kernel.clock import Clock

if TYPE_CHECKING:
    from gurita.store.db import Store

__all__ = ["LONGEST", "look_out"]

LONGEST = 60.0
"""Seconds after which one looks though nothing was told: clocks jump, and other programs may write the database."""


async def look_out(
    store: Store,
    clock: Clock,
    channels: tuple[str, ...],
    look: Callable[[], Awaitable[float | None]],
    least: float,
) -> None:
    """Calls `look` now, whenever one of the channels is notified, and after as many seconds as it says; goes on for ever.

    None means that only a notification brings something new. Two looks are `least` seconds apart: what is told while
    one looks, or right after it, is looked at together.
    """
    told = store.subscribe(*channels)
    try:
        while True:
            wait = await look()
            await clock.sleep(least)
            await told.wait(LONGEST if wait is None else max(0.0, min(wait - least, LONGEST)))
    finally:
        told.close()
