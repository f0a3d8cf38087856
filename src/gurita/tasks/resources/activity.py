"""What a task did, as a tree, and its log, as ranges of lines. Lines count from 0."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from gurita.http.wire import Moment, Wire
from gurita.tasks.resources.task import Task

__all__ = [
    "ActivityElement",
    "ActivityLogElement",
    "LogHit",
    "LogHits",
    "LogLine",
    "LogLines",
    "LogMap",
    "TaskDetails",
    "TaskProgress",
]


class ActivityLogElement(Wire):
    """A line of the log. `number` is its place in the task's whole log; a `Gap` says what is left out before it."""

    category: str
    occurred_at: Moment
    message_text: str
    number: int
    detail: str | None = None


class ActivityElement(Wire):
    """The task, a step, an action of a step with several, or one attempt on a target."""

    id: str
    name: str
    status: str
    started: Moment | None = None
    ended: Moment | None = None
    show_at_summary_level: bool = False
    progress_percentage: int = 0
    progress_message: str = ""
    children: list[ActivityElement] = field(default_factory=list)
    log_elements: list[ActivityLogElement] = field(default_factory=list)


class TaskProgress(Wire):
    """How far a task is. The remaining time is not estimated."""

    progress_percentage: int
    estimated_time_remaining: str = ""


class TaskDetails(Wire):
    """A task with what it did. `physical_log_size` is the stored log in bytes, compressed."""

    task: Task
    activity_logs: list[ActivityElement]
    physical_log_size: int
    progress: TaskProgress
    links: dict[str, str] = field(default_factory=dict)


class LogLine(Wire):
    """A line. `node` is the id of the activity it belongs to, left out where all lines have the same.

    `length` is there when `text` was cut, and says how many characters the line has.
    """

    number: int
    category: str
    occurred_at: Moment
    text: str
    node: str | UnsetType = UNSET
    length: int | UnsetType = UNSET


class LogLines(Wire):
    """Part of a log. `next` is the number of the line to ask for next; the log has `total` lines so far."""

    task_id: str
    first: int
    next: int
    total: int
    is_completed: bool
    lines: list[LogLine]


class LogHit(LogLine, kw_only=True):
    """A line that was looked for, with lines of the same activity around it, as far as they were stored together."""

    before: list[LogLine] = field(default_factory=list)
    after: list[LogLine] = field(default_factory=list)


class LogHits(Wire):
    """Lines that were looked for. `next` is the line to go on from; -1 when the log was read to its end."""

    task_id: str
    total: int
    next: int
    is_completed: bool
    lines: list[LogHit]


class LogMap(Wire):
    """Which lines of a log an activity and all below it wrote: `[first line, how many]` a piece, in order.

    `next` is the line to go on from; -1 when these are all pieces so far. The log has `total` lines.
    """

    task_id: str
    node: str
    total: int
    next: int
    runs: list[list[int]]
