"""Waiting for tasks: what they do is shown as it happens, and their results become the exit code."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gurita.cli.client import Client
from gurita.cli.events import Event, followed

__all__ = ["CANCELED", "FAILED", "SUCCESS", "WAITS", "Shown", "Watch", "exit_code", "watch"]

SUCCESS, FAILED, CANCELED, WAITS = 0, 1, 3, 4
_CODES = {"Success": SUCCESS, "Failed": FAILED, "Canceled": CANCELED, "TimedOut": CANCELED}
_WORST = (FAILED, CANCELED, WAITS, SUCCESS)

Told = tuple[str, Event | Exception | None]


class Shown(Protocol):
    """Where progress is shown."""

    def event(self, task: str, event: Event) -> None:
        """Something happened to a task."""

    def note(self, text: str) -> None:
        """A remark that belongs to no task."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a watched task came to. `task` is the API's resource as it was last told."""

    id: str
    task: dict[str, Any]
    waits: bool = False


def watch(client: Client, tasks: Sequence[str], shown: Shown, *, wait_for_person: bool = True) -> list[Watch]:
    """Follows tasks until all have ended, or one waits for a person and that is not to be waited for."""
    last: dict[str, dict[str, Any]] = {}
    waiting: set[str] = set()
    for task, event in _together(client, tasks, shown):
        if event.kind == "task":
            last[task] = event.data
            waiting.discard(task)
            if event.data["HasPendingInterruptions"]:
                waiting.add(task)
        shown.event(task, event)
        if waiting and not wait_for_person and _nothing_else(tasks, last, waiting):
            break
    return [Watch(task, last.get(task, {}), task in waiting) for task in tasks]


def _nothing_else(tasks: Sequence[str], last: dict[str, dict[str, Any]], waiting: set[str]) -> bool:
    """Whether every task has ended or waits for a person."""
    return all(task in waiting or last.get(task, {}).get("IsCompleted") for task in tasks)


def _together(client: Client, tasks: Sequence[str], shown: Shown) -> Iterator[tuple[str, Event]]:
    """The events of several tasks as they come; each is followed in a thread that ends with the process."""
    told: queue.SimpleQueue[Told] = queue.SimpleQueue()

    def follow(task: str) -> None:
        try:
            for event in followed(client, task, lost=shown.note):
                told.put((task, event))
        except Exception as error:  # noqa: BLE001 - raised again where the command runs
            told.put((task, error))
        else:
            told.put((task, None))

    for task in tasks:
        threading.Thread(target=follow, args=(task,), daemon=True).start()
    open_ = len(tasks)
    while open_:
        task, event = told.get()
        if event is None:
            open_ -= 1
        elif isinstance(event, Exception):
            raise event
        else:
            yield task, event


def exit_code(watched: Sequence[Watch]) -> int:
    """The worst of all: failed, then canceled or timed out, then waiting for a person."""
    codes = {WAITS if each.waits else _CODES.get(each.task.get("State", ""), FAILED) for each in watched}
    return next((code for code in _WORST if code in codes), SUCCESS)
