"""Brings a database to the schema of this code, safely while other nodes start or run.

A new database gets all tables from the metadata and is stamped with the newest revision. An older one gets the
revisions it lacks. Tables the metadata knows and the database does not are made at every start, so that a new
kind of document needs no revision. Revisions expand; what they make unused is removed one version later, since
the version before this one may still run on the same database.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, inspect, select

from gurita.kernel.clock import iso
from gurita.store.backend import Backend
from gurita.store.errors import DatabaseTooNew
from gurita.store.session import Session
from gurita.store.tables import commit_mark, installation, metadata, schema_version

__all__ = ["HEAD", "KNOWN", "prepare"]

KNOWN = ("0001", "0002")
"""The revisions in `migrations/versions`, oldest first. Kept here so that most starts do not load Alembic."""

HEAD = KNOWN[-1]

_LOCK = 0x6775726974610001
_DAY = 86_400.0


def prepare(backend: Backend) -> None:
    """Creates or migrates, one node at a time. Raises DatabaseTooNew, or the driver's errors."""
    session = backend.open("migration")
    try:
        with _alone(session):
            _bring_up(session.connection)
    finally:
        session.close()


@contextmanager
def _alone(session: Session) -> Iterator[None]:
    """A transaction that no other node's migration runs beside."""
    if session.dialect == "sqlite":
        session.command("PRAGMA foreign_keys = OFF")  # tables are rebuilt to be altered
    session.begin(write=True)
    try:
        if session.dialect == "postgresql":
            session.command(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield
        session.commit()
    finally:
        session.rollback()


def _bring_up(connection: Connection) -> None:
    present = set(inspect(connection).get_table_names())
    known = schema_version.name in present
    found = connection.execute(select(schema_version.c.version_num)).scalar() if known else None
    if found is None:
        metadata.create_all(connection)
        connection.execute(insert(schema_version).values(version_num=HEAD))
    else:
        if found not in KNOWN:
            raise DatabaseTooNew(
                f"The database has schema {found}, written by a newer version of Gurita; this one knows "
                f"schemas up to {HEAD}. Start that version, or restore a backup made before the upgrade."
            )
        if found != HEAD:
            _upgrade(connection)
        if missing := [table for table in metadata.sorted_tables if table.name not in present]:
            metadata.create_all(connection, tables=missing, checkfirst=True)
    _begin_installation(connection)
    if connection.dialect.name == "postgresql":
        old = datetime.now(UTC).timestamp() - _DAY
        connection.execute(delete(commit_mark).where(commit_mark.c.touched < old))


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, HEAD)


def _begin_installation(connection: Connection) -> None:
    if connection.execute(select(installation.c.id)).first() is None:
        row = {"id": str(uuid.uuid4()), "incarnation": str(uuid.uuid4()), "created": iso(datetime.now(UTC))}
        connection.execute(insert(installation), row)
