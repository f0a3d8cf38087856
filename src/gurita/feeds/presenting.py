"""What feeds hold, as clients see it."""

from __future__ import annotations

from urllib.parse import quote

from gurita.feeds.clients import FeedVersion, FoundPackage
from gurita.feeds.resources import Feed, FeedPackage, FeedVersionItem
from gurita.feeds.rules import BUILT_IN
from gurita.http.links import Links, with_links
from gurita.http.wire import encode

__all__ = ["package_body", "version_body"]


def package_body(links: Links, feed_id: str, found: FoundPackage) -> bytes:
    """A package a search found, as JSON."""
    item = FeedPackage(id=found.id, name=found.id, description=found.description, latest_version=found.latest)
    place = f"feeds/{feed_id}/packages"
    id = quote(found.id, safe="")
    more = "{&take,skip,includePreRelease,versionRange,preReleaseTag,filter,includeReleaseNotes}"
    return with_links(
        encode(item),
        {
            "Feed": links.space(f"feeds/{feed_id}"),
            "SearchPackageVersionsTemplate": links.space(f"{place}/versions?packageId={id}{more}"),
        },
    )


def version_body(links: Links, feed: Feed, package_id: str, found: FeedVersion, *, notes: bool) -> bytes:
    """A version of a package, as JSON."""
    id, version = quote(package_id, safe=""), quote(found.version, safe="")
    made = {
        "Feed": links.space(f"feeds/{feed.id}"),
        "Notes": links.space(f"feeds/{feed.id}/packages/notes?packageId={id}&version={version}"),
    }
    if feed.feed_type == BUILT_IN:
        made["Package"] = links.space(f"packages/packages-{id}.{version}")
    return with_links(encode(_item(feed, package_id, found, notes=notes)), made)


def _item(feed: Feed, package_id: str, found: FeedVersion, *, notes: bool) -> FeedVersionItem:
    """A version of a package. Its notes may be long, so they are there only for those who asked."""
    prefix = "packages-" if feed.feed_type == BUILT_IN else ""
    return FeedVersionItem(
        id=f"{prefix}{package_id}.{found.version}",
        package_id=package_id,
        nu_get_package_id=package_id,
        version=found.version,
        feed_id=feed.id,
        nu_get_feed_id=feed.id,
        title=package_id,
        published=found.published,
        release_notes=found.release_notes if notes else None,
        size_bytes=found.size or 0,
        package_size_bytes=found.size or 0,
    )
