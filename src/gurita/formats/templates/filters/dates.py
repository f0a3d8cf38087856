"""Filters that tell and move time."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import Optional, Sequence

from gurita.formats.templates.dotnet.doubles import read_double
from gurita.formats.templates.dotnet.moment_formats import format_moment, round_trip
from gurita.formats.templates.dotnet.moments import Moment, read_moment
from gurita.formats.templates.dotnet.numbers import FormatError
from gurita.formats.templates.filters.registry import any_filter, text_filter

__all__ = ["now"]

_HOUR = 36_000_000_000
_DAY = 24 * _HOUR


def now() -> datetime:
    """The time, in this machine's zone. A test puts another in its place."""
    return datetime.now(timezone.utc).astimezone()


@any_filter("NowDate", same=False)
def _now_date(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    here = now()
    # A time without offset is what the language documents; its offset shows with the formats z and zz.
    return _told(Moment(here.replace(tzinfo=None)), value, options)


@any_filter("NowDateUtc", same=False)
def _now_date_utc(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    universal = now().astimezone(timezone.utc).replace(tzinfo=None)
    return _told(Moment(universal, 0, timedelta(), utc=True), value, options)


def _told(moment: Moment, value: Optional[str], options: Sequence[str]) -> Optional[str]:
    if value is not None or len(options) > 1:
        return None
    try:
        return format_moment(moment, options[0] if options else "O", with_offset=False)
    except FormatError:
        return None


@text_filter("AddHours", least=1, most=1)
def _add_hours(text: str, options: Sequence[str]) -> Optional[str]:
    return _moved(text, options[0], _HOUR)


@text_filter("AddDays", least=1, most=1)
def _add_days(text: str, options: Sequence[str]) -> Optional[str]:
    return _moved(text, options[0], _DAY)


def _moved(text: str, by: str, unit: int) -> Optional[str]:
    moment, count = read_moment(text), read_double(by)
    if moment is None or count is None or not math.isfinite(count):
        return None
    try:
        return round_trip(moment.plus(round(count * unit)))
    except OverflowError:
        return None
