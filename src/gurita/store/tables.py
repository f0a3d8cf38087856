"""The tables every package registers in, and those of the store itself."""

from __future__ import annotations

from sqlalchemy import Column, Float, MetaData, String, Table

__all__ = ["commit_mark", "installation", "metadata", "schema_version"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

schema_version = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))
"""Alembic's own table, declared here so that a database that is up to date opens without loading Alembic."""

installation = Table(
    "installation",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("incarnation", String(36), nullable=False),
    Column("created", String(40), nullable=False),
)
"""One row. `incarnation` is renewed by every restore, so that tickets of a former life are not mistaken."""

commit_mark = Table(
    "commit_mark",
    metadata,
    Column("writer", String(40), primary_key=True),
    Column("batch", String(40), nullable=False),
    Column("touched", Float, nullable=False),
)
"""The last batch a writer committed: answers what became of a COMMIT whose connection was cut."""
