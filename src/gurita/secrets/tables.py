"""The tables of secrets. Nothing in them is readable without the root key."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from gurita.store.tables import metadata

__all__ = ["root_key_check", "secret", "space_key"]

root_key_check = Table(
    "root_key_check",
    metadata,
    Column("root_key_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""One row: known text under the root key, so that a wrong key is noticed at start and not at the first secret."""

space_key = Table(
    "space_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("space_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("root_key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Keys of spaces under the root key. New secrets go under the one with the highest number."""
Index("space_key_space", space_key.c.space_id, space_key.c.number)

secret = Table(
    "secret",
    metadata,
    Column("id", Text, primary_key=True),
    Column("space_id", Text, nullable=False),
    Column("key_id", Text, ForeignKey("space_key.id"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""One row a value that was ever set. A row is never changed, but for the rotation of its space's key."""
Index("secret_key", secret.c.key_id)
