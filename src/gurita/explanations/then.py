"""A project and its variable sets as they were at an earlier moment, for who may read the trail of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.http.wire import moment
from gurita.kernel.errors import Invalid, NotFound
from gurita.kernel.places import Place
from gurita.library import service as library
from gurita.tasks.rules import milliseconds
from gurita.variables import service

if TYPE_CHECKING:
    from gurita.catalog.resource import Resource
    from gurita.http.context import Context
    from gurita.projects.resources import Project
    from gurita.store.tx import Tx
    from gurita.variables.resources import VariableSet

__all__ = ["AS_OF", "Then", "then_in"]

AS_OF = "asOf"

D = TypeVar("D", bound="Resource")


@dataclass(frozen=True, slots=True)
class Then:
    """A project with the ids of its sets. Without `at` (milliseconds since 1970) they are as they are now.

    `gone` are ids of sets that were included and are no more.
    """

    at: int | None
    project: Project
    sets: Sequence[str]
    gone: Sequence[str] = ()

    def set_in(self, tx: Tx, ctx: Context, id: str) -> VariableSet:
        """One of the sets, as whoever sees `ctx` may read it. Raises NotFound, Forbidden, Invalid."""
        now = service.get_in(tx, ctx, id)
        if self.at is None:
            return now
        return audit.earlier_in(tx, ctx.space, id, now, self.at, AS_OF) or replace(now, variables=[])


def then_in(tx: Tx, ctx: Context, project: Project, as_of: str) -> Then:
    """The project at the moment a text names; now, for an empty one.

    Raises Invalid if it was not there yet or the trail does not reach back so far, Forbidden without EventView for it.
    """
    if not as_of:
        return Then(None, project, library.sets_of(project))
    at = milliseconds(moment(as_of, AS_OF))
    ctx.must("EventView", Place(project.id, project.project_group_id))
    before = audit.earlier_in(tx, ctx.space, project.id, project, at, AS_OF)
    if before is None:
        raise Invalid(f"{AS_OF}: the project '{project.name}' was not there yet. Name a later moment.")
    wanted = library.sets_of(before)
    there = [id for id in wanted if _is_there(tx, ctx, id)]
    return Then(at, before, there, [id for id in wanted if id not in there])


def _is_there(tx: Tx, ctx: Context, id: str) -> bool:
    try:
        service.get_in(tx, ctx.whole, id)
    except NotFound:
        return False
    return True
