"""`feeds` (api.md 6)."""

from __future__ import annotations

from starlette.responses import PlainTextResponse

from gurita.catalog.serving import serve
from gurita.feeds.presenting import package_body, version_body
from gurita.feeds.resources import (
    BuiltInFeedStats,
    FeedPackage,
    FeedTest,
    FeedVersionItem,
    NotesQuery,
    OldPackagesQuery,
    SearchQuery,
    VersionsQuery,
)
from gurita.feeds.service import (
    Choice,
    FeedVersion,
    built_in_in,
    check_connection,
    feed_in,
    feeds,
    notes,
    search,
    versions,
)
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.routes import Routes
from gurita.http.wire import Wire
from gurita.kernel.clock import iso
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import Paging
from gurita.packages import service as packages

__all__ = ["routes"]

_space = Routes("space")


class FeedTestBody(Wire):
    """What to search for besides asking the feed at all."""

    term: str = ""


@_space.get("/feeds/stats", permission="FeedView")
async def stats(call: Call) -> BuiltInFeedStats:
    """How much the built-in feed holds."""
    id, total = await call.services.store.read(
        lambda tx: (built_in_in(tx, call.space).id, packages.count_in(tx, call.space))
    )
    place = {"Self": call.links.space("feeds/stats"), "Feed": call.links.space(f"feeds/{id}")}
    return BuiltInFeedStats(id=id, total_packages=total, links=place)


@_space.get("/feeds/{id}/packages/search", permission="FeedView", returns=Listing[FeedPackage])
async def search_packages(call: Call, id: str, query: SearchQuery) -> bytes:
    """Packages of a feed whose id holds the term."""
    feed = await call.services.store.read(lambda tx: feed_in(tx, call.space, id))
    found, total = await search(
        call.services, call.space, feed.id, query.term, skip=query.skip, take=query.take
    )
    return envelope(
        "PackageDescription",
        [package_body(call.links, feed.id, each) for each in found],
        max(total, query.skip + len(found)),
        Paging(query.skip, query.take),
        path=call.links.space(f"feeds/{feed.id}/packages/search"),
        template="{?term,take,skip}",
        filters=call.filters(),
    )


@_space.get("/feeds/{id}/packages/versions", permission="FeedView", returns=Listing[FeedVersionItem])
async def search_versions(call: Call, id: str, query: VersionsQuery) -> bytes:
    """Versions of one package of a feed, newest first."""
    feed = await call.services.store.read(lambda tx: feed_in(tx, call.space, id))
    found = await _versions(call, feed.id, query)
    return envelope(
        "PackageVersion",
        [
            version_body(call.links, feed, query.package_id, each, notes=query.include_release_notes)
            for each in found[query.skip : query.skip + query.take]
        ],
        len(found),
        Paging(query.skip, query.take),
        path=call.links.space(f"feeds/{feed.id}/packages/versions"),
        template="{?packageId,take,skip,includePreRelease,versionRange,preReleaseTag,filter,includeReleaseNotes}",
        filters=call.filters(),
    )


@_space.get("/feeds/{id}/packages", permission="FeedView", returns=list[FeedVersionItem])
async def old_packages(call: Call, id: str, query: OldPackagesQuery) -> bytes:
    """The search of older clients: a bare list."""
    feed = await call.services.store.read(lambda tx: feed_in(tx, call.space, id))
    ids = [query.package_id]
    if query.partial_match or not query.package_id:
        found, _ = await search(
            call.services, call.space, feed.id, query.package_id, skip=query.skip, take=query.take
        )
        ids = [each.id for each in found]
    items: list[bytes] = []
    for package_id in ids:
        wanted = await _versions(call, feed.id, query, package_id)
        several = query.include_multiple_versions and len(ids) == 1
        part = wanted[query.skip : query.skip + query.take] if several else wanted[:1]
        items += [
            version_body(call.links, feed, package_id, each, notes=query.include_notes) for each in part
        ]
    return b"[" + b",".join(items) + b"]"


@_space.get("/feeds/{id}/packages/notes", permission="FeedView", returns=str, media="text/plain")
async def package_notes(call: Call, id: str, query: NotesQuery) -> PlainTextResponse:
    """The release notes of a version, as text."""
    _must_name(query.package_id, "packageId")
    _must_name(query.version, "version")
    text = await notes(call.services, call.space, id, query.package_id, query.version)
    return PlainTextResponse(text)


@_space.post("/feeds/{id}/test", permission="FeedView", status=200)
async def test_feed(call: Call, id: str, body: FeedTestBody | None) -> FeedTest:
    """Asks a feed now, and says what came of it."""
    done = await check_connection(call.services, call.space, id, body.term if body else "")
    return FeedTest(
        is_successful=done.ok,
        messages=done.messages,
        milliseconds=done.milliseconds,
        tested=iso(call.services.clock.now()),
    )


async def _versions(
    call: Call, feed_id: str, query: VersionsQuery, package_id: str = ""
) -> list[FeedVersion]:
    _must_name(package_id or query.package_id, "packageId")
    choice = Choice(
        range=query.version_range,
        tag=query.pre_release_tag,
        include_pre_release=query.include_pre_release,
        part=query.filter,
        strategy=query.versioning_strategy,
        version_tag=query.version_tag_regex,
    )
    return await versions(call.services, call.space, feed_id, package_id or query.package_id, choice=choice)


def _must_name(value: str, parameter: str) -> None:
    if not value.strip():
        raise Invalid(f"{parameter}: must not be empty.")


routes = [*_space.items, *serve(feeds)]
