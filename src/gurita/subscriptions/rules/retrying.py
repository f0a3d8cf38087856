"""When to try again, and when to give up. Pure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KEEP_TRYING", "LONGEST_PAUSE", "MOST_REFUSALS", "Step", "after_failure"]

FIRST_PAUSE = 5_000
LONGEST_PAUSE = 600_000
KEEP_TRYING = 72 * 3_600_000
MOST_REFUSALS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a failure: `pause` milliseconds until the next try, of the same or (`give_up`) of what comes after it."""

    give_up: bool
    pause: int


def after_failure(failures: int, refusals: int, age: int, *, asked: float | None = None) -> Step:
    """What follows when something failed.

    `failures` are those in a row, this one included, and make pauses longer: 5 seconds doubled each time, at most ten
    minutes, or as many seconds as were `asked` for. `refusals` are how many times this very thing was refused in a way that
    another try hardly changes; after five it is given up. What only could not be reached is tried until it is three days
    old (`age`, milliseconds).
    """
    pause = min(FIRST_PAUSE * 2 ** min(max(failures, 1) - 1, 20), LONGEST_PAUSE)
    if asked is not None:
        pause = max(pause, min(int(max(asked, 0.0) * 1000), LONGEST_PAUSE))
    return Step(refusals >= MOST_REFUSALS or age >= KEEP_TRYING, pause)
