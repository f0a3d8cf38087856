"""What other packages may ask of feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gurita.feeds.acquiring import acquire_from, acquired_of
from gurita.feeds.asking import asked_once, client_of, source_in, telling
from gurita.feeds.clients import FeedVersion, FoundPackage
from gurita.feeds.collection import built_in_in, ensure_built_in_in, feeds
from gurita.feeds.downloads import Acquired, Limits, downloaded_in, trimming
from gurita.feeds.errors import FeedRefuses, FeedUnavailable
from gurita.feeds.records import FEEDS
from gurita.feeds.rules import BUILT_IN, BUILT_IN_ID, Choice, chosen, newest_first
from gurita.feeds.rules.registries import REGISTRY_TYPES, Registry, registry_place
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import NotFound, Refused
from gurita.kernel.ids import folded
from gurita.packages import service as packages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gurita.feeds.resources import Feed
    from gurita.http.context import Services
    from gurita.outbound.retrying import Say
    from gurita.packages.service import PackageRow
    from gurita.store.tx import Tx

__all__ = [
    "BUILT_IN_ID",
    "Acquired",
    "Choice",
    "FeedRefuses",
    "FeedUnavailable",
    "FeedVersion",
    "FoundPackage",
    "Limits",
    "Registry",
    "Tested",
    "acquire",
    "built_in_in",
    "check_connection",
    "ensure_built_in_in",
    "feed_in",
    "feeds",
    "held_in",
    "notes",
    "registries_in",
    "search",
    "trimming",
    "versions",
]


@dataclass(frozen=True, slots=True)
class Tested:
    """What asking a feed just now found; `messages` are sentences."""

    ok: bool
    messages: list[str]
    milliseconds: int


def feed_in(tx: Tx, space: str, feed: str) -> Feed:
    """A feed by id, slug or name; `feeds-builtin` is the space's own built-in feed. Raises NotFound."""
    if folded(feed) == BUILT_IN_ID:
        return built_in_in(tx, space)
    found = FEEDS.open(tx, space).find(feed)
    if found is None:
        raise NotFound(feed)
    return found


def held_in(tx: Tx, space: str, feed_id: str, package_id: str, version: str, most: int) -> list[Acquired]:
    """At most `most` versions of a package whose files this server has, but for `version`: of the built-in feed the highest
    first, of the others those used last."""
    feed = feed_in(tx, space, feed_id)
    if feed.feed_type != BUILT_IN:
        found = downloaded_in(tx, space, feed.id, package_id, most + 1)
    else:
        rows = packages.versions_in(tx, space, package_id, take=most + 1)
        found = [acquired_of(row) for row in rows]
    return [each for each in found if folded(each.version) != folded(version)][:most]


def registries_in(tx: Tx, services: Services, space: str, ids: Iterable[str]) -> dict[str, Registry]:
    """Of the feeds with these ids those that hold images, by id, their passwords opened."""
    found: dict[str, Registry] = {}
    for feed in FEEDS.open(tx, space).all():
        if feed.id in ids and feed.feed_type in REGISTRY_TYPES:
            source = source_in(tx, services, space, feed)
            place = registry_place(source.uri, feed.registry_path or "")
            found[feed.id] = Registry(place, source.username, source.password)
    return found


async def search(
    services: Services, space: str, feed_id: str, term: str, *, skip: int = 0, take: int = 30
) -> tuple[list[FoundPackage], int]:
    """Packages whose id holds `term`, and how many there are. Raises NotFound, FeedRefuses, FeedUnavailable."""
    feed = await services.store.read(lambda tx: feed_in(tx, space, feed_id))
    if feed.feed_type == BUILT_IN:
        page = await services.store.read(lambda tx: packages.search_in(tx, space, term, skip, take))
        return [FoundPackage(row.package_id, row.description, row.version) for row in page.items], page.total
    client = await client_of(services, space, feed)
    with telling(feed):
        return await client.search(term, skip, take)


async def versions(
    services: Services,
    space: str,
    feed_id: str,
    package_id: str,
    *,
    take: int | None = None,
    range: str = "",  # noqa: A002 - as the API calls it
    tag: str = "",
    include_pre_release: bool = True,
    choice: Choice | None = None,
) -> list[FeedVersion]:
    """The versions of a package that are wanted, newest first. An answer of a feed is used for 15 seconds.

    `range` and `tag` are as in a channel's rule; `choice` says all of it at once. Raises NotFound, Invalid,
    FeedRefuses, FeedUnavailable.
    """
    feed = await services.store.read(lambda tx: feed_in(tx, space, feed_id))
    wanted = choice or Choice(range=range, tag=tag, include_pre_release=include_pre_release)
    if feed.feed_type == BUILT_IN:
        rows = await services.store.read(lambda tx: packages.versions_in(tx, space, package_id))
        found = [_of_row(row) for row in rows]
    else:
        key = ("versions", space, feed.id, feed.version, package_id)
        found = await asked_once(services, key, lambda: _all(services, space, feed, package_id))
    kept = chosen(found, feed.feed_type, wanted)
    return kept if take is None else kept[:take]


async def notes(services: Services, space: str, feed_id: str, package_id: str, version: str) -> str:
    """The release notes of a version; "" where there are none. Raises as `versions`."""
    feed = await services.store.read(lambda tx: feed_in(tx, space, feed_id))
    if feed.feed_type == BUILT_IN:
        row = await services.store.read(lambda tx: packages.find_in(tx, space, package_id, version))
        if row is None:
            raise NotFound(f"{package_id} {version}")
        return row.release_notes
    client = await client_of(services, space, feed)
    with telling(feed, f"{package_id} {version}"):
        return await client.notes(package_id, version)


async def check_connection(services: Services, space: str, feed_id: str, term: str = "") -> Tested:
    """Asks the feed now, as its user; with a `term` it searches, too. Raises NotFound for a feed there is not."""
    feed = await services.store.read(lambda tx: feed_in(tx, space, feed_id))
    began = services.clock.monotonic()
    ok, told = True, []
    try:
        if feed.feed_type != BUILT_IN:
            client = await client_of(services, space, feed)
            with telling(feed):
                await client.ping()
            told.append(f"Feed '{feed.name}' answers.")
        if term or feed.feed_type == BUILT_IN:
            found, total = await search(services, space, feed_id, term, take=5)
            names = ", ".join(each.id for each in found)
            told.append(f"{total} packages found{f', such as {names}' if names else ''}.")
    except Refused as error:
        ok = False
        told += error.errors or [error.message]
    return Tested(ok, told, int((services.clock.monotonic() - began) * 1000))


async def acquire(
    services: Services,
    space: str,
    feed_id: str,
    package_id: str,
    version: str,
    *,
    force: bool = False,
    say: Say = lambda _: None,
) -> Acquired:
    """A version's file among the blobs. The built-in feed's is there already; of others it is downloaded once.

    However many ask at the same time, one download is under way on a node. It is remembered until it was not used for
    long; `force` downloads again. `say` gets lines for a task's log. Raises NotFound, FeedRefuses, FeedUnavailable
    (after the feed's attempts), NoSpace; their messages name feed, package, version and the way out.
    """
    feed = await services.store.read(lambda tx: feed_in(tx, space, feed_id))
    return await acquire_from(services, space, feed, package_id, version, force=force, say=say)


async def _all(services: Services, space: str, feed: Feed, package_id: str) -> list[FeedVersion]:
    client = await client_of(services, space, feed)
    with telling(feed, package_id):
        return newest_first(await client.versions(package_id), feed.feed_type)


def _of_row(row: PackageRow) -> FeedVersion:
    published = iso_of(row.published)
    return FeedVersion(row.version, published, row.release_notes or None, row.size)
