"""`gurita/packages/{package_id}/{version}/releases`: our own."""

from __future__ import annotations

from gurita.deployments.uses import service
from gurita.deployments.uses.resources import PackageUse
from gurita.http.call import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import encode

__all__ = ["routes"]

_space = Routes("space")


@_space.get(
    "/gurita/packages/{package_id}/{version}/releases", permission="ReleaseView", returns=Listing[PackageUse]
)
async def releases_using(call: Call, package_id: str, version: str, query: ListQuery) -> bytes:
    """The releases that use a version of a package, newest first, and where each was deployed last."""
    page = await call.services.store.read(
        lambda tx: service.uses_in(tx, call.context, package_id, version, query.paging)
    )
    return envelope(
        "PackageUse",
        [encode(one) for one in page.items],
        page.total,
        page.paging,
        path=call.links.space(f"gurita/packages/{package_id}/{version}/releases"),
        template="{?skip,take}",
        filters=call.filters(),
    )


routes = _space.items
