"""What lists show is what the evaluator says: the same scopes as SQL and as Python, over documents made at random."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, MetaData, Table, Text, create_engine, insert, select

from gurita.http.context import Viewer, system_viewer
from gurita.kernel.places import Place, Scope, reached
from gurita.projects.records import PROJECTS
from gurita.store.tables import reference
from gurita.store.within import seen, seen_across

_PROJECTS = {
    "Projects-1": "ProjectGroups-1",
    "Projects-2": "ProjectGroups-1",
    "Projects-3": "ProjectGroups-2",
}
_ENVIRONMENTS = ("Environments-1", "Environments-2", "Environments-3")
_TENANTS = ("Tenants-1", "Tenants-2")

_metadata = MetaData()
_rows = Table(
    "rows",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("space", Text),
    Column("project", Text),
    Column("environment", Text),
    Column("tenant", Text),
)


def _some(ids: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(ids)), max_size=2)


_scopes = st.lists(
    st.builds(
        Scope,
        projects=_some(_PROJECTS),
        groups=_some(_PROJECTS.values()),
        environments=_some(_ENVIRONMENTS),
        tenants=_some(_TENANTS),
        explicit_tenant=st.booleans(),
    ),
    max_size=4,
)
_places = st.lists(
    st.tuples(
        st.sampled_from(["", *_PROJECTS]),
        st.sampled_from(["", *_ENVIRONMENTS]),
        st.sampled_from(["", None, *_TENANTS]),
    ),
    min_size=1,
    max_size=8,
)


def _database() -> Connection:
    connection = create_engine("sqlite://").connect()
    _metadata.create_all(connection)
    connection.exec_driver_sql(f"create table {PROJECTS.table.name} (id text, project_group_id text)")
    for project, group in _PROJECTS.items():
        connection.exec_driver_sql(f"insert into {PROJECTS.table.name} values ('{project}', '{group}')")
    return connection


def _place(project: str, environment: str, tenant: str | None) -> Place:
    return Place(
        project,
        _PROJECTS.get(project),
        frozenset([environment] if environment else ()),
        frozenset([tenant] if tenant else ()),
    )


@given(_scopes, _places)
def test_rows_are_shown_exactly_where_the_evaluator_says(
    scopes: list[Scope], places: list[tuple[str, str, str | None]]
) -> None:
    columns = {"project": _rows.c.project, "environment": _rows.c.environment, "tenant": _rows.c.tenant}
    with _database() as connection:
        for number, (project, environment, tenant) in enumerate(places):
            row = {"id": str(number), "space": "Spaces-1", "project": project}
            connection.execute(insert(_rows).values(**row, environment=environment, tenant=tenant))
        limits = seen(scopes, **columns)
        query = select(_rows.c.id) if limits is None else select(_rows.c.id).where(limits)
        across = seen_across({"Spaces-1": scopes, "Spaces-2": [Scope()]}, _rows.c.space, **columns)
        found = {row[0] for row in connection.execute(query)}
        assert {row[0] for row in connection.execute(select(_rows.c.id).where(across))} == found
    assert found == {str(n) for n, place in enumerate(places) if reached(scopes, _place(*place))}


_documents = st.lists(st.tuples(_some(_ENVIRONMENTS), _some(_TENANTS)), min_size=1, max_size=6)


@given(_scopes, _documents)
def test_documents_of_many_places_are_shown_where_the_evaluator_finds_one_of_them(
    scopes: list[Scope], documents: list[tuple[frozenset[str], frozenset[str]]]
) -> None:
    from gurita.machines.records import MACHINES

    table = MACHINES.table
    with create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql(f"create table {table.name} (id text)")
        connection.exec_driver_sql("create table reference (from_id text, field text, to_id text)")
        for number, (environments, tenants) in enumerate(documents):
            id = f"Machines-{number}"
            connection.exec_driver_sql(f"insert into {table.name} values ('{id}')")
            named = [("EnvironmentIds", one) for one in environments] + [
                ("TenantIds", one) for one in tenants
            ]
            for field, to in named:
                connection.execute(insert(reference).values(from_id=id, field=field, to_id=to))
        limits = _seen_by(MACHINES, scopes)
        query = select(table.c.id) if limits is None else select(table.c.id).where(limits)
        found = {row[0] for row in connection.execute(query)}
    wanted = {
        f"Machines-{n}"
        for n, (environments, tenants) in enumerate(documents)
        if reached(scopes, Place(None, None, environments, tenants), somewhere=True)
    }
    assert found == wanted


def _seen_by(kind: Any, scopes: list[Scope]) -> Any:
    viewer: Viewer = SimpleNamespace(scopes=lambda _permission, _space: scopes)  # type: ignore[assignment]
    return kind.visible(viewer, kind.c, "Spaces-1")


def test_who_may_do_everything_is_not_narrowed_at_all() -> None:
    from gurita.machines.records import MACHINES

    assert MACHINES.visible is not None
    assert MACHINES.visible(system_viewer(), MACHINES.c, "Spaces-1") is None


def test_a_kind_says_where_a_document_lies_as_it_says_it_in_sql() -> None:
    from gurita.catalog.visibility import Lying
    from gurita.machines.records import MACHINES
    from gurita.machines.resources import Machine, NoEndpoint

    lying = MACHINES.visible
    assert isinstance(lying, Lying)
    machine = Machine(name="web", environment_ids=["Environments-1", "Environments-2"], endpoint=NoEndpoint())
    found = lying.place(None, MACHINES, machine)  # type: ignore[arg-type]
    assert found == Place(None, None, frozenset({"Environments-1", "Environments-2"}), frozenset())
