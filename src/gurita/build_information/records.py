"""The table of build information. Times are milliseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text, UniqueConstraint

from gurita.store.tables import metadata

__all__ = ["build_information"]

build_information = Table(
    "build_information",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("space", Text, nullable=False),
    Column("package_id", Text, nullable=False),
    Column("package_folded", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("version_folded", Text, nullable=False),
    Column("version_key", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    Column("created", BigInteger, nullable=False, index=True),
    UniqueConstraint("space", "package_folded", "version_folded"),
)
"""One row a version. The id is `BuildInformation-{number}`; `body` is what was pushed, in JSON; `version_key` sorts as versions do."""
