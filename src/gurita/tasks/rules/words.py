"""Times as tasks show them. Names of days and months are English whatever the server's locale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from gurita.kernel.clock import iso

__all__ = ["clock_time", "completed_words", "duration_words", "milliseconds", "moment_of", "moment_words"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, without the rounding of floats."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _at(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def moment_of(ms: int) -> str:
    """ISO 8601 with milliseconds and a numeric offset, as `kernel.clock.iso` writes it.

    Put together of pieces: a dashboard shows 150,000 of them.
    """
    days, left = divmod(ms, 86_400_000)
    minute, left = divmod(left, 60_000)
    second, rest = divmod(left, 1000)
    return _day(days) + _MINUTES[minute] + _TWO[second] + _RESTS[rest]


_TWO = tuple(f"{n:02d}" for n in range(60))
_MINUTES = tuple(f"T{hour:02d}:{minute}:" for hour in range(24) for minute in _TWO)
_RESTS = tuple(f".{n:03d}+00:00" for n in range(1000))


@lru_cache(4096)
def _day(days: int) -> str:
    return iso(_EPOCH + timedelta(days=days))[:10]


@lru_cache(4096)
def clock_time(ms: int) -> str:
    """`15:10:03`, in UTC."""
    return f"{_at(ms):%H:%M:%S}"


def moment_words(ms: int) -> str:
    """`Monday, 23 September 2024 3:10:03 PM +00:00`."""
    at = _at(ms)
    half = "AM" if at.hour < 12 else "PM"
    date = f"{_DAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at.year}"
    return f"{date} {at.hour % 12 or 12}:{at:%M:%S} {half} +00:00"


def completed_words(state: str, completed: int | None) -> str:
    """When a task ended; `Queued...` or `Executing...` while it has not."""
    return f"{state}..." if completed is None else moment_words(completed)


def duration_words(ms: int) -> str:
    """The two largest units: `6 seconds`, `1 minute 12 seconds`, `2 days 3 hours`."""
    return _duration(ms // 1000)


@lru_cache(4096)
def _duration(left: int) -> str:
    if left < 1:
        return "less than 1 second"
    parts: list[str] = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'s' * (count != 1)}")
        elif parts:
            break
    return " ".join(parts[:2])
