"""Time as a port: the real clock here, a virtual one in tests, both proved by the same contract tests."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "SystemClock", "iso", "iso_of", "parse_iso"]


class Clock(Protocol):
    """What the server may know of time."""

    def now(self) -> datetime:
        """The moment, aware, in UTC. May jump: never measure durations with it."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Returns after at least `seconds`."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def iso(moment: datetime) -> str:
    """ISO 8601 with milliseconds and a numeric offset: `2024-09-23T14:57:18.798+00:00` (api.md 15.19)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def iso_of(milliseconds: int) -> str:
    """`iso` of a moment in milliseconds since 1970, as tables hold it."""
    return iso(datetime.fromtimestamp(milliseconds / 1000, UTC))


def parse_iso(text: str) -> datetime:
    """The moment a text in ISO 8601 names; a text without offset is read as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
