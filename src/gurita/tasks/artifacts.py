"""Files that tasks left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import field
from sqlalchemy import ColumnElement, RowMapping, Select, func, or_, select

from gurita.engine.tables import action, artifact, task
from gurita.http.query import ListQuery
from gurita.kernel.errors import Conflict, NotFound
from gurita.kernel.paging import Page
from gurita.tasks.resources import Artifact
from gurita.tasks.rules import number_of
from gurita.tasks.rules.asking import artifact_of
from gurita.tasks.seeing import must_in, within

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["ArtifactQuery", "content_in", "find_in", "list_in"]


class ArtifactQuery(ListQuery):
    """What artifacts may be filtered by. `order` is `asc` for the oldest first."""

    regarding: list[str] = field(default_factory=list)
    order: str = "desc"


def _rows() -> Select[tuple[object, ...]]:
    place = (action.c.step, action.c.action, action.c.target, action.c.attempt)
    joined = artifact.outerjoin(action, action.c.number == artifact.c.action_row)
    return select(*artifact.c, *place).select_from(joined)


def list_in(tx: Tx, ctx: Context, query: ArtifactQuery) -> Page[Artifact]:
    """The newest files first."""
    where = [artifact.c.space == ctx.space, *_conditions(query)]
    if (seen := within(ctx.viewer, "ArtifactView", ctx.space)) is not None:
        where.append(artifact.c.task.in_(select(task.c.number).where(seen)))
    total = int(tx.scalar(select(func.count()).select_from(artifact).where(*where)))
    oldest_first = query.order.lower() == "asc"
    order = artifact.c.number if oldest_first else artifact.c.number.desc()
    rows = tx.all(_rows().where(*where).order_by(order).offset(query.skip).limit(query.take))
    return Page([artifact_of(dict(row)) for row in rows], total, query.paging)


def _conditions(query: ArtifactQuery) -> Iterator[ColumnElement[bool]]:
    if query.ids:
        numbers = [number_of(id, "Artifacts") for id in query.ids]
        yield artifact.c.number.in_([number for number in numbers if number is not None])
    if query.partial_name:
        yield artifact.c.name.icontains(query.partial_name, autoescape=True)
    if query.name:
        yield func.lower(artifact.c.name) == query.name.lower()
    if query.regarding:
        yield or_(*(_about(document) for document in query.regarding))


def _about(document: str) -> ColumnElement[bool]:
    number = number_of(document)
    if number is not None:
        return artifact.c.task == number
    columns = (task.c.project, task.c.environment, task.c.tenant)
    named = [func.lower(column) == document.lower() for column in columns]
    owned = task.c.arguments.icontains(f'"{document}"', autoescape=True)
    return artifact.c.task.in_(select(task.c.number).where(or_(*named, owned)))


def _row_in(tx: Tx, ctx: Context, id: str, permission: str = "ArtifactView") -> RowMapping:
    number = number_of(id, "Artifacts")
    row = None if number is None else tx.one(_rows().where(artifact.c.number == number))
    if row is None or row["space"] != ctx.space:
        raise NotFound(id)
    owner = tx.one(select(*task.c).where(task.c.number == row["task"]))
    nowhere = {"space": ctx.space, "project": None, "environment": None, "tenant": None}
    must_in(tx, ctx, permission, nowhere if owner is None else owner)
    return row


def find_in(tx: Tx, ctx: Context, id: str, permission: str = "ArtifactView") -> Artifact:
    """One file. Raises NotFound; Forbidden without the permission where its task lies."""
    return artifact_of(dict(_row_in(tx, ctx, id, permission)))


def content_in(tx: Tx, ctx: Context, id: str) -> tuple[str, str]:
    """The file's name and the blob that holds it. Raises NotFound, or Conflict while it has not been collected."""
    row = _row_in(tx, ctx, id)
    if row["blob"] is None:
        raise Conflict(
            f"{id} has not been collected from {row['source'] or 'its target'}. "
            f"The log of ServerTasks-{row['task']} says why if it never will be."
        )
    return row["name"], row["blob"]
