"""Many ids as one parameter: the same rows as a plain list gives, and no more of them looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    create_engine,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from gurita.store.among import among

_metadata = MetaData()
_rows = Table("rows", _metadata, Column("id", Text, primary_key=True), Column("of", Text))
Index("rows_of", _rows.c.of)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as made:
        _metadata.create_all(made)
        made.execute(insert(_rows), [{"id": f"a-{n}", "of": ("x", "y", None)[n % 3]} for n in range(9)])
        yield made
    engine.dispose()


def _plan(connection: Connection, query: Select[Any]) -> str:
    compiled = query.compile(dialect=SQLiteDialect_pysqlite(paramstyle="named"))
    rows = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"), compiled.params)
    return "; ".join(str(row[3]) for row in rows)


@pytest.mark.parametrize("sifting", [False, True])
@pytest.mark.parametrize("ids", [[], ["x"], ["x", "y", "z"], ['"', "x'"]])
def test_it_holds_for_the_rows_that_a_plain_list_gives(
    connection: Connection, sifting: bool, ids: list[str]
) -> None:
    found = connection.scalars(select(_rows.c.id).where(among(_rows.c.of, ids, sifting=sifting)))
    assert set(found) == set(connection.scalars(select(_rows.c.id).where(_rows.c.of.in_(ids))))
    rest = connection.scalars(select(_rows.c.id).where(~among(_rows.c.of, ids, sifting=sifting)))
    if ids:
        assert set(rest) == set(connection.scalars(select(_rows.c.id).where(_rows.c.of.not_in(ids))))


def test_ids_are_sought_in_the_index_of_their_column(connection: Connection) -> None:
    plan = _plan(connection, select(_rows.c.id).where(among(_rows.c.of, ["x", "y"])))
    assert "SEARCH rows USING INDEX rows_of (of=?)" in plan


def test_ids_that_sift_leave_the_index_to_what_found_the_rows(connection: Connection) -> None:
    plan = _plan(connection, select(_rows.c.id).where(among(_rows.c.of, ["x", "y"], sifting=True)))
    assert "rows_of" not in plan
