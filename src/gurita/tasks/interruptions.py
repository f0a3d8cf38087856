"""Questions to people: finding them, taking them on, answering them once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import field
from sqlalchemy import ColumnElement, RowMapping, Select, func, or_, select, update

from gurita.audit.service import mention, record
from gurita.engine.interruptions import GUIDANCE, answer_in
from gurita.engine.tables import action, interruption, task
from gurita.engine.transitions import channel, tell
from gurita.http.query import ListQuery
from gurita.kernel.errors import Conflict, NotFound
from gurita.kernel.paging import Page
from gurita.tasks.resources import FINAL_STATES, Answer, Interruption
from gurita.tasks.rules import number_of
from gurita.tasks.rules.asking import chosen, interruption_of
from gurita.tasks.seeing import must_in, sees_in, within

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["InterruptionQuery", "find_in", "list_in", "submit_in", "take_in"]

_OPEN = task.c.state.not_in(sorted(FINAL_STATES))


class InterruptionQuery(ListQuery):
    """What interruptions may be filtered by. `regarding` is a task, deployment, project, environment or tenant."""

    regarding: list[str] = field(default_factory=list)
    pending_only: bool = False


def _rows() -> Select[tuple[object, ...]]:
    place = (action.c.action, action.c.target, action.c.attempt)
    owner = (task.c.arguments, task.c.project, task.c.environment, task.c.tenant, _OPEN.label("task_open"))
    joined = interruption.join(task, task.c.number == interruption.c.task).outerjoin(
        action, action.c.number == interruption.c.action_row
    )
    return select(*interruption.c, *place, *owner).select_from(joined)


def _resource(tx: Tx, ctx: Context, row: RowMapping) -> Interruption:
    may = sees_in(tx, ctx.viewer, "InterruptionSubmit", row)
    return interruption_of(dict(row), user=ctx.viewer.user_id, may_submit=may)


def list_in(tx: Tx, ctx: Context, query: InterruptionQuery) -> Page[Interruption]:
    """The newest questions first."""
    where = [interruption.c.space == ctx.space, *_conditions(query)]
    if (seen := within(ctx.viewer, "InterruptionView", ctx.space)) is not None:
        where.append(seen)
    joined = interruption.join(task, task.c.number == interruption.c.task)
    total = int(tx.scalar(select(func.count()).select_from(joined).where(*where)))
    page = _rows().where(*where).order_by(interruption.c.number.desc())
    rows = tx.all(page.offset(query.skip).limit(query.take))
    return Page([_resource(tx, ctx, row) for row in rows], total, query.paging)


def _conditions(query: InterruptionQuery) -> Iterator[ColumnElement[bool]]:
    if query.ids:
        numbers = [number_of(id, "Interruptions") for id in query.ids]
        yield interruption.c.number.in_([number for number in numbers if number is not None])
    if query.pending_only:
        yield interruption.c.pending & _OPEN
    if query.regarding:
        yield or_(*(_about(document) for document in query.regarding))


def _about(document: str) -> ColumnElement[bool]:
    number = number_of(document)
    if number is not None:
        return task.c.number == number
    columns = (task.c.project, task.c.environment, task.c.tenant)
    named = [func.lower(column) == document.lower() for column in columns]
    return or_(*named, task.c.arguments.icontains(f'"{document}"', autoescape=True))


def find_in(tx: Tx, ctx: Context, id: str) -> Interruption:
    """One question. Raises NotFound."""
    return _resource(tx, ctx, _row_in(tx, ctx, id))


def _row_in(tx: Tx, ctx: Context, id: str) -> RowMapping:
    number = number_of(id, "Interruptions")
    row = None if number is None else tx.one(_rows().where(interruption.c.number == number))
    if row is None or row["space"] != ctx.space:
        raise NotFound(id)
    must_in(tx, ctx, "InterruptionView", row)
    return row


def _open_in(tx: Tx, ctx: Context, id: str) -> RowMapping:
    """The row of a question somebody may still answer, and nobody else does before this unit ends."""
    row = _row_in(tx, ctx, id)
    must_in(tx, ctx, "InterruptionSubmit", row)
    if tx.dialect != "sqlite":
        tx.run(select(task.c.number).where(task.c.number == row["task"]).with_for_update())
        row = _row_in(tx, ctx, id)
    if not row["pending"]:
        raise Conflict(f"{id} was answered already.")
    if not row["task_open"]:
        raise Conflict(f"ServerTasks-{row['task']} has ended: there is nothing left to answer.")
    return row


def take_in(tx: Tx, ctx: Context, id: str) -> Interruption:
    """Makes the viewer responsible, also in the place of somebody else. Raises NotFound, Forbidden, Conflict."""
    row = _open_in(tx, ctx, id)
    viewer = ctx.viewer
    if row["responsible"] != viewer.user_id:
        found = interruption.c.number == row["number"]
        tx.run(update(interruption).where(found).values(responsible=viewer.user_id))
        message = f"Responsibility for {_name(row)} was taken"
        record(tx, ctx, "ResponsibilityTaken", message, [f"ServerTasks-{row['task']}"])
        now = ctx.services.milliseconds()
        tell(tx, "interruption", _id(row), now, {"responsible": viewer.user_id}, ctx.space)
        tx.notify(channel(row["task"]))
    return find_in(tx, ctx, id)


def submit_in(tx: Tx, ctx: Context, id: str, answer: Answer) -> Interruption:
    """Answers the question; the task goes on. Who answers what nobody has taken on becomes responsible.

    Raises NotFound, Forbidden, Invalid for what is not among the answers, Conflict when it was answered, its task has
    ended, or somebody else is responsible.
    """
    row = _open_in(tx, ctx, id)
    viewer = ctx.viewer
    if row["responsible"] not in (None, viewer.user_id):
        raise Conflict(
            f"{row['responsible']} is responsible for {id}. Take responsibility first (PUT …/responsible)."
        )
    choice = chosen(row["kind"], msgspec.json.decode(row["form"]), answer)
    decision = "Guidance" if row["kind"] == "GuidedFailure" else "Result"
    result = {decision: choice} | ({"Notes": answer.notes} if answer.notes else {})
    resolution = GUIDANCE.get(choice, choice.lower())
    if not answer_in(tx, row["number"], resolution, result, viewer.user_id, ctx.services.milliseconds()):
        raise Conflict(f"{id} was answered already.")
    message = f"{_name(row)} was answered with {choice}"
    record(tx, ctx, "InterruptionSubmitted", message, [f"ServerTasks-{row['task']}"], after=result)
    return find_in(tx, ctx, id)


def _id(row: RowMapping) -> str:
    return f"Interruptions-{row['number']}"


def _name(row: RowMapping) -> str:
    return mention(_id(row), row["title"])
