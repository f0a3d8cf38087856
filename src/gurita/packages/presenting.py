"""Packages as JSON: with the feed they lie in, their build information and their links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec.structs import replace

from gurita.build_information import service as build_information
from gurita.packages.feed import feed_id_in
from gurita.packages.records import PackageRow
from gurita.packages.resources import Package
from gurita.tasks.rules.words import moment_of

if TYPE_CHECKING:
    from gurita.build_information.resources import BuildInformation
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["shown_in"]


def shown_in(
    tx: Tx, ctx: Context, links: Links, rows: Sequence[PackageRow], *, notes: bool = True
) -> list[Package]:
    """Rows as clients see them; `notes` only where they were asked for."""
    feed = feed_id_in(tx, ctx.space)
    builds = build_information.for_packages_in(tx, ctx.space, [(row.package_id, row.version) for row in rows])
    found = []
    for row in rows:
        build = builds.get((row.package_id, row.version))
        if build is not None:
            build = replace(build, links={"Self": links.space(f"build-information/{build.id}")})
        found.append(_shown(links, row, feed, build, notes=notes))
    return found


def _shown(
    links: Links, row: PackageRow, feed: str, build: BuildInformation | None, *, notes: bool
) -> Package:
    self = links.space(f"packages/{quote(row.id, safe='')}")
    versions = f"packages?nuGetPackageId={quote(row.package_id, safe='')}"
    return Package(
        id=row.id,
        space_id=row.space,
        package_id=row.package_id,
        nu_get_package_id=row.package_id,
        feed_id=feed,
        nu_get_feed_id=feed,
        version=row.version,
        title=row.title or row.package_id,
        summary=row.summary or None,
        description=row.description or None,
        published=moment_of(row.published),
        release_notes=(row.release_notes or None) if notes else None,
        file_extension=row.extension,
        package_size_bytes=row.size,
        hash=row.sha1,
        package_version_build_information=build,
        links={
            "Self": self,
            "Raw": f"{self}/raw",
            "AllVersions": links.space(versions),
            "Feed": links.space(f"feeds/{feed}"),
        },
    )
