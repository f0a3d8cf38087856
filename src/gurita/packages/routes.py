"""`packages` (api.md 6)."""

from __future__ import annotations

from starlette.responses import Response

from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.files import file_answer
from gurita.http.routes import Routes
from gurita.http.uploads import receive
from gurita.http.wire import encode
from gurita.kernel.errors import Invalid, NotFound
from gurita.packages import listing
from gurita.packages.copies import copy_name
from gurita.packages.deltas import DeltaSignature, rebuilt, signature_for
from gurita.packages.nuget_routes import routes as nuget
from gurita.packages.presenting import shown_in
from gurita.packages.pushing import Pushed, push
from gurita.packages.records import PREFIX
from gurita.packages.resources import (
    NoteFound,
    Package,
    PackageNote,
    PackageNotes,
    PackageNotesQuery,
    PackageQuery,
    PackagesBulkQuery,
    PushQuery,
)
from gurita.store.tx import Tx
from gurita.tasks.rules.words import moment_of

__all__ = ["routes"]

_space = Routes("space")


@_space.post("/packages/raw", permission="BuiltInFeedPush", returns=Package, replayable=False)
async def push_raw(call: Call, query: PushQuery) -> Response:
    """Keeps every file of the request as a package, or none: 201 when one is new, 200 when all were there."""
    with await receive(call.request, call.services.blobs.incoming) as form:
        pushed = await push(call.context, form.files, query.mode)
    return await _answer(call, pushed)


async def _answer(call: Call, pushed: list[Pushed]) -> Response:
    ctx, first = call.context, [pushed[0].row]
    shown = await call.services.store.read(lambda tx: shown_in(tx, ctx, call.links, first))
    status = 201 if any(one.is_new for one in pushed) else 200
    return Response(encode(shown[0]), status, {"Location": shown[0].links["Self"]}, "application/json")


@_space.get("/packages/{package_id}/{version}/delta-signature", permission="BuiltInFeedPush")
async def delta_signature(call: Call, package_id: str, version: str) -> DeltaSignature:
    """What a client needs to send the changes of this version only; 404 when there is nothing to compare with."""
    return await signature_for(call.context, package_id, version)


@_space.post(
    "/packages/{package_id}/{base_version}/delta",
    permission="BuiltInFeedPush",
    returns=Package,
    replayable=False,
)
async def push_delta(call: Call, package_id: str, base_version: str, query: PushQuery) -> Response:
    """Makes the new version out of the one that is there and the delta, and keeps it like one that was pushed whole."""
    ctx, blobs = call.context, call.services.blobs
    with await receive(call.request, blobs.incoming) as form, copy_name(blobs) as new:
        if len(form.files) != 1:
            raise Invalid("The request must hold one file, the delta, under the new file's name.")
        whole = await rebuilt(ctx, package_id, base_version, form.files[0], new)
        pushed = await push(ctx, [whole], query.mode)
    return await _answer(call, pushed)


@_space.get("/packages", permission="FeedView", returns=Listing[Package])
async def list_(call: Call, query: PackageQuery) -> bytes:
    """Versions of packages, the highest of each first."""

    def read(tx: Tx) -> tuple[list[Package], int]:
        page = listing.list_in(tx, call.context, query)
        return shown_in(tx, call.context, call.links, page.items, notes=query.include_notes), page.total

    items, total = await call.services.store.read(read)
    return envelope(
        "Package",
        [encode(one) for one in items],
        total,
        query.paging,
        path=call.links.space("packages"),
        template="{/id}{?nuGetPackageId,filter,latest,skip,take,includeNotes}",
        filters=call.filters(),
    )


@_space.get("/packages/notes", permission="FeedView")
async def notes(call: Call, query: PackageNotesQuery) -> PackageNotes:
    """What the packages say is new in them."""

    def read(tx: Tx) -> list[PackageNote]:
        return [_note(tx, call, id) for id in query.package_ids]

    return PackageNotes(packages=await call.services.store.read(read))


def _note(tx: Tx, call: Call, id: str) -> PackageNote:
    try:
        row = listing.get_in(tx, call.context, id)
    except NotFound as error:
        said = NoteFound(succeeded=False, failure_reason=error.message, display_message=error.message)
        return PackageNote(package_id=id.removeprefix(PREFIX), version="", notes=said)
    found = NoteFound(succeeded=True, notes=row.release_notes or None, published=moment_of(row.published))
    return PackageNote(package_id=row.package_id, version=row.version, notes=found)


@_space.delete("/packages/bulk", permission="BuiltInFeedAdminister")
async def delete_several(call: Call, query: PackagesBulkQuery) -> dict[str, str]:
    """Deletes several versions, or none when one of them is not there."""
    if not query.ids:
        raise Invalid("ids: say which packages to delete.")

    def unit(tx: Tx) -> None:
        rows = {row.id: row for row in (listing.get_in(tx, call.context, id) for id in query.ids)}
        listing.delete_in(tx, call.context, list(rows.values()))

    await call.services.store.write(unit)
    return {}


@_space.get("/packages/{id}", permission="FeedView")
async def get(call: Call, id: str) -> Package:
    """One version, with its build information."""
    ctx = call.context
    return await call.services.store.read(
        lambda tx: shown_in(tx, ctx, call.links, [listing.get_in(tx, ctx, id)])[0]
    )


@_space.get("/packages/{id}/raw", permission="BuiltInFeedDownload", media="application/octet-stream")
async def raw(call: Call, id: str) -> Response:
    """The file, or a range of it."""
    row = await call.services.store.read(lambda tx: listing.get_in(tx, call.context, id))
    return file_answer(call.request, call.services.blobs, row.sha256, row.size, row.file_name)


@_space.delete("/packages/{id}", permission="BuiltInFeedAdminister")
async def delete(call: Call, id: str) -> dict[str, str]:
    """Deletes a version."""

    def unit(tx: Tx) -> None:
        listing.delete_in(tx, call.context, [listing.get_in(tx, call.context, id)])

    await call.services.store.write(unit)
    return {}


routes = [*_space.items, *nuget]
