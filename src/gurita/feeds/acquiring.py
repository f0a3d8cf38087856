"""Getting a package: looked up in the built-in feed, downloaded once from the others."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from msgspec import UNSET

from gurita.feeds import downloads
from gurita.feeds.asking import client_of, telling
from gurita.feeds.clients import FeedClient
from gurita.feeds.downloads import Acquired
from gurita.feeds.errors import FeedRefuses
from gurita.feeds.rules import BUILT_IN
from gurita.kernel.errors import NotFound
from gurita.kernel.ids import folded
from gurita.outbound.download import Downloaded, download
from gurita.outbound.retrying import Say, patiently
from gurita.packages import service as packages
from gurita.store.blob_keeping import keep

if TYPE_CHECKING:
    from gurita.feeds.resources import Feed
    from gurita.http.context import Services

__all__ = ["acquire_from", "acquired_of"]

_Key = tuple[str, str, str, str, bool]


@dataclass
class _Flight:
    """A download under way, and everybody who waits for it."""

    work: asyncio.Future[Acquired]
    listeners: list[Say] = field(default_factory=list)


_flights: WeakKeyDictionary[Services, dict[_Key, _Flight]] = WeakKeyDictionary()


async def acquire_from(
    services: Services, space: str, feed: Feed, package_id: str, version: str, *, force: bool, say: Say
) -> Acquired:
    """See `gurita.feeds.service.acquire`."""
    if feed.feed_type == BUILT_IN:
        return await _built_in(services, space, feed, package_id, version)
    flights = _flights.setdefault(services, {})
    key = (space, feed.id, folded(package_id), version, force)
    flight = flights.get(key)
    if flight is None:
        listeners: list[Say] = []
        work = asyncio.ensure_future(
            _fetch(
                services,
                space,
                feed,
                package_id,
                version,
                force=force,
                say=lambda line: _tell(listeners, line),
            )
        )
        flight = flights[key] = _Flight(work, listeners)
        work.add_done_callback(lambda _: flights.pop(key, None))
    else:
        say(f"{package_id} {version} is being downloaded already; waiting for it.")
    flight.listeners.append(say)
    try:
        return await asyncio.shield(flight.work)
    finally:
        flight.listeners.remove(say)
        if not flight.listeners and not flight.work.done():
            flight.work.cancel()


def _tell(listeners: list[Say], line: str) -> None:
    for say in list(listeners):
        say(line)


async def _built_in(services: Services, space: str, feed: Feed, package_id: str, version: str) -> Acquired:
    row = await services.store.read(lambda tx: packages.find_in(tx, space, package_id, version))
    if row is None:
        raise FeedRefuses(
            f"Feed '{feed.name}', {package_id} {version}: it has no such package. "
            "Push it, or choose a version that is there."
        )
    return acquired_of(row)


def acquired_of(row: packages.PackageRow) -> Acquired:
    """A package of the built-in repository."""
    return Acquired(row.package_id, row.version, row.extension, row.size, row.sha256, row.sha256)


async def _fetch(
    services: Services, space: str, feed: Feed, package_id: str, version: str, *, force: bool, say: Say
) -> Acquired:
    client = await client_of(services, space, feed)
    if not force and not client.changes(version):
        found = await _remembered(services, space, feed.id, package_id, version)
        if found is not None:
            say(f"{package_id} {version} was downloaded before.")
            return found
    with telling(feed, f"{package_id} {version}"):
        return await _download(services, space, feed, client, package_id, version, say)


async def _remembered(
    services: Services, space: str, feed: str, package_id: str, version: str
) -> Acquired | None:
    """What was fetched before, if its file is still there whole."""
    found = await services.store.read(lambda tx: downloads.find_in(tx, space, feed, package_id, version))
    if found is None:
        return None
    try:
        if await services.blobs.size(found.blob) != found.size:
            return None
    except NotFound:
        return None
    now = services.milliseconds()
    await services.store.write(lambda tx: downloads.touch_in(tx, space, feed, package_id, version, now))
    return found


async def _download(
    services: Services, space: str, feed: Feed, client: FeedClient, package_id: str, version: str, say: Say
) -> Acquired:
    attempts = 1 if feed.download_attempts is UNSET else feed.download_attempts
    backoff = (
        1.0 if feed.download_retry_backoff_seconds is UNSET else float(feed.download_retry_backoff_seconds)
    )
    place = await patiently(
        lambda: client.place(package_id, version),
        attempts=attempts,
        backoff=backoff,
        clock=services.clock,
        say=say,
    )
    say(f"Downloading {package_id} {version} from feed '{feed.name}'.")
    path = await asyncio.to_thread(_new_file, services.blobs.incoming)
    try:
        got = await download(
            services.outbound,
            place.ask,
            path,
            clock=services.clock,
            hashes=place.hashes,
            size=place.size,
            attempts=attempts,
            backoff=backoff,
            say=say,
        )
        made = Acquired(package_id, version, place.extension, got.size, got.sha256, got.sha256)
        await _keep(services, space, feed, made, got)
    finally:
        path.unlink(missing_ok=True)
    say(f"Downloaded {package_id} {version}: {got.size} bytes, SHA-256 {got.sha256}.")
    return made


async def _keep(services: Services, space: str, feed: Feed, made: Acquired, got: Downloaded) -> None:
    now = services.milliseconds()
    await keep(
        services.store,
        services.blobs,
        [(got.path, got.sha256)],
        lambda tx: downloads.keep_in(tx, space, feed.id, made, now),
        now,
    )


def _new_file(folder: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix="feed-", dir=folder)
    os.close(handle)
    return Path(name)
