"""Opening databases of any age."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, update

from gurita.store import migrate
from gurita.store.db import Store
from gurita.store.errors import DatabaseTooNew
from gurita.store.installation import installation_in
from gurita.store.tables import installation, metadata, schema_version
from tests.fixtures_postgres import Postgres
from tests.looping import in_loop


@in_loop
async def test_nodes_that_start_together_make_one_database(postgres: Postgres) -> None:
    url = postgres.empty()
    stores = await asyncio.gather(*(Store.open(url) for _ in range(5)))
    known = {await store.read(installation_in) for store in stores}
    await asyncio.gather(*(store.close() for store in stores))
    assert len(known) == 1


@in_loop
async def test_processes_that_start_together_make_one_file(tmp_path: Path) -> None:
    stores = await asyncio.gather(*(Store.open(f"sqlite:///{tmp_path}/deep/er/gurita.db") for _ in range(5)))
    known = {await store.read(installation_in) for store in stores}
    await asyncio.gather(*(store.close() for store in stores))
    assert len(known) == 1
    assert (tmp_path / "deep/er/gurita.db").stat().st_mode & 0o077 == 0


@in_loop
async def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    store = await Store.open(database_url)
    await store.write(lambda tx: tx.run(update(schema_version).values(version_num="9999")))
    await store.close()
    with pytest.raises(DatabaseTooNew, match=r"schema 9999.*newer version.*restore a backup"):
        await Store.open(database_url)


@in_loop
async def test_tables_a_newer_version_brings_are_made_in_an_old_database(database_url: str) -> None:
    store = await Store.open(database_url)
    before = await store.read(installation_in)
    await store.write(lambda tx: metadata.tables["snapshot"].drop(tx._connection))
    await store.close()
    store = await Store.open(database_url)
    assert await store.read(installation_in) == before
    await store.read(lambda tx: tx.all(metadata.tables["snapshot"].select()))
    await store.close()


def test_the_newest_revision_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == migrate.HEAD
    assert [each.revision for each in scripts.walk_revisions()][::-1] == list(migrate.KNOWN)


def test_all_revisions_in_turn_make_what_the_metadata_says(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/gurita.db")
    with engine.begin() as connection:
        schema_version.create(connection)
        migrate._upgrade(connection)
        found = inspect(connection)
        for table in metadata.sorted_tables:
            columns = {column["name"] for column in found.get_columns(table.name)}
            assert columns == {column.name for column in table.columns}, table.name
        connection.execute(insert(installation), {"id": "a", "incarnation": "b", "created": "c"})
    engine.dispose()
