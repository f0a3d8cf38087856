"""`build-information`, and its old name `package-metadata` (api.md 6)."""

from __future__ import annotations

from msgspec.structs import replace
from starlette.responses import Response

from gurita.build_information import service
from gurita.build_information.resources import (
    BuildInformation,
    BuildInformationBulkQuery,
    BuildInformationPushQuery,
    BuildInformationQuery,
    PushedBuildInformation,
)
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.routes import Route, Routes
from gurita.http.wire import encode
from gurita.kernel.errors import Invalid
from gurita.store.tx import Tx

__all__ = ["routes"]

_TEMPLATE = "{/id}{?filter,packageId,latest,skip,take,overwriteMode}"


def _linked(call: Call, one: BuildInformation, path: str) -> BuildInformation:
    return replace(one, links={"Self": call.links.space(f"{path}/{one.id}")})


def _pushing(space: Routes, path: str) -> None:
    @space.post(f"/{path}", permission="BuildInformationPush", returns=BuildInformation)
    async def push(call: Call, query: BuildInformationPushQuery, body: PushedBuildInformation) -> Response:
        """Keeps what a build server says of a version: 201 for a new one, 200 for one that was there."""
        mode = query.overwrite_mode or body.overwrite_mode or ("OverwriteExisting" if query.replace else "")
        made, is_new = await call.services.store.write(
            lambda tx: service.push_in(tx, call.context, body, mode)
        )
        return Response(encode(_linked(call, made, path)), 201 if is_new else 200, None, "application/json")


def _reading(space: Routes, path: str) -> None:
    @space.get(f"/{path}", permission="FeedView", returns=Listing[BuildInformation])
    async def list_(call: Call, query: BuildInformationQuery) -> bytes:
        """Build information by package, the newest version first."""
        page = await call.services.store.read(lambda tx: service.list_in(tx, call.context, query))
        return envelope(
            "BuildInformation",
            [encode(_linked(call, one, path)) for one in page.items],
            page.total,
            page.paging,
            path=call.links.space(path),
            template=_TEMPLATE,
            filters=call.filters(),
        )

    @space.get(f"/{path}/{{id}}", permission="FeedView")
    async def get(call: Call, id: str) -> BuildInformation:
        """What is known of one version."""
        found = await call.services.store.read(lambda tx: service.find_in(tx, call.context, id))
        return _linked(call, found, path)


def _deleting(space: Routes, path: str) -> None:
    @space.delete(f"/{path}/bulk", permission="BuildInformationAdminister")
    async def delete_several(call: Call, query: BuildInformationBulkQuery) -> dict[str, str]:
        """Deletes several, or none when one of them is not there."""
        if not query.ids:
            raise Invalid("ids: say what to delete.")

        def unit(tx: Tx) -> None:
            for id in dict.fromkeys(query.ids):
                service.delete_in(tx, call.context, id)

        await call.services.store.write(unit)
        return {}

    @space.delete(f"/{path}/{{id}}", permission="BuildInformationAdminister")
    async def delete(call: Call, id: str) -> dict[str, str]:
        """Deletes one."""
        await call.services.store.write(lambda tx: service.delete_in(tx, call.context, id))
        return {}


def _routes(path: str) -> list[Route]:
    """The same under a path; older clients know another one."""
    space = Routes("space")
    for add in (_pushing, _reading, _deleting):
        add(space, path)
    return space.items


routes = [*_routes("build-information"), *_routes("package-metadata")]
