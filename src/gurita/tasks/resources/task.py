"""A task, how many there are, and why one waits."""

from __future__ import annotations

from typing import Any

from msgspec import field

from gurita.http.wire import Moment, Wire

__all__ = [
    "FINAL_STATES",
    "STATES",
    "Counts",
    "Explanation",
    "StatusMessage",
    "Task",
    "TaskType",
    "WaitReason",
]

FINAL_STATES = frozenset({"Success", "Failed", "Canceled", "TimedOut"})
STATES = ("Queued", "Executing", "Cancelling", "Success", "Failed", "Canceled", "TimedOut")


class Task(Wire):
    """A task. `rule` names the transition that put it where it is, `rule_description` says it in words.

    `queue_time` and `queue_time_expiry` give back to the millisecond what was asked for. How long a task still waits
    is not estimated: 0.
    """

    id: str
    name: str
    description: str
    state: str
    completed: str
    queue_time: Moment
    last_updated_time: Moment
    duration: str
    has_been_picked_up_by_processor: bool
    is_completed: bool
    finished_successfully: bool
    has_pending_interruptions: bool
    can_rerun: bool
    has_warnings_or_errors: bool
    space_id: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    queue_time_expiry: Moment | None = None
    start_time: Moment | None = None
    completed_time: Moment | None = None
    server_node: str | None = None
    error_message: str | None = None
    pending_interruption_types: list[str] = field(default_factory=list)
    has_pending_preconditions: bool = False
    pending_precondition_types: list[str] = field(default_factory=list)
    unmet_preconditions: str | None = None
    project_id: str | None = None
    environment_id: str | None = None
    tenant_id: str | None = None
    estimated_remaining_queue_duration_seconds: int = 0
    rerun_of_task_id: str | None = None
    priority: int = 0
    rule: str = ""
    rule_description: str = ""


class Counts(Wire):
    """How many tasks there are in each state. `interrupted` ones are counted in their state as well."""

    canceled: int = 0
    cancelling: int = 0
    executing: int = 0
    failed: int = 0
    queued: int = 0
    success: int = 0
    timed_out: int = 0
    interrupted: int = 0


class TaskType(Wire):
    """A kind of task."""

    id: str
    name: str
    links: dict[str, str] = field(default_factory=dict)


class WaitReason(Wire):
    """Why a task does not go on: a code for machines, a sentence for people, the documents it names."""

    code: str
    text: str
    ids: list[str] = field(default_factory=list)


class Explanation(Wire):
    """Why a task is in its state, and what it waits for, the strongest cause first."""

    task_id: str
    state: str
    rule: str
    rule_description: str
    reasons: list[WaitReason] = field(default_factory=list)


class StatusMessage(Wire):
    """A remark on a task's state, as clients of the field show it."""

    category: str
    title: str
    message: str
