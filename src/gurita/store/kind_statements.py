"""What every kind of document asks again and again, compiled once a kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    Table,
    Text,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from gurita.store.prepared import Prepared

__all__ = ["KindStatements", "Listing", "ordering"]


class KindStatements:
    """Statements for one table. All of them carry the space."""

    def __init__(self, table: Table, order: Sequence[str]) -> None:
        c = table.c
        here = c.space_id == bindparam("space")
        one = here, c.id == bindparam("id")
        others = here, c.parent == bindparam("parent"), c.id != bindparam("id")
        text: BindParameter[str] = bindparam("text")
        fold: BindParameter[str] = bindparam("fold")
        self.get = Prepared(select(c.body).where(*one))
        self.state = Prepared(select(c.version, c.slug, c.name).where(*one))
        self.find = Prepared(
            select(c.body)
            .where(here, or_(c.slug == text, c.folded == fold))
            .order_by(case((c.slug == text, 0), else_=1), c.number)
            .limit(1)
        )
        self.listing = Listing(table, order)
        self.same_name = Prepared(select(c.id).where(*others, c.folded == fold))
        self.same_slug = Prepared(select(c.id).where(*others, c.slug == bindparam("slug")))
        self.insert = Prepared(insert(table))
        new: dict[str, Any] = {
            each.name: bindparam(f"new_{each.name}") for each in c if each.name not in _KEPT
        }
        was = c.version == bindparam("was")
        self.update = Prepared(update(table).where(*one, was).values(new))


class Listing:
    """A page of a table's documents and how many there are, of those within `limits`."""

    def __init__(self, table: Table, order: Sequence[str], *limits: ColumnElement[bool]) -> None:
        c = table.c
        within = c.space_id == bindparam("space"), *limits
        self.page = Prepared(
            select(c.body)
            .where(*within)
            .order_by(*ordering(table, order))
            .limit(bindparam("take"))
            .offset(bindparam("skip"))
        )
        self.count = Prepared(select(func.count()).select_from(table).where(*within))
        self.get = Prepared(select(c.body).where(c.id == bindparam("id"), *within))


_KEPT = {"id", "space_id", "number"}


def ordering(table: Table, names: Sequence[str]) -> list[ColumnElement[Any]]:
    """ORDER BY for column names, `-` before one for descending; ends with the number, so that pages are stable."""
    found: list[ColumnElement[Any]] = []
    for name in [*names, "number"]:
        column: ColumnElement[Any] = table.c[name.removeprefix("-")]
        if isinstance(column.type, String):
            column = ByteOrder(column)
        found.append(column.desc() if name.startswith("-") else column.asc())
    return found


class ByteOrder(FunctionElement[str]):
    """Text that is sorted by its bytes, whatever the database's own collation is: both databases agree."""

    inherit_cache = True
    type = Text()


@compiles(ByteOrder)
def _as_it_is(element: ByteOrder, compiler: SQLCompiler, **given: Any) -> str:
    return compiler.process(element.clauses, **given)


@compiles(ByteOrder, "postgresql")
def _collated(element: ByteOrder, compiler: SQLCompiler, **given: Any) -> str:
    return f'{compiler.process(element.clauses, **given)} COLLATE "C"'
