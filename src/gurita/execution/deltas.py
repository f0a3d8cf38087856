"""What a package can be brought as, besides whole: a delta against a version the server and the target both have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from gurita.execution.supplying import EarlierVersions, as_package
from gurita.feeds import service as feeds
from gurita.packages.delta_cache import LARGEST, LEAST
from gurita.packages.service import delta_between
from gurita.runner.package_operations import DELTA
from gurita.runner.package_work import Package
from gurita.transport.tickets import Earlier, PackageData

if TYPE_CHECKING:
    from gurita.deployments.rules import PlannedPackage
    from gurita.feeds.service import Acquired
    from gurita.http.context import Context

__all__ = ["earlier_versions"]

_TRIED = 20


def earlier_versions(ctx: Context) -> EarlierVersions:
    """The versions of a package that a delta may be made against, of those the server holds for the space."""
    services = ctx.services

    async def find(wanted: PlannedPackage, new: Acquired) -> Earlier:
        held = await services.store.read(
            lambda tx: feeds.held_in(tx, ctx.space, wanted.feed_id, new.package_id, new.version, _TRIED)
        )
        blobs = {each.sha256: each.blob for each in held if LEAST <= each.size <= LARGEST}

        async def delta(base: Package) -> tuple[Package, PackageData] | None:
            made = await delta_between(services, blobs[base.sha256], new.blob, new.size)
            if made is None:
                return None

            def data(offset: int) -> AsyncIterator[bytes]:
                return services.blobs.stream(made.blob, offset)

            return Package(new.package_id, new.version, DELTA, made.blob, made.size), data

        if not LEAST <= new.size <= LARGEST:
            return Earlier([], delta)
        return Earlier([as_package(wanted, each) for each in held if each.sha256 in blobs], delta)

    return find
