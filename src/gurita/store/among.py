"""Many ids as one parameter: the text of a statement is the same however many they are, so it is compiled once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import msgspec
from sqlalchemy import BindParameter, Boolean, ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

__all__ = ["Awaited", "among", "as_parameter"]


class Awaited(frozenset[str]):
    """Ids that are not known yet: a statement made with them wants a parameter of this name, from `as_parameter`."""

    name: str

    def __new__(cls, name: str) -> Self:
        made = super().__new__(cls, (name,))
        made.name = name
        return made


def as_parameter(ids: Iterable[str]) -> str:
    """Ids as the one parameter that a statement takes."""
    return msgspec.json.encode(sorted(ids)).decode()


def among(column: ColumnElement[Any], ids: Iterable[str], *, sifting: bool = False) -> ColumnElement[bool]:
    """The condition that a column holds one of the ids. `sifting`: few rows come to it, found by something else, so
    that no index of the column is to be used."""
    given: BindParameter[str]
    if isinstance(ids, Awaited):
        given = bindparam(ids.name, type_=Text(), required=True)
    else:
        given = bindparam(None, as_parameter(ids), type_=Text())
    return _Sifting(column, given) if sifting else _Among(column, given)


class _Among(FunctionElement[bool]):
    """`column` and a JSON list of texts."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        """As it is: SQLite, told to compare it with 1, would look at every row."""
        return self


class _Sifting(_Among):
    """The same for rows that are found already."""

    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_rows(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, ids = (compiler.process(each, **given) for each in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - both compiled


@compiles(_Sifting, "sqlite")
def _in_rows_unsought(element: _Sifting, compiler: SQLCompiler, **given: Any) -> str:
    """SQLite uses no index for `+column`."""
    return "(+" + _in_rows(element, compiler, **given)[1:]


@compiles(_Sifting, "postgresql")
@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, ids = (compiler.process(each, **given) for each in element.clauses)
    return f"({column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({ids} AS json)))))"
