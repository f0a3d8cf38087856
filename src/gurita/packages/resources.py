"""Packages as clients see them (api.md 6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from gurita.build_information.resources import BuildInformation
from gurita.http.query import ListQuery
from gurita.http.wire import Moment, Wire

__all__ = [
    "NoteFound",
    "OverwriteMode",
    "Package",
    "PackageNote",
    "PackageNotes",
    "PackageNotesQuery",
    "PackageQuery",
    "PackagesBulkQuery",
    "PushQuery",
]

OverwriteMode = Literal["FailIfExists", "OverwriteExisting", "IgnoreIfExists"]


class Package(Wire):
    """One version of a package in the built-in repository. `Hash` is the SHA-1 of the file, in hex."""

    id: str
    space_id: str
    package_id: str
    nu_get_package_id: str
    feed_id: str
    nu_get_feed_id: str
    version: str
    title: str | None
    summary: str | None
    description: str | None
    published: Moment
    release_notes: str | None
    file_extension: str
    package_size_bytes: int
    hash: str
    package_version_build_information: BuildInformation | None
    links: dict[str, str]


class PackageQuery(ListQuery):
    """`filter` is part of a package's id; `latest` shows the newest version of each only."""

    filter: str = ""
    nu_get_package_id: str = ""
    latest: bool = False
    include_notes: bool = False


class PushQuery(Wire):
    """What happens to a version that is there already; `replace` is the old way to say OverwriteExisting."""

    replace: bool = False
    overwrite_mode: OverwriteMode | None = None

    @property
    def mode(self) -> OverwriteMode:
        """The mode; FailIfExists if nothing is said."""
        return self.overwrite_mode or ("OverwriteExisting" if self.replace else "FailIfExists")


class PackagesBulkQuery(Wire):
    """What to delete."""

    ids: list[str] = msgspec.field(default_factory=list)


class PackageNotesQuery(Wire):
    """Ids of packages, as `packages-Acme.Web.1.2.3`."""

    package_ids: list[str] = msgspec.field(default_factory=list)


class NoteFound(Wire):
    """The notes, or why there are none."""

    succeeded: bool
    notes: str | None = None
    display_message: str | None = None
    failure_reason: str | None = None
    published: Moment | None = None


class PackageNote(Wire):
    """What is known of one version's notes."""

    package_id: str
    version: str
    notes: NoteFound


class PackageNotes(Wire):
    """Notes of several versions, in the order they were asked for."""

    packages: list[PackageNote]
