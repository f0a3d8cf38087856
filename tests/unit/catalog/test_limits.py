"""Statements of lists are prepared once for all viewers who see alike: each gets what the evaluator says, nobody another's."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from gurita.access.rules.evaluating import Grant, Grants, Holding
from gurita.http.context import Viewer, system_viewer
from gurita.kernel.places import Place, Scope, reached
from gurita.machines.records import MACHINES
from gurita.projects.records import PROJECTS
from gurita.store.among import Awaited
from gurita.store.limits import Limit, Limits
from gurita.store.prepared import Prepared
from gurita.store.tables import metadata

_ENVIRONMENTS = ("Environments-1", "Environments-2", "Environments-3")
_TENANTS = ("Tenants-1", 'Tenants-"2"')


def _some(ids: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(ids), max_size=2)


_viewers = st.lists(
    st.lists(
        st.builds(Scope, environments=_some(_ENVIRONMENTS), tenants=_some(_TENANTS)), min_size=1, max_size=6
    ),
    min_size=1,
    max_size=5,
)
_machines = st.lists(st.tuples(_some(_ENVIRONMENTS), _some(_TENANTS)), min_size=1, max_size=6)


def _viewer(*scopes: Scope, permission: str = "MachineView") -> Viewer:
    held = Holding(Grants(given=tuple(Grant(frozenset({permission}), "Spaces-1", one) for one in scopes)))
    return replace(system_viewer(), may=held.may, held=held)


def _limits(kind: Any) -> Limits:
    return Limits(kind.name, kind.table, kind.order, kind.visible)


def _database(machines: list[tuple[frozenset[str], frozenset[str]]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "create table machine (id text, space_id text, folded text, number integer, body text)"
    )
    connection.execute("create table reference (from_id text, field text, to_id text)")
    for number, (environments, tenants) in enumerate(machines):
        id = f"Machines-{number}"
        connection.execute("insert into machine values (?, 'Spaces-1', ?, ?, ?)", (id, id, number, id))
        named = [("EnvironmentIds", one) for one in environments] + [("TenantIds", one) for one in tenants]
        connection.executemany("insert into reference values (?, ?, ?)", [(id, *each) for each in named])
    return connection


def _asked(connection: sqlite3.Connection, statement: Prepared, limit: Limit) -> list[Any]:
    form = statement.form("sqlite")
    params = {"space": "Spaces-1", "take": 100, "skip": 0, **limit.params}
    return [row[0] for row in connection.execute(form.sql, form.values(params))]


@given(_viewers, _machines)
def test_viewers_who_share_statements_see_their_own_documents(
    viewers: list[list[Scope]], machines: list[tuple[frozenset[str], frozenset[str]]]
) -> None:
    limits, connection = _limits(MACHINES), _database(machines)
    for scopes in viewers:
        limit = limits.of(_viewer(*scopes), "Spaces-1")
        wanted = {
            f"Machines-{n}"
            for n, place in enumerate(machines)
            if reached(scopes, Place(None, None, *place), somewhere=True)
        }
        if limit is None:
            assert len(wanted) == len(machines)
        elif limit.listing is not None:
            assert set(_asked(connection, limit.listing.page, limit)) == wanted
            assert _asked(connection, limit.listing.count, limit) == [len(wanted)]
    connection.close()


def test_the_references_of_machines_that_no_page_shows_are_not_looked_at() -> None:
    scope = Scope(environments=frozenset({"Environments-1"}), tenants=frozenset({"Tenants-1"}))
    limit = _limits(MACHINES).of(_viewer(scope), "Spaces-1")
    assert limit is not None
    assert limit.listing is not None
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as made:
        form = limit.listing.page.form("sqlite")
        given = form.values({"space": "Spaces-1", "take": 31, "skip": 0, **limit.params})
        rows = made.exec_driver_sql(f"EXPLAIN QUERY PLAN {form.sql}", tuple(given))
        plan = [str(row[3]) for row in rows if "reference" in str(row[3])]
    engine.dispose()
    assert plan
    assert all("(from_id=? AND field=?" in each for each in plan)


def test_a_statement_without_the_ids_of_its_viewer_does_not_run() -> None:
    limit = _limits(MACHINES).of(_viewer(Scope(environments=frozenset({"Environments-1"}))), "Spaces-1")
    assert limit is not None
    assert limit.listing is not None
    form = limit.listing.count.form("sqlite")
    assert "Environments-1" not in form.sql
    with pytest.raises(KeyError, match="environments"):
        form.values({"space": "Spaces-1"})


def test_viewers_of_one_shape_share_statements_and_differ_in_parameters() -> None:
    limits = _limits(PROJECTS)
    one, two = (
        limits.of(_viewer(Scope(projects=frozenset(ids)), permission="ProjectView"), "Spaces-1")
        for ids in (["Projects-1"], ["Projects-2", "Projects-3"])
    )
    assert one is not None
    assert two is not None
    assert one.listing is two.listing
    assert one.params != two.params


def test_what_somebody_may_see_in_one_space_is_not_taken_for_another() -> None:
    limits = _limits(MACHINES)
    viewer = _viewer(Scope())
    assert limits.of(viewer, "Spaces-1") is None
    nothing = limits.of(viewer, "Spaces-2")
    assert nothing is not None
    assert nothing.params == {}
    assert limits.of(viewer.whole, "Spaces-2") is None


def test_ids_that_are_awaited_are_known_by_name_only() -> None:
    assert Awaited("seen") == Awaited("seen")
    assert not Awaited("seen") & frozenset(_ENVIRONMENTS)


def test_viewers_of_many_shapes_do_not_fill_the_memory() -> None:
    limits = _limits(MACHINES)
    crossed = [
        Scope(environments=frozenset({f"Environments-{n}"}), tenants=frozenset({f"Tenants-{n}"}))
        for n in range(9)
    ]
    limit = limits.of(_viewer(*crossed), "Spaces-1")
    assert limit is not None
    assert limit.listing is None
    assert limit.params == {}
