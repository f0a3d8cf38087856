"""Where settings are kept: one row a section."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from gurita.store.tables import metadata

__all__ = ["server_setting"]

server_setting = Table(
    "server_setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
"""`body` is the section's JSON. A section without a row has its defaults."""
