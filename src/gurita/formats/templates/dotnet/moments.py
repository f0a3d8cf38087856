"""Points in time with .NET's precision of 100 nanoseconds, and texts as such (invariant culture: the month comes first).

.NET documentation, "parsing datetime"
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Dict, NamedTuple, Optional

__all__ = ["DAYS", "MONTHS", "Moment", "read_moment"]

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_NAME = "|".join(f"{month[:3]}(?:{month[3:]})?" if len(month) > 3 else month for month in MONTHS)
_DAY = f"(?:(?:{'|'.join(f'{day[:3]}(?:{day[3:]})?' for day in DAYS)}),?\\s+)?"
_DATES = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?",
    r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
    rf"(?P<day>\d{{1,2}})[\s-]+(?P<name>{_NAME})\.?[\s,-]+(?P<year>\d{{4}}|\d{{2}})",
    rf"(?P<name>{_NAME})\.?\s+(?:(?P<day>\d{{1,2}}),?\s+)?(?P<year>\d{{4}})",
    rf"(?P<year>\d{{4}})[\s-](?P<name>{_NAME})(?:[\s-](?P<day>\d{{1,2}}))?",
)
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<rest>\d{1,20}))?)?(?:\s*(?P<half>[AaPp])\.?[Mm]?\.?)?"
_ZONE = r"\s*(?P<zone>Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?)?"
_FORMS = [
    re.compile(rf"\s*{_DAY}{date}(?:(?:\s*T|[\s,]+){_TIME})?{_ZONE}\s*", re.IGNORECASE | re.ASCII)
    for date in _DATES
]
_FORMS.append(re.compile(rf"\s*{_TIME}{_ZONE}\s*", re.IGNORECASE | re.ASCII))
_LONGEST = 200


class Moment(NamedTuple):
    """A date and time on the clock, the tenths of its last microsecond, and its distance from UTC if that is told."""

    clock: datetime
    tick: int = 0
    offset: Optional[timedelta] = None
    utc: bool = False

    def with_offset(self) -> Moment:
        """The same, in this machine's zone if it had none."""
        return self if self.offset is not None else self._replace(offset=local_offset(self.clock))

    def local(self) -> Moment:
        """On this machine's clock, if it had an offset. Raises OverflowError."""
        if self.offset is None:
            return self
        universal = self.clock - self.offset
        offset = local_offset(universal, universal=True)
        return Moment(universal + offset, self.tick, offset)

    def universal(self) -> Moment:
        """In UTC; what has no offset is this machine's. Raises OverflowError."""
        offset = self.with_offset().offset or timedelta()
        return Moment(self.clock - offset, self.tick, timedelta(), utc=True)

    def plus(self, ticks: int) -> Moment:
        """Later by so many units of 100 nanoseconds. Raises OverflowError."""
        every = self.tick + ticks
        return self._replace(clock=self.clock + timedelta(microseconds=every // 10), tick=every % 10)


def local_offset(clock: datetime, *, universal: bool = False) -> timedelta:
    """What this machine's zone is away from UTC at a time on its clock, or in UTC."""
    from datetime import timezone

    try:
        known = clock.replace(tzinfo=timezone.utc) if universal else clock
        return known.astimezone().utcoffset() or timedelta()
    except (OverflowError, OSError, ValueError):
        return timedelta()


def read_moment(text: str) -> Optional[Moment]:
    """The moment a text tells; None when it tells none."""
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            try:
                return _made({name: part for name, part in found.groupdict().items() if part is not None})
            except (ValueError, OverflowError):
                return None
    return None


def _made(parts: Dict[str, str]) -> Moment:
    hour, half = int(parts.get("hour", 0)), parts.get("half", "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "p" else 0)
    # A date without offset has no zone: it stands for whatever clock it was read from.
    today = datetime.now()  # noqa: DTZ005
    if "year" in parts:
        year, day = _year(parts["year"]), int(parts.get("day", 1))
        month = _month(parts["name"]) if "name" in parts else int(parts["month"])
    else:
        year, month, day = today.year, today.month, today.day
    clock = datetime(year, month, day, hour, int(parts.get("minute", 0)), int(parts.get("second", 0)))  # noqa: DTZ001
    rest = parts.get("rest", "").ljust(8, "0")
    ticks = int(rest[:7]) + (rest[7] >= "5")
    offset = _offset(parts["zone"]) if "zone" in parts else None
    return Moment(clock, 0, offset, parts.get("zone", "").upper() in ("Z", "GMT", "UTC")).plus(ticks)


def _year(text: str) -> int:
    """.NET API browser, system.globalization.calendar.twodigityearmax: 2049."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year <= 49 else 1900)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month[:3].lower() == name[:3].lower())


def _offset(zone: str) -> timedelta:
    if zone.upper() in ("Z", "GMT", "UTC"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    made = timedelta(hours=hours, minutes=minutes)
    if made > timedelta(hours=14) or minutes > 59:
        raise ValueError
    return -made if zone[0] == "-" else made
