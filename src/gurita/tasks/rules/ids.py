"""Ids of tasks, and of the places within one."""

from __future__ import annotations

import hashlib
from functools import lru_cache

__all__ = ["ROOT", "Place", "node_id", "number_of", "task_id"]

Place = tuple[int, int, str, int]
"""Step, action, target, attempt; -1, -1, "" and 0 stand for "the whole"."""

ROOT: Place = (-1, -1, "", 0)
_LONGEST = 18


def task_id(number: int) -> str:
    """The id of a task."""
    return f"ServerTasks-{number}"


def number_of(id: str, kind: str = "ServerTasks") -> int | None:
    """The number in an id of that kind, in any case; None for anything else."""
    before, _, digits = id.partition("-")
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST
    return int(digits) if fits and before.lower() == kind.lower() else None


def node_id(number: int, place: Place = ROOT) -> str:
    """The id of an activity: the same for ever, known without its task's plan.

    `ServerTasks-1_x` is the task, `…/y` a step, `…/y/z` an action of it or an attempt on a target.
    """
    step, action, target, _ = place
    whole = f"{task_id(number)}_{_mark(number, ROOT)}"
    if step < 0:
        return whole
    of_step = f"{whole}/{_mark(number, (step, -1, '', 0))}"
    return of_step if action < 0 and not target else f"{of_step}/{_mark(number, place)}"


@lru_cache(16_384)
def _mark(number: int, place: Place) -> str:
    return hashlib.sha256(f"{number}/{place}".encode()).hexdigest()[:12]
