"""Packages that no release uses go after the days their feed says; and the files nobody names any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select

from gurita.engine.schedules import Recurring
from gurita.http.context import Context
from gurita.packages.feed import days_in
from gurita.packages.listing import delete_in
from gurita.packages.records import PackageRow, package, release_package, row_of
from gurita.store.blob_keeping import collect
from gurita.store.leaving import staying
from gurita.store.tx import Tx

if TYPE_CHECKING:
    from gurita.http.context import Services

__all__ = ["blob_collection", "package_retention", "unreleased_in"]

_log = logging.getLogger("gurita.packages")

_DAY = 86_400_000
_EVERY = 4 * 3600.0
_AT_ONCE = 500
_COLLECT_EVERY = 600.0


def unreleased_in(tx: Tx, space: str, before: int) -> list[PackageRow]:
    """Versions pushed before that moment (milliseconds since 1970) that no release selected, the oldest first."""
    used = exists().where(
        and_(
            release_package.c.space == package.c.space,
            release_package.c.package_folded == package.c.package_folded,
            release_package.c.version_folded == package.c.version_folded,
        )
    )
    wanted = select(package).where(package.c.space == space, package.c.published < before, ~used)
    return [row_of(row) for row in tx.all(wanted.order_by(package.c.published).limit(_AT_ONCE))]


def package_retention(context: Callable[[str], Context]) -> Recurring:
    """Every four hours, in every space: at most 500 versions a space at once, with an event each."""

    def begin(tx: Tx, now: int) -> None:
        for space in _spaces(tx):
            days = days_in(tx, space)
            old = unreleased_in(tx, space, now - days * _DAY) if days > 0 else []
            if old:
                delete_in(tx, context(space), old, f": no release uses it, and it is older than {days} days")
                _log.info("retention: deleted %s packages of %s that no release uses", len(old), space)

    return Recurring("package-retention", _EVERY, begin)


def _spaces(tx: Tx) -> list[str]:
    return [
        row["space"] for row in tx.all(select(package.c.space).where(staying(package.c.space)).distinct())
    ]


def blob_collection(services: Services) -> Recurring:
    """Every ten minutes, on one node: removes files that were let go an hour ago and that nobody names."""
    running: set[asyncio.Task[None]] = set()

    async def run(now: int) -> None:
        try:
            if count := await collect(services.store, services.blobs, now):
                _log.info("removed %s files that nobody names any more", count)
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("files that nobody names could not be removed; the next round tries again")

    def start(now: int) -> None:
        task = asyncio.get_running_loop().create_task(run(now))
        running.add(task)
        task.add_done_callback(running.discard)

    def begin(tx: Tx, now: int) -> None:
        tx.after_commit(lambda: start(now))

    return Recurring("blob-collection", _COLLECT_EVERY, begin)
