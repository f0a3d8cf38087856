"""The packages of one task: each fetched once by the server, and brought to every target that lacks it.

Nothing here is remembered across a take-over: asking again is cheap, since what was fetched is known to the feed's own records and
what was brought to the target's cache, both by hash.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from gurita.deployments.rules import PlannedPackage
from gurita.kernel.errors import GuritaError, NotFound
from gurita.kernel.faults import fault
from gurita.runner.package_work import Package
from gurita.transport.errors import TransportError
from gurita.transport.tickets import Brought, Earlier, Tickets

if TYPE_CHECKING:
    from gurita.feeds.service import Acquired
    from gurita.store.blobs import Blobs

__all__ = ["Acquire", "EarlierVersions", "NotSupplied", "Say", "Supplies", "as_package", "quiet"]

Say = Callable[[int, str], None]
"""Takes a line for the log: category and text."""

Acquire = Callable[[PlannedPackage, bool, Callable[[str], None]], Awaitable["Acquired"]]
"""Has the server fetch a package; whether its feed is asked again; where to tell of it."""

EarlierVersions = Callable[[PlannedPackage, "Acquired"], Awaitable[Earlier]]
"""Finds the versions of a package that a delta of it may be made against."""

_VERBOSE, _INFO = 0, 1


class NotSupplied(GuritaError):
    """A package cannot be had, or not be brought to a target; says which and why. Nothing was begun."""


class _Fetch:
    """A fetch that several wait for: it is given up only when nobody waits any more."""

    def __init__(self, task: asyncio.Task[Acquired]) -> None:
        self.task = task
        self._waiting = 0
        self._given_up = False

    @property
    def failed(self) -> bool:
        if self._given_up or self.task.cancelled():
            return True
        return self.task.done() and self.task.exception() is not None

    async def wait(self) -> Acquired:
        self._waiting += 1
        try:
            return await asyncio.shield(self.task)
        finally:
            self._waiting -= 1
            if not self._waiting and not self.task.done():
                self._given_up = self.task.cancel()


class Supplies:
    """What a task has fetched so far on this node."""

    def __init__(self, acquire: Acquire, blobs: Blobs, earlier: EarlierVersions | None = None) -> None:
        self._acquire, self._blobs, self._earlier = acquire, blobs, earlier
        self._fetches: dict[str, _Fetch] = {}

    async def fetch(self, wanted: PlannedPackage, say: Say, *, force: bool = False) -> Acquired:
        """The package on the server. `force` asks its feed again, unless this was done here already. Raises NotSupplied."""
        known = self._fetches.get(wanted.key)
        if known is None or known.failed:
            task = asyncio.create_task(self._fetch(wanted, say, force=force))
            known = self._fetches[wanted.key] = _Fetch(task)
        return await known.wait()

    async def _fetch(self, wanted: PlannedPackage, say: Say, *, force: bool) -> Acquired:
        try:
            found = await self._acquire(wanted, force, lambda text: say(_INFO, text))
        except GuritaError as error:
            raise NotSupplied(str(error)) from error
        fault("packages.fetched")
        return found

    def tell(self, wanted: PlannedPackage, found: Acquired, say: Say) -> None:
        """What was fetched, for the log."""
        say(_VERBOSE, f"{wanted.title}: {_bytes(found.size)}, SHA-256 {found.sha256}")
        if wanted.location == "ExecutionTarget":
            say(
                _VERBOSE,
                f"{wanted.title}: the server has fetched it for its targets and passes it on to them.",
            )

    async def bring(self, tickets: Tickets, wanted: Sequence[PlannedPackage], target: str, say: Say) -> None:
        """Puts in a target's cache what it lacks; fetching says nothing here. Raises NotSupplied, and what the connection raises."""
        packages: dict[str, tuple[PlannedPackage, Acquired]] = {}
        for each in wanted:
            found = await self.fetch(each, quiet)
            packages.setdefault(found.sha256, (each, found))
        listed = list(packages.values())
        there = await tickets.find_packages([as_package(each, found) for each, found in listed])
        for (each, found), has in zip(listed, there, strict=True):
            if has:
                say(_VERBOSE, f"{target} has {each.title} already.")
            else:
                await self._send(tickets, each, found, target, say)

    async def _send(
        self, tickets: Tickets, wanted: PlannedPackage, found: Acquired, target: str, say: Say
    ) -> None:
        def data(offset: int) -> AsyncIterator[bytes]:
            return self._blobs.stream(found.blob, offset)

        try:
            earlier = await self._earlier(wanted, found) if self._earlier else None
            brought = await tickets.bring_package(as_package(wanted, found), data, earlier)
        except TransportError:
            raise
        except NotFound as error:
            self._fetches.pop(wanted.key, None)
            told = f"{wanted.title} was removed from the server while it was brought to {target}. Try again."
            raise NotSupplied(told) from error
        except GuritaError as error:
            raise NotSupplied(f"{wanted.title} could not be brought to {target}: {error}") from error
        fault("packages.brought")
        say(_INFO, f"{wanted.title} was brought to {target} ({_told(brought, found.size)}).")


def quiet(_category: int, _text: str) -> None:
    """Tells nobody."""


def as_package(wanted: PlannedPackage, found: Acquired) -> Package:
    """A fetched package as a target's cache knows it."""
    return Package(found.package_id, found.version, found.extension, found.sha256, found.size, wanted.feed_id)


def _told(brought: Brought, size: int) -> str:
    if not brought.base:
        return f"{_bytes(brought.sent)} sent"
    saved = 100 * (size - brought.sent) / size
    return f"{_bytes(brought.sent)} sent as the difference to {brought.base}, {saved:.1f} % less than {_bytes(size)}"


def _bytes(size: int) -> str:
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"
