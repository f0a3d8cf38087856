"""The tables every package registers in, and those of the store itself."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

__all__ = [
    "commit_mark",
    "entity",
    "installation",
    "metadata",
    "reference",
    "schema_version",
    "sequence",
    "snapshot",
]

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

sequence = Table(
    "sequence",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)
"""The last number given to a kind of document. Numbers of deleted documents are not given again."""

entity = Table(
    "entity",
    metadata,
    Column("id", Text, primary_key=True),
    Column("space_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
)
"""Every document of every kind: what references point to. `space_id` is empty for what belongs to the system."""

reference = Table(
    "reference",
    metadata,
    Column("from_id", Text, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("to_id", Text, ForeignKey("entity.id"), primary_key=True),
    Column("space_id", Text, nullable=False),
    Column("from_kind", Text, nullable=False),
    Column("to_kind", Text, nullable=False),
)
"""Which document names which in which member. The key to `entity` keeps what is referred to from being deleted."""
Index("reference_to", reference.c.to_id, reference.c.field)

snapshot = Table(
    "snapshot",
    metadata,
    Column("space_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""Frozen documents by the hash of their content."""
