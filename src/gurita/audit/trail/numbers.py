"""A set of numbers that are mostly neighbours, kept as ranges: millions of events take a few hundred bytes. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

__all__ = ["Numbers"]


class Numbers:
    """Add, ask, and list what is missing in between."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._last: list[int] = []

    def add(self, number: int) -> bool:
        """Adds a number; False when it was there."""
        at = bisect_right(self._first, number) - 1
        if at >= 0 and number <= self._last[at]:
            return False
        joins_left = at >= 0 and self._last[at] == number - 1
        joins_right = at + 1 < len(self._first) and self._first[at + 1] == number + 1
        if joins_left and joins_right:
            self._last[at] = self._last.pop(at + 1)
            del self._first[at + 1]
        elif joins_left:
            self._last[at] = number
        elif joins_right:
            self._first[at + 1] = number
        else:
            self._first.insert(at + 1, number)
            self._last.insert(at + 1, number)
        return True

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._first, number) - 1
        return at >= 0 and number <= self._last[at]

    @property
    def highest(self) -> int:
        """The highest number; 0 for none."""
        return self._last[-1] if self._last else 0

    def holes(self) -> Iterator[tuple[int, int]]:
        """The ranges missing between those there are, first and last."""
        for last, first in zip(self._last, self._first[1:], strict=False):
            yield last + 1, first - 1
