"""Getting packages: once, whole, as the feed says they are, and never with a credential where it does not belong."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from gurita.feeds import service as feeds
from gurita.feeds.downloads import Limits, trim_in
from gurita.feeds.records import feed_download
from gurita.feeds.service import Acquired, FeedRefuses, FeedUnavailable
from gurita.kernel.clock import SystemClock
from gurita.kernel.errors import NotFound
from gurita.outbound.client import Options, Outbound
from gurita.store.blob_keeping import collect
from tests.helpers import House
from tests.looping import in_loop, until
from tests.scripted_site import Seen, Site, cut, file, page, redirect, site
from tests.unit.packages.repository import nupkg, repository

SECRET = "feed-password-marker"
DAY = 86_400_000


class Clock(SystemClock):
    """Pauses take no time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


@asynccontextmanager
async def feeding(folder: Path, **options: Any) -> AsyncIterator[tuple[House, Site, str]]:
    """A server, a Helm repository of a chart `web` 1.0.0, and the id of its feed."""
    outbound = Outbound(Options(env={}, read=60.0))
    async with site() as web, repository(folder, outbound=outbound, clock=Clock(), **options) as made:
        serve(web, b"the chart")
        password = {"HasValue": True, "NewValue": SECRET}
        body = {
            "Name": "Charts",
            "FeedType": "Helm",
            "FeedUri": web.url,
            "Username": "me",
            "Password": password,
        }
        feed = await made.gurita.post(
            "feeds", {**body, "DownloadAttempts": 3, "DownloadRetryBackoffSeconds": 0}
        )
        try:
            yield made.gurita, web, feed["Id"]
        finally:
            await outbound.close()


def serve(web: Site, content: bytes, *, digest: str = "", url: str = "web-1.0.0.tgz") -> None:
    """Puts a chart into a Helm repository."""
    digest = digest or hashlib.sha256(content).hexdigest()
    chart = {"version": "1.0.0", "digest": digest, "urls": [url]}
    web.pages["/index.yaml"] = page(json.dumps({"entries": {"web": [chart]}}))
    web.pages["/web-1.0.0.tgz"] = file(content)


async def get(gurita: House, feed: str, **more: Any) -> Acquired:
    return await feeds.acquire(gurita.services, "Spaces-1", feed, "web", "1.0.0", **more)


async def remembered(gurita: House) -> int:
    return int(await gurita.store.read(lambda tx: tx.scalar(select(func.count()).select_from(feed_download))))


def left_over(gurita: House) -> list[Path]:
    return list(gurita.services.blobs.incoming.iterdir())


@in_loop
async def test_ten_who_ask_at_the_same_time_get_one_download(tmp_path: Path) -> None:
    async with feeding(tmp_path) as (gurita, web, feed):
        told: list[list[str]] = [[] for _ in range(10)]
        found = await asyncio.gather(*(get(gurita, feed, say=each.append) for each in told))
        assert len({each.blob for each in found}) == 1
        got = found[0]
        assert (got.package_id, got.version, got.extension, got.size) == ("web", "1.0.0", ".tgz", 9)
        assert got.sha256 == got.blob == hashlib.sha256(b"the chart").hexdigest()
        assert await gurita.services.blobs.get_range(got.blob, 0, 100) == b"the chart"
        assert len(web.asked("/web-1.0.0.tgz")) == 1
        assert all("Downloaded web 1.0.0: 9 bytes" in lines[-1] for lines in told)
        assert sum("waiting for it" in lines[0] for lines in told) == 9
        assert await get(gurita, "charts") == got
        assert len(web.asked("/web-1.0.0.tgz")) == 1, "the second time it is remembered"
        await get(gurita, feed, force=True)
        assert len(web.asked("/web-1.0.0.tgz")) == 2
        assert await remembered(gurita) == 1
        assert left_over(gurita) == []


@in_loop
async def test_the_last_who_goes_away_ends_the_download(tmp_path: Path) -> None:
    async def silent(_seen: Seen, _out: asyncio.StreamWriter) -> None:
        await asyncio.sleep(600)

    async with feeding(tmp_path) as (gurita, web, feed):
        web.pages["/web-1.0.0.tgz"] = silent
        first, second = (asyncio.ensure_future(get(gurita, feed)) for _ in range(2))
        await until(lambda: web.asked("/web-1.0.0.tgz"))
        first.cancel()
        await asyncio.sleep(0.05)
        assert left_over(gurita) != []
        second.cancel()
        await until(lambda: not left_over(gurita))
        serve(web, b"the chart")
        assert (await get(gurita, feed)).size == 9


@in_loop
async def test_a_broken_download_is_tried_again_as_often_as_the_feed_says(tmp_path: Path) -> None:
    content = bytes(3_000_000)
    async with feeding(tmp_path) as (gurita, web, feed):
        serve(web, content)
        web.pages["/web-1.0.0.tgz"] = file(content, cuts=[1_500_000, 0])
        told: list[str] = []
        assert (await get(gurita, feed, say=told.append)).size == 3_000_000
        assert [line[:20] for line in told if line.startswith("Attempt")] == [
            "Attempt 1 of 3 faile",
            "Attempt 2 of 3 faile",
        ]
        for wrong in (page(b"", 503), cut):
            web.pages["/web-1.0.0.tgz"] = wrong
            before = len(web.asked("/web-1.0.0.tgz"))
            with pytest.raises(FeedUnavailable, match=r"Feed 'Charts', web 1\.0\.0"):
                await get(gurita, feed, force=True)
            assert len(web.asked("/web-1.0.0.tgz")) == before + 3
        assert left_over(gurita) == []


@in_loop
async def test_a_wrong_hash_is_refused_by_name_and_nothing_is_kept(tmp_path: Path) -> None:
    async with feeding(tmp_path) as (gurita, web, feed):
        serve(web, b"tampered", digest="0" * 64)
        with pytest.raises(FeedRefuses) as caught:
            await get(gurita, feed)
        (told,) = caught.value.errors
        assert "Feed 'Charts', web 1.0.0" in told
        assert "SHA256" in told
        assert "Nothing was kept" in told
        assert len(web.asked("/web-1.0.0.tgz")) == 1
        assert (await remembered(gurita), left_over(gurita)) == (0, [])
        blobs = [each for each in (tmp_path / "blobs").rglob("*") if each.is_file()]
        assert blobs == []


@in_loop
async def test_refusals_name_the_way_out_and_no_secret(tmp_path: Path) -> None:
    async with feeding(tmp_path) as (gurita, web, feed):
        for status, word in (
            (401, "user name and password"),
            (404, "address"),
            (403, "user name and password"),
        ):
            web.pages["/web-1.0.0.tgz"] = page(SECRET, status)
            with pytest.raises(FeedRefuses) as caught:
                await get(gurita, feed)
            assert word in caught.value.errors[0]
            assert SECRET not in str(caught.value)
            assert len(web.asked("/web-1.0.0.tgz")) == 1
            web.seen.clear()
        with pytest.raises(FeedRefuses, match=r"no version 9\.9"):
            await feeds.acquire(gurita.services, "Spaces-1", feed, "web", "9.9")
        web.pages["/index.yaml"] = page("<html>Sign in</html>", kind="text/html")
        with pytest.raises(FeedRefuses, match="no index of a Helm repository"):
            await get(gurita, feed)
        with pytest.raises(NotFound):
            await get(gurita, "Feeds-99")
        refused = await gurita.ask("GET", f"feeds/{feed}/packages/versions?packageId=web")
        assert refused.status == 400
        assert SECRET not in refused.body.decode()


@in_loop
async def test_neither_redirects_nor_addresses_a_feed_hands_out_see_its_password(tmp_path: Path) -> None:
    async with feeding(tmp_path) as (gurita, web, feed), site() as other:
        other.pages["/file.tgz"] = page(b"the chart")
        web.pages["/web-1.0.0.tgz"] = redirect(f"{other.url}/file.tgz")
        assert (await get(gurita, feed)).size == 9
        serve(web, b"the chart", url=f"{other.url}/file.tgz")
        assert (await get(gurita, feed, force=True)).size == 9
        assert len(other.seen) == 2
        assert all("authorization" not in each.headers for each in other.seen)
        assert "authorization" in web.seen[0].headers
        serve(web, b"x", url="http://169.254.169.254/latest/meta-data/iam/")
        with pytest.raises(FeedRefuses, match="link-local"):
            await get(gurita, feed, force=True)


@in_loop
async def test_what_was_downloaded_goes_with_time_size_and_another_address(tmp_path: Path) -> None:
    async with feeding(tmp_path) as (gurita, web, feed):
        got, services = await get(gurita, feed), gurita.services
        now = services.milliseconds()

        async def trimmed(limits: Limits, at: int) -> int:
            return await gurita.store.write(lambda tx: trim_in(tx, limits, at))

        assert await trimmed(Limits(days=30, size=9), now + 29 * DAY) == 0
        assert await trimmed(Limits(days=0, size=0), now + 99 * DAY) == 0
        assert await trimmed(Limits(days=0, size=8), now) == 1
        assert await services.blobs.size(got.blob) == 9, "somebody may be reading it"
        assert await get(gurita, feed) == got
        assert await trimmed(Limits(days=30, size=0), now + 31 * DAY) == 1
        await collect(gurita.store, services.blobs, now + 33 * DAY)
        with pytest.raises(NotFound):
            await services.blobs.size(got.blob)
        await get(gurita, feed)
        await services.blobs.delete(got.blob)
        assert await get(gurita, feed) == got, "a file that is gone is fetched again"
        document = await gurita.get(f"feeds/{feed}")
        await gurita.put(f"feeds/{feed}", {**document, "FeedUri": f"{web.url}/elsewhere"})
        assert await remembered(gurita) == 0
        with pytest.raises(FeedRefuses):
            await get(gurita, feed)


@in_loop
async def test_the_built_in_feed_is_looked_up_and_not_copied(tmp_path: Path) -> None:
    async with repository(tmp_path, outbound=Outbound(Options(env={}))) as made:
        content = nupkg("Acme.Web", "1.10.0")
        await made.pushed(("Acme.Web.1.10.0.nupkg", content))
        await made.pushed(("Acme.Web.1.9.0.zip", b"PK\5\6" + bytes(18)))
        services = made.gurita.services
        got = await feeds.acquire(services, "Spaces-1", "feeds-builtin", "acme.web", "1.10.0")
        assert (got.package_id, got.extension, got.sha256) == (
            "Acme.Web",
            ".nupkg",
            hashlib.sha256(content).hexdigest(),
        )
        assert await services.blobs.size(got.blob) == got.size == len(content)
        assert await remembered(made.gurita) == 0
        listed = await feeds.versions(services, "Spaces-1", "feeds-builtin", "Acme.Web", range="[1.9,2.0)")
        assert [each.version for each in listed] == ["1.10.0", "1.9.0"]
        with pytest.raises(FeedRefuses, match="Push it"):
            await feeds.acquire(services, "Spaces-1", "feeds-builtin", "Acme.Web", "3.0.0")
        asked = "feeds/feeds-builtin/packages"
        (old,) = await made.gurita.get(f"{asked}?packageId=Acme&partialMatch=true")
        assert (old["Version"], old["PackageId"], old["NuGetPackageId"]) == ("1.10.0", "Acme.Web", "Acme.Web")
        both = await made.gurita.get(f"{asked}?packageId=Acme.Web&includeMultipleVersions=true")
        assert [each["Version"] for each in both] == ["1.10.0", "1.9.0"]
        stats = await made.gurita.get("feeds/stats")
        assert (stats["Id"], stats["TotalPackages"]) == ("feeds-builtin", 2)


@in_loop
async def test_one_answer_serves_all_who_ask_for_versions_within_seconds(tmp_path: Path) -> None:
    async with feeding(tmp_path) as (gurita, web, feed):
        services = gurita.services
        ask = [feeds.versions(services, "Spaces-1", feed, "web") for _ in range(20)]
        assert {len(each) for each in await asyncio.gather(*ask)} == {1}
        assert len(web.asked("/index.yaml")) == 1
        web.pages["/index.yaml"] = page(b"", 503)
        with pytest.raises(FeedUnavailable):
            await feeds.versions(services, "Spaces-1", feed, "other")
        serve(web, b"x")
        with pytest.raises(FeedRefuses, match="no chart 'other'"):
            await feeds.versions(services, "Spaces-1", feed, "other")


@in_loop
async def test_downloads_are_remembered_and_trimmed_on_either_database(
    tmp_path: Path, database_url: str
) -> None:
    async with feeding(tmp_path, url=database_url) as (gurita, web, feed):
        for force in (False, False, True):
            await get(gurita, feed, force=force)
        assert len(web.asked("/web-1.0.0.tgz")) == 2
        serve(web, b"another chart")
        assert (await get(gurita, feed, force=True)).size == 13
        assert await remembered(gurita) == 1
        later = gurita.services.milliseconds() + 31 * DAY
        assert await gurita.store.write(lambda tx: trim_in(tx, Limits(), later)) == 1
