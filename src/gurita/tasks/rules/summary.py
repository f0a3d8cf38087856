"""From a task's row to the resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gurita.tasks.resources.task import FINAL_STATES, Task
from gurita.tasks.rules.ids import task_id
from gurita.tasks.rules.words import completed_words, duration_words, moment_of

__all__ = ["TASK_TYPES", "lasted", "task_of", "troubled"]

TASK_TYPES = {
    "AdHocScript": "Run a script",
    "DeleteSpace": "Delete a space",
    "Deploy": "Deploy",
    "Health": "Health check",
}
"""The kinds of tasks there are, with the words people read."""

Row = Mapping[str, Any]


def task_of(
    row: Row, now: int, *, why: str = "", pending: Sequence[str] = (), rerunnable: bool = False
) -> Task:
    """The resource of a row of `task`.

    `now` is in milliseconds, `why` says the row's rule in words, `pending` are the kinds of its open interruptions,
    `rerunnable`: a task of this kind can be run again.
    """
    state, started, completed = row["state"], row["started"], row["completed"]
    final = state in FINAL_STATES
    expiry = row["not_after"]
    return Task(
        id=task_id(row["number"]),
        space_id=row["space"] or None,
        name=row["name"],
        description=row["description"],
        arguments=msgspec.json.decode(row["arguments"]),
        state=state,
        completed=completed_words(state, completed if final else None),
        queue_time=moment_of(_queued(row)),
        queue_time_expiry=None if expiry is None else moment_of(expiry),
        start_time=None if started is None else moment_of(started),
        completed_time=moment_of(completed) if final and completed is not None else None,
        last_updated_time=moment_of(row["updated"]),
        duration=duration_words(lasted(started, row["completed"], now)),
        server_node=row["node"],
        error_message=row["error"],
        has_been_picked_up_by_processor=started is not None,
        is_completed=final,
        finished_successfully=state == "Success",
        has_pending_interruptions=bool(row["interruptions"]) and not final,
        pending_interruption_types=[] if final else sorted(set(pending)),
        can_rerun=final and rerunnable,
        has_warnings_or_errors=troubled(state, warnings=row["warnings"]),
        project_id=row["project"],
        environment_id=row["environment"],
        tenant_id=row["tenant"],
        rerun_of_task_id=None if row["rerun_of"] is None else task_id(row["rerun_of"]),
        priority=row["priority"],
        rule=row["rule"],
        rule_description=why,
    )


def _queued(row: Row) -> int:
    """When the task was to start: what was asked for, or when it came."""
    at: int = row["created"] if row["not_before"] is None else row["not_before"]
    return at


def lasted(started: int | None, completed: int | None, now: int) -> int:
    """Milliseconds from a task's start to its end, or to now. A clock that was set back makes nothing negative."""
    if started is None:
        return 0
    return max(0, (now if completed is None else completed) - started)


def troubled(state: str, *, warnings: bool) -> bool:
    """Whether a task went less than well."""
    return bool(warnings) or state in ("Failed", "TimedOut")
