"""Which document names which: kept with every save, asked before every deletion, filtered by in lists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import ColumnElement, bindparam, delete, insert, select

from gurita.kernel.errors import Conflict, Invalid
from gurita.store.kinds import Reference, title_of
from gurita.store.prepared import Prepared
from gurita.store.tables import entity, reference
from gurita.store.tx import Tx

__all__ = ["referring", "remove_in", "save_in", "users_in"]

_BLOCK = 500

_ROW: dict[str, Any] = {each.name: bindparam(f"new_{each.name}") for each in reference.c}
_ADD = Prepared(insert(reference).values(_ROW))
_OF = Prepared(
    select(reference.c.field, reference.c.to_id).where(reference.c.from_id == bindparam("from_id"))
)
_CUT = Prepared(
    delete(reference).where(
        reference.c.from_id == bindparam("from_id"),
        reference.c.field == bindparam("field"),
        reference.c.to_id == bindparam("to_id"),
    )
)
_USERS = Prepared(
    select(reference.c.from_kind, reference.c.from_id, reference.c.space_id)
    .where(reference.c.to_id == bindparam("id"), reference.c.from_id != bindparam("id"))
    .distinct()
    .order_by(reference.c.from_kind, reference.c.from_id)
)
_CUT_ALL = Prepared(delete(reference).where(reference.c.from_id == bindparam("from_id")))


def save_in(
    tx: Tx, space: str, kind: str, id: str, wanted: Iterable[Reference], *, fresh: bool = False
) -> None:
    """Makes the stored references of a document the wanted ones. Raises Invalid naming the members that are wrong."""
    given = {(each.stored_field, each.to_id): each for each in reversed(list(wanted)) if each.to_id}
    stored = set() if fresh else {(row["field"], row["to_id"]) for row in tx.all(_OF, {"from_id": id})}
    for field, to_id in stored - given.keys():
        tx.run(_CUT, {"from_id": id, "field": field, "to_id": to_id})
    new = [given[key] for key in reversed(given) if key not in stored]
    if not new:
        return
    _refuse_unknown(tx, space, new)
    row = {"new_space_id": space, "new_from_kind": kind, "new_from_id": id}
    for each in new:
        target = {"new_field": each.stored_field, "new_to_kind": each.to_kind, "new_to_id": each.to_id}
        _add(tx, each, {**row, **target})


def remove_in(tx: Tx, id: str) -> None:
    """Forgets what a document refers to."""
    tx.run(_CUT_ALL, {"from_id": id})


def users_in(tx: Tx, id: str) -> Sequence[Mapping[str, Any]]:
    """The documents that refer to this one, each once: `from_kind`, `from_id`, `space_id`."""
    return tx.all(_USERS, {"id": id})


def referring(field: str, to_ids: Iterable[str], id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that the document `id` names one of `to_ids` in its member `field`."""
    found = select(reference.c.from_id).where(reference.c.field == field, reference.c.to_id.in_(list(to_ids)))
    return id.in_(found)


def _add(tx: Tx, each: Reference, row: dict[str, str]) -> None:
    try:
        tx.run(_ADD, row)
    except (psycopg.IntegrityError, sqlite3.IntegrityError) as error:
        raise Conflict(
            f"{each.field}: '{each.to_id}' was deleted while this was being saved. Use another."
        ) from error


def _refuse_unknown(tx: Tx, space: str, wanted: list[Reference]) -> None:
    ids = list(dict.fromkeys(each.to_id for each in wanted))
    known: dict[str, tuple[str, str]] = {}
    for start in range(0, len(ids), _BLOCK):
        rows = tx.all(select(entity).where(entity.c.id.in_(ids[start : start + _BLOCK])))
        known |= {row["id"]: (row["space_id"], row["kind"]) for row in rows}
    if problems := [_problem(each) for each in wanted if not _fits(each, space, known.get(each.to_id))]:
        raise Invalid(*problems)


def _fits(each: Reference, space: str, found: tuple[str, str] | None) -> bool:
    if found is None:
        return False
    place, kind = found
    allowed = space if each.space is None else each.space
    return place in {allowed, ""} and each.to_kind in {kind, ""}


def _problem(each: Reference) -> str:
    what = title_of(each.to_kind) if each.to_kind else "document"
    article = "an" if what[:1] in "aeiou" else "a"
    return f"{each.field}: '{each.to_id}' does not exist in this space. Use {article} {what} of this space."
