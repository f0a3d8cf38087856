"""Who refers to a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from gurita.store.among import among
from gurita.store.kinds import KINDS
from gurita.store.references import users_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.kinds import Kind
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
    rows = [row for row in users_in(tx, id) if row["space_id"] == ctx.space and row["from_kind"] in KINDS]
    of_kinds: dict[str, set[str]] = {}
    for row in rows:
        of_kinds.setdefault(row["from_kind"], set()).add(row["from_id"])
    names: dict[str, str] = {}
    for kind, ids in of_kinds.items():
        names |= _names_in(tx, ctx, KINDS[kind], ids)
    return [
        User(row["from_kind"], row["from_id"], names[row["from_id"]] or row["from_id"])
        for row in rows
        if row["from_id"] in names
    ]


def _names_in(tx: Tx, ctx: Context, kind: Kind[Any], ids: Iterable[str]) -> dict[str, str]:
    """What documents of a kind are called, by id: those the viewer sees."""
    seen = kind.visible(ctx.viewer, kind.c, ctx.space) if kind.visible else None
    named = select(kind.c.id, kind.c.name).where(among(kind.c.id, ids))
    rows = tx.all(named if seen is None else named.where(seen))
    return {row["id"]: row["name"] for row in rows}
