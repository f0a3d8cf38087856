"""Lifecycles: the common behaviour, and what other features ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gurita.catalog.collection import Collection
from gurita.kernel.errors import NotFound
from gurita.lifecycles.records import LIFECYCLES
from gurita.lifecycles.resources import Lifecycle
from gurita.lifecycles.rules import completed, lifecycle_problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["DEFAULT_NAME", "create_default_in", "default_in", "get_in", "lifecycles"]

DEFAULT_NAME = "Default Lifecycle"


class Lifecycles(Collection[Lifecycle]):
    """The lifecycles of a space."""

    kind, body, item = LIFECYCLES, Lifecycle, "Lifecycle"
    path, permission = "lifecycles", "Lifecycle"
    links = {"Preview": "lifecycles/{id}/preview", "Projects": "lifecycles/{id}/projects"}

    def problems(self, doc: Lifecycle) -> Sequence[str]:
        return lifecycle_problems(doc)

    def prepare(self, tx: Tx, ctx: Context, before: Lifecycle | None, after: Lifecycle) -> Lifecycle:
        return completed(after, ctx.services.random)


lifecycles = Lifecycles()


def get_in(tx: Tx, ctx: Context, id: str) -> Lifecycle:
    """A lifecycle by id, slug or name. Raises NotFound."""
    return lifecycles.get_in(tx, ctx, id)


def default_in(tx: Tx, ctx: Context) -> Lifecycle:
    """The oldest lifecycle of the space: what a project gets that names none. Raises NotFound."""
    found = lifecycles.open(tx, ctx).all()
    if not found:
        raise NotFound("default lifecycle")
    return min(found, key=lambda one: int(one.id.rpartition("-")[2]))


def create_default_in(tx: Tx, ctx: Context) -> Lifecycle:
    """Makes the lifecycle of a new space: no phases, so all environments in any order."""
    return lifecycles.create_in(tx, ctx, Lifecycle(name=DEFAULT_NAME))
