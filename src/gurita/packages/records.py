"""The tables of the built-in repository. Times are milliseconds since 1970 in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gurita.store.tables import metadata

__all__ = ["PREFIX", "PackageRow", "package", "package_delta", "release_package", "row_of"]

PREFIX = "packages-"
"""What ids of packages begin with: `packages-Acme.Web.1.2.3`."""

_Big = BigInteger().with_variant(Integer, "sqlite")

package = Table(
    "package",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("space", Text, nullable=False),
    Column("package_id", Text, nullable=False),
    Column("package_folded", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("version_folded", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
    Column("version_key", LargeBinary, nullable=False),
    Column("is_pre_release", Boolean, nullable=False),
    Column("extension", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha1", String(40), nullable=False),
    Column("blob", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("release_notes", Text, nullable=False),
    Column("published", BigInteger, nullable=False, index=True),
    UniqueConstraint("space", "name_folded"),
)
"""One row a version. `name_folded` is id, dot and version, folded: what the public id is made of, so it is what must differ.

`version_key` sorts as the versions do, byte by byte, on every database; `blob` is the SHA-256 of the file and its key.
"""
Index("package_versions", package.c.space, package.c.package_folded, package.c.version_key)

release_package = Table(
    "release_package",
    metadata,
    Column("space", Text, primary_key=True),
    Column("release", Text, primary_key=True),
    Column("package_folded", Text, primary_key=True),
    Column("version_folded", Text, primary_key=True),
)
"""Which versions releases selected, whether they are in the repository or not: retention leaves those alone."""
Index(
    "release_package_users",
    release_package.c.space,
    release_package.c.package_folded,
    release_package.c.version_folded,
)

package_delta = Table(
    "package_delta",
    metadata,
    Column("old", String(64), primary_key=True),
    Column("new", String(64), primary_key=True),
    Column("blob", String(64), index=True),
    Column("size", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False, index=True),
)
"""What makes one file of another; both are SHA-256. Without `blob` a delta is not worth it. `used`: milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A version of a package. `sha256` is the key of its blob, `sha1` what the contract calls its Hash."""

    number: int
    space: str
    package_id: str
    version: str
    extension: str
    size: int
    sha1: str
    sha256: str
    is_pre_release: bool
    title: str
    summary: str
    description: str
    release_notes: str
    published: int

    @property
    def id(self) -> str:
        """The public id."""
        return f"{PREFIX}{self.package_id}.{self.version}"

    @property
    def file_name(self) -> str:
        """What the file is called when it is downloaded."""
        return f"{self.package_id}.{self.version}{self.extension}"


_SAME = [name for name in PackageRow.__slots__ if name not in ("sha256", "is_pre_release")]


def row_of(row: Mapping[Any, Any]) -> PackageRow:
    """A row of the table."""
    values = {name: row[name] for name in _SAME}
    return PackageRow(**values, sha256=row["blob"], is_pre_release=bool(row["is_pre_release"]))
