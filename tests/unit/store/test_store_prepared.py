"""What can be prepared, and what is refused instead of being wrong."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    insert,
    select,
)

from gurita.store.prepared import Prepared

thing = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", Text),
    Column("flag", Boolean),
    Column("moment", DateTime),
    Column("body", JSON),
)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_parameters_are_ordered_and_defaults_filled_in(dialect: str) -> None:
    statement = select(thing.c.id).where(
        thing.c.text == bindparam("b"), thing.c.id == 7, thing.c.flag == bindparam("a")
    )
    form = Prepared(statement).form(dialect)
    assert form.values({"a": True, "b": "x", "unused": 1}) == ["x", 7, True]
    with pytest.raises(KeyError, match="a"):
        form.values({"b": "x"})


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_lists_are_refused(dialect: str) -> None:
    with pytest.raises(TypeError, match="lists"):
        Prepared(select(thing).where(thing.c.id.in_(bindparam("ids", expanding=True)))).form(dialect)


def test_types_that_convert_are_refused() -> None:
    for column in (thing.c.moment, thing.c.body):
        with pytest.raises(TypeError, match="convert"):
            Prepared(insert(thing).values({column: bindparam("value")})).form("sqlite")


def test_a_statement_is_compiled_once_a_database() -> None:
    prepared = Prepared(select(thing.c.id))
    assert prepared.form("sqlite") is prepared.form("sqlite")
    assert prepared.form("sqlite") is not prepared.form("postgresql")
