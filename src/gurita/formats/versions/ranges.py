"""Ranges of versions: NuGet's interval, and Maven's union of intervals (runtime-formats.md 6.2)."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple

from gurita.formats.versions.model import Version, VersionError
from gurita.formats.versions.reading import kind_of_feed, parse

__all__ = ["LONGEST_RANGE", "Range", "RangeError", "in_range", "parse_range"]

LONGEST_RANGE = 1000
_INTERVAL = re.compile(r"\s*([\[(])([^\[\]()]*)([\])])\s*")
_EXAMPLES = "Write one such as [1.0,2.0), (1.0,] or [1.0]"


class RangeError(ValueError):
    """A text is no range; the message says why and what to write, without a dot at its end."""


class _Interval(NamedTuple):
    low: Optional[Version]
    with_low: bool
    high: Optional[Version]
    with_high: bool

    def contains(self, version: Version) -> bool:
        """Whether a version lies inside. Metadata does not count."""
        place = version.precedence
        if self.low is not None:
            low = self.low.precedence
            if place < low or (place == low and not self.with_low):
                return False
        if self.high is not None:
            high = self.high.precedence
            return place < high or (place == high and self.with_high)
        return True


class Range:
    """Versions of one kind between bounds. The empty text is a range with everything in it."""

    __slots__ = ("_intervals", "kind", "text")

    def __init__(self, text: str, kind: str, intervals: Tuple[_Interval, ...]) -> None:
        self.text = text
        self.kind = kind
        self._intervals = intervals

    def contains(self, version: Version) -> bool:
        """Whether a version lies in the range. Raises TypeError for a version of another kind."""
        if version.kind != self.kind:
            raise TypeError("a range of {} versions holds no {} version".format(self.kind, version.kind))
        return not self._intervals or any(interval.contains(version) for interval in self._intervals)


def parse_range(text: str, notation: str = "nuget", kind: str = "") -> Range:
    """A range from its text. `notation` is nuget or maven; `kind` is the versions' kind, else the notation's own.

    Raises RangeError, also for a range nothing can be in.
    """
    kind = kind or ("maven" if notation == "maven" else "semver")
    if len(text) > LONGEST_RANGE:
        raise RangeError("a range has at most {} characters, this one {}".format(LONGEST_RANGE, len(text)))
    stripped = text.strip()
    if not stripped:
        return Range("", kind, ())
    intervals = _maven(stripped, kind) if notation == "maven" else (_nuget(stripped, kind),)
    return Range(stripped, kind, intervals)


def in_range(version: str, text: str, feed_type: str) -> bool:
    """Whether a feed's version lies in a range as written for that feed. Raises RangeError, VersionError."""
    kind = kind_of_feed(feed_type)
    return parse_range(text, "maven" if kind == "maven" else "nuget", kind).contains(parse(version, kind))


def _nuget(text: str, kind: str) -> _Interval:
    if text[0] not in "[(":
        return _Interval(_bound(text, text, kind), with_low=True, high=None, with_high=False)
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise RangeError("'{}' is not one interval. {}".format(text, _EXAMPLES))
    return _interval(text, match, kind, same_bounds=True)


def _maven(text: str, kind: str) -> Tuple[_Interval, ...]:
    if text[0] not in "[(":
        raise RangeError(
            "'{0}' has no brackets. Write [{0}] for this version, or [{0},) for it and later ones".format(
                text
            )
        )
    intervals: List[_Interval] = []
    at = 0
    while at < len(text):
        match = _INTERVAL.match(text, at)
        if match is None:
            raise RangeError("'{}' is not a list of intervals. {}".format(text, _EXAMPLES))
        interval = _interval(text, match, kind, same_bounds=False)
        if intervals:
            _must_follow(text, intervals[-1], interval)
        intervals.append(interval)
        at = match.end()
        if at < len(text):
            if text[at] != "," or at + 1 == len(text):
                raise RangeError("'{}' needs a comma, and only one, between two intervals".format(text))
            at += 1
    return tuple(intervals)


def _must_follow(text: str, before: _Interval, after: _Interval) -> None:
    if before.high is None or after.low is None:
        raise RangeError("'{}' has intervals that overlap".format(text))
    touching = before.high.precedence == after.low.precedence and before.with_high and after.with_low
    if touching or before.high.precedence > after.low.precedence:
        raise RangeError("'{}' has intervals that overlap or are not in order".format(text))


def _interval(text: str, match: re.Match[str], kind: str, *, same_bounds: bool) -> _Interval:
    opening, inside, closing = match.groups()
    parts = inside.split(",")
    with_low, with_high = opening == "[", closing == "]"
    if len(parts) == 1 and with_low and with_high:
        only = _bound(text, parts[0], kind)
        return _Interval(only, with_low=True, high=only, with_high=True)
    if len(parts) != 2:
        raise RangeError("'{}' has an interval without two bounds. {}".format(text, _EXAMPLES))
    low, high = (_bound(text, part, kind) if part.strip() else None for part in parts)
    if low is not None and high is not None:
        if low.precedence > high.precedence:
            raise RangeError("'{}' has its higher bound first; nothing can be in it".format(text))
        if low.precedence == high.precedence and not (same_bounds and with_low and with_high):
            raise RangeError("'{}' has the same bound twice. Write [{}] for this version".format(text, low))
    return _Interval(low, with_low, high, with_high)


def _bound(text: str, part: str, kind: str) -> Version:
    # A bound may be a single number, as in [1,2), which a version of this kind may not.
    written = f"{part.strip()}.0" if kind.endswith("semver") and part.strip().isdigit() else part
    try:
        version = parse(written, kind)
    except VersionError as error:
        raise RangeError(
            "'{}' has a bound that is no version: {}. {}".format(text, error, _EXAMPLES)
        ) from None
    if not version.numbers and kind in ("octopus", "docker"):
        raise RangeError(
            "'{}' has a bound that is no version: '{}' has no number. {}".format(text, version, _EXAMPLES)
        )
    return version
