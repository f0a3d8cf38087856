"""Packages of a task: fetched once however many wait, sent only where they lack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from gurita.deployments.rules import PlannedPackage
from gurita.execution.supplying import NotSupplied, Supplies
from gurita.kernel.errors import Invalid, NotFound
from gurita.runner.package_work import Package
from gurita.transport.errors import ConnectionLost, RunnerRefused
from gurita.transport.tickets import Brought
from tests.looping import in_loop

WEB = PlannedPackage(package_id="Web", feed_id="Feeds-1", version="1.0")
SAME = PlannedPackage(name="again", package_id="web", feed_id="feeds-1", version="1.0")
TOOL = PlannedPackage(name="tool", package_id="Tool", feed_id="Feeds-1", version="2.0")


@dataclass
class Fetched:
    package_id: str
    version: str
    extension: str = ".zip"
    size: int = 3
    sha256: str = ""
    blob: str = "blob"

    def __post_init__(self) -> None:
        self.sha256 = self.package_id.lower().ljust(64, "0")


@dataclass
class Feeds:
    """Fetches when `go` is set, or fails with `error`."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None
    asked: list[tuple[str, bool]] = field(default_factory=list)
    ended: int = 0

    async def acquire(self, wanted: PlannedPackage, force: bool, say: Callable[[str], None]) -> Any:
        self.asked.append((wanted.package_id, force))
        await self.go.wait()
        if self.error is not None:
            raise self.error
        self.ended += 1
        say(f"fetched {wanted.package_id}")
        return Fetched(wanted.package_id, wanted.version)


class Blobs:
    async def stream(self, _key: str, start: int = 0) -> AsyncIterator[bytes]:
        yield b"zip"[start:]


@dataclass
class Target:
    """A target's cache. `refuses` is raised by the next package that is brought."""

    has: set[str] = field(default_factory=set)
    refuses: Exception | None = None
    sent: list[str] = field(default_factory=list)

    async def find_packages(self, packages: Sequence[Package]) -> list[bool]:
        return [each.id in self.has for each in packages]

    async def bring_package(
        self, package: Package, data: Callable[[int], AsyncIterator[bytes]], earlier: object = None
    ) -> Brought:
        if self.refuses is not None:
            raise self.refuses
        size = sum([len(part) async for part in data(0)])
        self.sent.append(package.id)
        self.has.add(package.id)
        return Brought(size)


def supplies(feeds: Feeds) -> Supplies:
    return Supplies(feeds.acquire, Blobs())  # type: ignore[arg-type]


class Lines(list[str]):
    def say(self, _category: int, text: str) -> None:
        self.append(text)


@in_loop
async def test_many_that_want_a_package_share_one_fetch() -> None:
    feeds, lines = Feeds(), Lines()
    made = supplies(feeds)
    waiting = [asyncio.create_task(made.fetch(each, lines.say)) for each in (WEB, SAME, WEB)]
    await asyncio.sleep(0)
    feeds.go.set()
    found = await asyncio.gather(*waiting)
    assert [each.sha256 for each in found] == [found[0].sha256] * 3
    assert feeds.asked == [("Web", False)]
    assert lines == ["fetched Web"]


@in_loop
async def test_a_fetch_goes_on_while_anybody_waits_and_is_given_up_with_the_last() -> None:
    feeds, lines = Feeds(), Lines()
    made = supplies(feeds)
    first, second = (asyncio.create_task(made.fetch(WEB, lines.say)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert not second.done()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    third = asyncio.create_task(made.fetch(WEB, lines.say))
    await asyncio.sleep(0.01)
    feeds.go.set()
    assert (await third).package_id == "Web"
    assert (len(feeds.asked), feeds.ended) == (2, 1)


@in_loop
async def test_what_failed_is_asked_for_again() -> None:
    feeds = Feeds(error=Invalid("Web 1.0 is not in the feed."))
    feeds.go.set()
    made = supplies(feeds)
    with pytest.raises(NotSupplied, match=r"Web 1\.0 is not in the feed"):
        await made.fetch(WEB, Lines().say)
    feeds.error = None
    assert (await made.fetch(WEB, Lines().say, force=True)).version == "1.0"
    assert feeds.asked == [("Web", False), ("Web", True)]


@in_loop
async def test_a_target_gets_what_it_lacks_and_the_same_package_once() -> None:
    feeds, lines, target = Feeds(), Lines(), Target({"Tool"})
    feeds.go.set()
    made = supplies(feeds)
    await made.bring(target, [WEB, SAME, TOOL], "web-1", lines.say)  # type: ignore[arg-type]
    assert target.sent == ["Web"]
    assert lines == [
        "Web 1.0 was brought to web-1 (3 bytes sent).",
        "web-1 has Tool 2.0 already.",
    ]
    target.has.clear()
    await made.bring(target, [WEB], "web-1", lines.say)  # type: ignore[arg-type]
    assert target.sent == ["Web", "Web"]


@in_loop
async def test_errors_of_the_connection_stay_what_they_are_and_others_name_the_package() -> None:
    feeds = Feeds()
    feeds.go.set()
    made = supplies(feeds)
    for error in (ConnectionLost("gone"), RunnerRefused("no-space", "full")):
        with pytest.raises(type(error)):
            await made.bring(Target(refuses=error), [WEB], "web-1", Lines().say)  # type: ignore[arg-type]
    with pytest.raises(NotSupplied, match=r"Web 1\.0 was removed"):
        await made.bring(Target(refuses=NotFound("blob")), [WEB], "web-1", Lines().say)  # type: ignore[arg-type]
    assert len(feeds.asked) == 1
    await made.fetch(WEB, Lines().say)
    assert len(feeds.asked) == 2
