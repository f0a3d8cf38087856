"""Statements compiled once: what runs for every action pays the driver's price, not SQLAlchemy's.

A `Prepared` is made once, at module level, from a Core statement with named `bindparam`s. It is compiled for
a database at its first use there, and then goes straight to the driver: about 6 µs a statement instead of 45
on SQLite. Values are what the driver knows (int, float, str, bytes, bool, None); types that convert in
Python (DateTime, Enum, JSON) are refused, and so are lists for `IN`, whose SQL differs from call to call.
Results are the driver's too: a boolean of SQLite is 0 or 1. Its errors are the driver's own, not SQLAlchemy's;
`gurita.store.errors.is_integrity` knows both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Executable, LargeBinary, Numeric
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["Answer", "Form", "Prepared"]

_DIALECTS: dict[str, Dialect] = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_psycopg(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]
}


class Answer:
    """What a prepared statement gave: rows (tuples in the order of `keys`), or how many rows it changed."""

    __slots__ = ("keys", "rowcount", "rows")

    def __init__(self, keys: Sequence[str], rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self.keys = keys
        self.rows = rows
        self.rowcount = rowcount

    def mappings(self) -> list[Mapping[str, Any]]:
        """The rows by column name."""
        keys = self.keys
        return [dict(zip(keys, row, strict=True)) for row in self.rows]

    def first(self) -> Mapping[str, Any] | None:
        """The first row by column name."""
        return dict(zip(self.keys, self.rows[0], strict=True)) if self.rows else None

    def scalar(self) -> Any:
        """The first column of the first row."""
        return self.rows[0][0] if self.rows else None


class Form:
    """A statement's SQL for one database, and the order of its parameters."""

    __slots__ = ("_fixed", "_names", "name", "sql")

    def __init__(self, statement: Any, dialect: str, name: str) -> None:
        compiled: SQLCompiler = statement.compile(dialect=_DIALECTS[dialect])
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise TypeError(f"a prepared statement cannot hold lists: {compiled}")
        if converting := _converting(compiled, _DIALECTS[dialect]):
            raise TypeError(f"a prepared statement cannot convert {converting}")
        self.name = name
        self.sql = str(compiled)
        self._names = list(compiled.positiontup or ())
        binds = {name: compiled.binds[name] for name in self._names}
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """The parameters in the statement's order. Raises KeyError naming one that was not given."""
        given = {**self._fixed, **params} if self._fixed else params
        return [given[name] for name in self._names]


class Prepared:
    """A statement that is compiled once a database, see the module."""

    __slots__ = ("_forms", "_name", "statement")
    _count = 0

    def __init__(self, statement: Executable) -> None:
        Prepared._count += 1
        self.statement = statement
        self._name = f"gurita_{Prepared._count}"
        self._forms: dict[str, Form] = {}

    def form(self, dialect: str) -> Form:
        """The statement as `dialect` wants it. Raises TypeError for one that cannot be prepared."""
        form = self._forms.get(dialect)
        if form is None:
            form = self._forms[dialect] = Form(self.statement, dialect, self._name)
        return form


def _converting(compiled: SQLCompiler, dialect: Dialect) -> list[str]:
    """Parameters whose type does more in Python than the driver would."""
    return sorted(
        name
        for name, bind in compiled.binds.items()
        if not isinstance(bind.type, (Boolean, LargeBinary, Numeric))
        and bind.type.dialect_impl(dialect).bind_processor(dialect) is not None
    )
