"""Numbers of events that were passed over: their transaction was rolled back, or has not ended yet. Pure.

PostgreSQL hands numbers out before transactions end, so a lower number may be committed after a higher one was sealed. Each
such number is looked for again by every seal until it is certain that it will not come: all transactions that ran when it
was first missed have ended (`pg_snapshot_xmin`), and a minute has passed.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

__all__ = ["PATIENCE", "Gap", "missed", "remaining"]

PATIENCE = 60_000
"""Milliseconds a number is waited for at least."""


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """Numbers from `first` to `last`, missed at `noticed` (milliseconds) while transactions before `horizon` might run."""

    first: int
    last: int
    noticed: int
    horizon: int


def missed(above: int, found: Iterable[int], now: int, horizon: int) -> list[Gap]:
    """The gaps between `above` and the numbers found (ascending)."""
    gaps = []
    for number in found:
        if number > above + 1:
            gaps.append(Gap(above + 1, number - 1, now, horizon))
        above = max(above, number)
    return gaps


def remaining(gaps: Iterable[Gap], found: set[int], now: int, ended: int) -> list[Gap]:
    """What is still waited for after `found` came; `ended`: all transactions before it have ended."""
    left = []
    for gap in gaps:
        if gap.horizon <= ended and not 0 <= now - gap.noticed < PATIENCE:
            continue
        start = gap.first
        for number in sorted(each for each in found if gap.first <= each <= gap.last):
            if number > start:
                left.append(Gap(start, number - 1, gap.noticed, gap.horizon))
            start = number + 1
        if start <= gap.last:
            left.append(Gap(start, gap.last, gap.noticed, gap.horizon))
    return left
