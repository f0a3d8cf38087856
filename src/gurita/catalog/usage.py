"""Who refers to a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from gurita.store.kinds import KINDS
from gurita.store.references import users_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["User", "users_of_in"]


@dataclass(frozen=True, slots=True)
class User:
    """A document that refers to another; `kind` as it begins ids, `name` as people call it."""

    kind: str
    id: str
    name: str


def users_of_in(tx: Tx, ctx: Context, id: str) -> list[User]:
    """The documents of the context's space that refer to `id`, as far as its viewer sees them."""
    found: list[User] = []
    for row in users_in(tx, id):
        kind = KINDS.get(row["from_kind"])
        if kind is None or row["space_id"] != ctx.space:
            continue
        seen = kind.visible(ctx.viewer, kind.c, ctx.space) if kind.visible else None
        name = select(kind.c.name).where(kind.c.id == row["from_id"])
        named = tx.one(name if seen is None else name.where(seen))
        if named is not None:
            found.append(User(row["from_kind"], row["from_id"], named["name"] or row["from_id"]))
    return found
