"""Finding tasks: filters compiled to SQL, counts by state in one query, walls between spaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import field
from sqlalchemy import ColumnElement, RowMapping, and_, case, false, func, or_, select

from gurita.engine.nodes import node_id
from gurita.engine.states import RULES
from gurita.engine.tables import interruption, task
from gurita.http.query import ListQuery
from gurita.http.wire import moment
from gurita.kernel.errors import Forbidden, Invalid, NotFound
from gurita.kernel.paging import Page
from gurita.tasks.registry import rerunners
from gurita.tasks.resources import STATES, Counts, Task
from gurita.tasks.rules import TASK_TYPES, milliseconds, number_of, task_of
from gurita.tasks.seeing import across, asked_for, must_in

if TYPE_CHECKING:
    from gurita.http.context import Context, Viewer
    from gurita.store.tx import Tx

__all__ = [
    "COLUMNS",
    "Found",
    "TaskQuery",
    "asking_in",
    "find_in",
    "list_in",
    "row_in",
    "spaces_in",
    "tasks_in",
]

COLUMNS = list(task.c)
"""What the resource needs."""

_MOST_SPACES = 10_000
_AT_ONCE = 1000
_ACTIVE = ("Queued", "Executing", "Cancelling")
_TYPES = {name.lower(): name for name in TASK_TYPES}
_RUNNING = ("Executing", "Cancelling")


class TaskQuery(ListQuery):
    """What tasks may be filtered by. `active` and `running` count only when true; dates are ISO 8601."""

    active: bool = False
    running: bool = False
    project: list[str] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)
    tenant: list[str] = field(default_factory=list)
    runbook: str = ""
    node: str = ""
    states: list[str] = field(default_factory=list)
    has_pending_interruptions: bool | None = None
    has_warnings_or_errors: bool | None = None
    description: str = ""
    spaces: list[str] = field(default_factory=list)
    include_system: bool | None = None
    from_completed_date: str = ""
    to_completed_date: str = ""
    from_queue_date: str = ""
    to_queue_date: str = ""
    from_start_date: str = ""
    to_start_date: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of tasks; all that fit the filters by state, here and in the viewer's other spaces."""

    page: Page[Task]
    here: Counts
    elsewhere: Counts


def find_in(tx: Tx, ctx: Context, id: str, permission: str = "TaskView") -> RowMapping:
    """The row of a task, without its plan.

    Raises NotFound for one of another space or of one whose tasks the viewer may not see; Forbidden for one out of their
    scope, where only `permission` is missing, and for whoever holds it nowhere. System tasks one asked for oneself
    are seen without.
    """
    number = number_of(id)
    row = None if number is None else tx.one(select(*COLUMNS).where(task.c.number == number))
    own = row is not None and asked_for(ctx.viewer, row)
    if not own and not ctx.viewer.may(permission, ctx.space or None):
        raise Forbidden(permission, space=ctx.space)
    if row is None or (ctx.space and row["space"] != ctx.space):
        raise NotFound(id)
    if not own and not ctx.viewer.may("TaskView", row["space"]):
        raise NotFound(id)
    must_in(tx, ctx, "TaskView", row)
    must_in(tx, ctx, permission, row)
    return row


def row_in(tx: Tx, number: int) -> RowMapping:
    """The row of a task that is known to exist, without its plan."""
    row = tx.one(select(*COLUMNS).where(task.c.number == number))
    if row is None:
        raise LookupError(f"ServerTasks-{number}")
    return row


def tasks_in(tx: Tx, rows: Sequence[RowMapping], now: int) -> list[Task]:
    """The resources of rows of `task`, in their order."""
    kinds = asking_in(tx, [row["number"] for row in rows if row["interruptions"]])
    return [
        task_of(
            dict(row),
            now,
            why=RULES[row["rule"]].why if row["rule"] in RULES else "Put into the queue.",
            pending=kinds.get(row["number"], ()),
            rerunnable=row["name"] in rerunners,
        )
        for row in rows
    ]


def asking_in(tx: Tx, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The kinds of the open interruptions of tasks, by the task's number."""
    kinds: dict[int, list[str]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        of_some = interruption.c.task.in_(numbers[start : start + _AT_ONCE])
        wanted = select(interruption.c.task, interruption.c.kind).where(of_some, interruption.c.pending)
        for each in tx.all(wanted):
            kinds.setdefault(each["task"], []).append(each["kind"])
    return kinds


def list_in(tx: Tx, ctx: Context, query: TaskQuery) -> Found:
    """The newest tasks first. Raises Invalid for an unknown state or a date that is none."""
    visible, asked = spaces_in(tx, ctx, query)
    filters = list(_conditions(query))
    states = _states(query)
    counted = _count(tx, ctx.viewer, visible, asked, filters)
    here = Counts(**_words(counted, 1))
    total = sum(count for (mine, state), (count, _) in counted.items() if mine and state in states)
    where = [across(ctx.viewer, "TaskView", asked), *filters]
    if len(states) < len(STATES):
        where.append(task.c.state.in_(sorted(states)))
    page = select(*COLUMNS).where(*where).order_by(task.c.number.desc())
    rows = tx.all(page.offset(query.skip).limit(query.take)) if total else []
    found = tasks_in(tx, rows, ctx.services.milliseconds())
    return Found(Page(found, total, query.paging), here, Counts(**_words(counted, 0)))


def _count(
    tx: Tx, viewer: Viewer, visible: list[str], asked: list[str], filters: list[ColumnElement[bool]]
) -> dict[tuple[int, str], tuple[int, int]]:
    """How many tasks, and how many with open questions, by (among the asked spaces or not) and state."""
    mine = case((task.c.space.in_(asked), 1), else_=0).label("mine")
    interrupted = func.sum(case((task.c.interruptions > 0, 1), else_=0)).label("interrupted")
    counts = (
        select(mine, task.c.state, func.count().label("tasks"), interrupted)
        .where(across(viewer, "TaskView", dict.fromkeys([*visible, *asked])), *filters)
        .group_by(mine, task.c.state)
    )
    return {(row["mine"], row["state"]): (row["tasks"], row["interrupted"]) for row in tx.all(counts)}


def _words(counted: dict[tuple[int, str], tuple[int, int]], mine: int) -> dict[str, int]:
    found = {"interrupted": 0}
    for (which, state), (count, interrupted) in counted.items():
        if which == mine:
            found["timed_out" if state == "TimedOut" else state.lower()] = count
            found["interrupted"] += interrupted
    return found


def spaces_in(tx: Tx, ctx: Context, query: TaskQuery) -> tuple[list[str], list[str]]:
    """The spaces whose tasks the viewer may see, and those of them that were asked for; "" is the system."""
    present = [*_present(tx), ""]
    visible = [space for space in present if ctx.viewer.may("TaskView", space)]
    if ctx.space:
        wanted = {ctx.space, ""} if query.include_system else {ctx.space}
        return visible, [space for space in visible if space in wanted]
    named = {space.lower() for space in query.spaces}
    system = query.include_system or (query.include_system is None and not named)
    return visible, [
        space
        for space in visible
        if (space and (not named or space.lower() in named)) or (not space and system)
    ]


def _present(tx: Tx) -> Iterator[str]:
    """Every space that has tasks, one jump in the index each."""
    last = ""
    for _ in range(_MOST_SPACES):
        found = tx.scalar(select(func.min(task.c.space)).where(task.c.space > last))
        if found is None:
            return
        yield found
        last = found


def _states(query: TaskQuery) -> set[str]:
    known = {state.lower(): state for state in STATES}
    if unknown := [state for state in query.states if state.lower() not in known]:
        raise Invalid(f"states: '{unknown[0][:40]}' is no state of a task. Known: {', '.join(STATES)}.")
    found = {known[state.lower()] for state in query.states} or set(STATES)
    found &= set(_ACTIVE) if query.active else found
    return found & set(_RUNNING) if query.running else found


def _conditions(query: TaskQuery) -> Iterator[ColumnElement[bool]]:
    if query.ids:
        yield task.c.number.in_(_numbers(query.ids))
    for column, values in (
        (task.c.project, [_spelled(id, "Projects") for id in query.project]),
        (task.c.environment, [_spelled(id, "Environments") for id in query.environment]),
        (task.c.tenant, [_spelled(id, "Tenants") for id in query.tenant]),
        (task.c.name, [_TYPES.get(query.name.lower(), query.name)] if query.name else []),
        (task.c.node, [query.node, node_id(query.node)] if query.node else []),
    ):
        if values:
            yield column.in_(values)
    if query.runbook:
        yield false()  # there are no runbooks yet, so none of their runs either
    if query.partial_name:
        text = query.partial_name
        types = [name for low, name in _TYPES.items() if text.lower() in low]
        yield or_(task.c.description.icontains(text, autoescape=True), task.c.name.in_(types))
    if query.description:
        yield task.c.description.icontains(query.description, autoescape=True)
    yield from _flags(query)
    yield from _dates(query)


def _spelled(id: str, kind: str) -> str:
    """An id as it is stored, so that an index finds it: clients may write its first word in any case."""
    number = number_of(id, kind)
    return id if number is None else f"{kind}-{number}"


def _flags(query: TaskQuery) -> Iterator[ColumnElement[bool]]:
    if query.has_pending_interruptions is not None:
        asks = task.c.interruptions > 0
        yield asks if query.has_pending_interruptions else ~asks
    if query.has_warnings_or_errors is not None:
        warned = or_(task.c.warnings, task.c.state.in_(["Failed", "TimedOut"]))
        yield warned if query.has_warnings_or_errors else ~warned


def _dates(query: TaskQuery) -> Iterator[ColumnElement[bool]]:
    queued = func.coalesce(task.c.not_before, task.c.created)
    for name, column, after, before in (
        ("CompletedDate", task.c.completed, query.from_completed_date, query.to_completed_date),
        ("QueueDate", queued, query.from_queue_date, query.to_queue_date),
        ("StartDate", task.c.started, query.from_start_date, query.to_start_date),
    ):
        bounds: list[ColumnElement[bool]] = []
        if after:
            bounds.append(column >= _moment(after, f"from{name}"))
        if before:
            bounds.append(column <= _moment(before, f"to{name}"))
        if bounds:
            yield and_(*bounds)


def _moment(text: str, name: str) -> int:
    return milliseconds(moment(text, name))


def _numbers(ids: Iterable[str]) -> list[Any]:
    """Ids that are no tasks' are ids that do not exist: simply missing."""
    return [number for id in ids if (number := number_of(id)) is not None]
