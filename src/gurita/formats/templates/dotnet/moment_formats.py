"""Dates and times in standard and custom formats, invariant culture.

.NET documentation, "standard date and time format strings" and
.NET documentation, "custom date and time format strings"
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import List

from gurita.formats.templates.dotnet.moments import DAYS, MONTHS, Moment, local_offset
from gurita.formats.templates.dotnet.numbers import FormatError

__all__ = ["format_moment", "round_trip"]

_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "O": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "o": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-dd'T'HH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    "Y": "yyyy MMMM",
    "y": "yyyy MMMM",
}
_PIECE = re.compile(
    r"(?P<run>d+|f+|F+|g+|h+|H+|m+|M+|s+|t+|y+|z+|K)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|\\(?P<escaped>.)|%(?P<alone>[^%])"
    r"|(?P<bad>['\"\\%])|(?P<other>.)",
    re.DOTALL,
)
_LONGEST = 5000


def round_trip(moment: Moment) -> str:
    """The format O of a DateTime: `Z` for UTC, an offset if it had one, nothing otherwise."""
    return format_moment(moment, "O", with_offset=False)


def format_moment(moment: Moment, form: str, *, with_offset: bool) -> str:
    """The moment in a format, as a DateTimeOffset or, otherwise, a DateTime writes it. Raises FormatError."""
    if len(form) > _LONGEST:
        raise FormatError(form)
    if not form and with_offset:
        return f"{format_moment(moment, 'G', with_offset=True)} {_zone(moment.with_offset(), 3)}"
    form = form or "G"
    if len(form) == 1:
        if form not in _STANDARD or (form == "U" and with_offset):
            raise FormatError(form)
        if form == "U" or (form in "Rru" and with_offset):
            moment = _universal(moment)
        form = _STANDARD[form]
    if with_offset:
        moment = moment.with_offset()
    return _custom(moment, form, with_offset)


def _universal(moment: Moment) -> Moment:
    try:
        return moment.universal()
    except OverflowError:
        raise FormatError("the date is out of range") from None


def _custom(moment: Moment, form: str, with_offset: bool) -> str:
    out: List[str] = []
    for found in _PIECE.finditer(form):
        kind, text = str(found.lastgroup), found.group(str(found.lastgroup))
        if kind == "bad":
            raise FormatError(form)
        run = text if kind == "run" else text if kind == "alone" and _PIECE.fullmatch(text) else ""
        if kind == "alone" and text not in "dfFghHmMstyzK:/":
            raise FormatError(form)
        if kind in ("run", "alone") and run and run[0] in "dfFghHmMstyzK":
            part = _part(moment, run, with_offset)
            if run[0] == "F" and not part and out and out[-1] == ".":
                out.pop()
            out.append(part)
        else:
            out.append(text)
    return "".join(out)


def _part(moment: Moment, run: str, with_offset: bool) -> str:
    clock, sign, count = moment.clock, run[0], len(run)
    if sign in "fF":
        if count > 7:
            raise FormatError(run)
        digits = f"{clock.microsecond:06d}{moment.tick}"[:count]
        return digits.rstrip("0") if sign == "F" else digits
    if sign == "z":
        return _zone(moment, count)
    if sign == "K":
        if moment.utc and not with_offset:
            return "Z"
        return "" if moment.offset is None else _zone(moment, 3)
    if sign == "y":
        return str(clock.year % 100).rjust(count, "0") if count <= 2 else str(clock.year).rjust(count, "0")
    if sign == "g":
        return "A.D."
    if sign == "t":
        half = "AM" if clock.hour < 12 else "PM"
        return half[:1] if count == 1 else half
    if sign in "dM" and count > 2:
        name = DAYS[clock.weekday()] if sign == "d" else MONTHS[clock.month - 1]
        return name[:3] if count == 3 else name
    numbers = {
        "d": clock.day,
        "M": clock.month,
        "h": clock.hour % 12 or 12,
        "H": clock.hour,
        "m": clock.minute,
        "s": clock.second,
    }
    return str(numbers[sign]).rjust(min(count, 2), "0")


def _zone(moment: Moment, count: int) -> str:
    offset = moment.offset
    if offset is None:
        offset = local_offset(moment.clock)
    sign = "-" if offset < timedelta() else "+"
    minutes = abs(offset) // timedelta(minutes=1)
    hours = f"{sign}{str(minutes // 60).rjust(min(count, 2), '0')}"
    return hours if count <= 2 else f"{hours}:{minutes % 60:02d}"
