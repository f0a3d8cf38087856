"""`/nuget` and `/{space}/nuget`: push, and the third version of NuGet's protocol to read."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gurita.http.api import Call
from gurita.http.files import file_answer
from gurita.http.routes import Routes
from gurita.http.uploads import receive
from gurita.http.wire import Whole, Wire
from gurita.kernel.errors import NotFound
from gurita.packages import listing
from gurita.packages.nuget import Places, leaf, normalized, registration, search_hit, service_index
from gurita.packages.pushing import push
from gurita.packages.records import PackageRow
from gurita.packages.resources import PushQuery
from gurita.packages.service import search_in, versions_in, versions_of_in
from gurita.store.tx import Tx

__all__ = ["routes"]

_beside = Routes("beside")
routes = _beside.items

_KIND = ".nupkg"
_MOST = 1000


class NuGetQuery(Wire):
    """What NuGet's search is asked. `take` is 1000 at most."""

    q: str = ""
    id: str = ""
    skip: Whole = 0
    take: Whole = 20
    prerelease: bool = False


def _places(call: Call) -> Places:
    base = call.services.settings.public_url.rstrip("/") or str(call.request.base_url).rstrip("/")
    prefix = call.links.prefix
    return Places(f"{base.removesuffix(prefix)}{prefix}/{call.space}/nuget")


async def _versions(call: Call, id: str) -> list[PackageRow]:
    """The versions of a package, the highest first. Raises NotFound."""
    rows = await call.services.store.read(lambda tx: versions_in(tx, call.space, id, extension=_KIND))
    if not rows:
        raise NotFound(id)
    return rows


async def _one(call: Call, id: str, version: str) -> PackageRow:
    """A version, however it is written. Raises NotFound."""
    wanted = normalized(version)
    found = next((row for row in await _versions(call, id) if normalized(row.version) == wanted), None)
    if found is None:
        raise NotFound(f"{id} {version}")
    return found


@_beside.put("/nuget/packages", permission="BuiltInFeedPush", status=201)
async def push_nuget(call: Call, query: PushQuery) -> Response:
    """Keeps a package; 409 when its version is there, unless it may be replaced."""
    with await receive(call.request, call.services.blobs.incoming) as form:
        pushed = await push(call.context, form.files, query.mode, _KIND)
    return Response(b"", 201 if any(one.is_new for one in pushed) else 200)


@_beside.delete("/nuget/packages/{id}/{version}", permission="BuiltInFeedAdminister")
async def delete_nuget(call: Call, id: str, version: str) -> Response:
    """Deletes a version."""
    row = await _one(call, id, version)

    def unit(tx: Tx) -> None:
        listing.delete_in(tx, call.context, [listing.get_in(tx, call.context, row.id)])

    await call.services.store.write(unit)
    return Response(b"", 204)


@_beside.get("/nuget/v3/index.json", permission="FeedView")
async def index(call: Call) -> dict[str, Any]:
    """Where NuGet's clients find everything."""
    return service_index(_places(call))


@_beside.get("/nuget/v3/query", permission="FeedView")
async def search(call: Call, query: NuGetQuery) -> dict[str, Any]:
    """Packages whose id holds the text."""
    places = _places(call)

    def read(tx: Tx) -> dict[str, Any]:
        page = search_in(
            tx,
            call.space,
            query.q,
            query.skip,
            min(query.take, _MOST),
            include_pre_release=query.prerelease,
            extension=_KIND,
        )
        ids = [row.package_id for row in page.items]
        found = versions_of_in(tx, call.space, ids, include_pre_release=query.prerelease, extension=_KIND)
        return {"totalHits": page.total, "data": [search_hit(places, rows) for rows in found]}

    return await call.services.store.read(read)


@_beside.get("/nuget/v3/autocomplete", permission="FeedView")
async def autocomplete(call: Call, query: NuGetQuery) -> dict[str, Any]:
    """Ids that hold the text, or the versions of one id."""

    def read(tx: Tx) -> dict[str, Any]:
        stable_too, take = query.prerelease, min(query.take, _MOST)
        if query.id:
            rows = versions_in(tx, call.space, query.id, include_pre_release=stable_too, extension=_KIND)
            return {"totalHits": len(rows), "data": [row.version for row in reversed(rows)]}
        page = search_in(
            tx, call.space, query.q, query.skip, take, include_pre_release=stable_too, extension=_KIND
        )
        return {"totalHits": page.total, "data": [row.package_id for row in page.items]}

    return await call.services.store.read(read)


@_beside.get("/nuget/v3/registrations/{id}/{leaf_name}", permission="FeedView")
async def registrations(call: Call, id: str, leaf_name: str) -> dict[str, Any]:
    """All versions of a package (`index.json`), or one of them."""
    places, name = _places(call), leaf_name.lower()
    if name == "index.json":
        return registration(places, (await _versions(call, id))[::-1])
    if not name.endswith(".json"):
        raise NotFound(leaf_name)
    return leaf(places, await _one(call, id, name.removesuffix(".json")))


@_beside.get("/nuget/v3/flatcontainer/{id}/index.json", permission="FeedView")
async def versions(call: Call, id: str) -> dict[str, Any]:
    """The versions of a package, the lowest first."""
    found = [normalized(row.version) for row in (await _versions(call, id))[::-1]]
    return {"versions": list(dict.fromkeys(found))}


@_beside.get(
    "/nuget/v3/flatcontainer/{id}/{version}/{file}",
    permission="BuiltInFeedDownload",
    media="application/octet-stream",
)
async def content(call: Call, id: str, version: str, file: str) -> Response:
    """The package itself."""
    row = await _one(call, id, version)
    if not file.lower().endswith(_KIND):
        raise NotFound(file)
    return file_answer(call.request, call.services.blobs, row.sha256, row.size, row.file_name)
