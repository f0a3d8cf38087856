"""`artifacts` (api.md §5)."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.routes import Routes
from gurita.tasks.artifacts import ArtifactQuery, content_in, find_in, list_in
from gurita.tasks.linking import artifact_body
from gurita.tasks.resources import Artifact

__all__ = ["disposition", "routes"]

_space = Routes("space")
routes = _space.items


@_space.get("/artifacts", permission="ArtifactView", returns=Listing[Artifact])
async def list_(call: Call, query: ArtifactQuery) -> bytes:
    """Files that tasks left, the newest first."""
    page = await call.services.store.read(lambda tx: list_in(tx, call.context, query))
    return envelope(
        "Artifact",
        [artifact_body(call, one) for one in page.items],
        page.total,
        page.paging,
        path=call.links.space("artifacts"),
        template="{/id}{?skip,take,regarding,ids,partialName,order}",
        filters=call.filters(),
    )


@_space.get("/artifacts/{id}", permission="ArtifactView", returns=Artifact)
async def get(call: Call, id: str) -> bytes:
    """What is known of one file."""
    return artifact_body(call, await call.services.store.read(lambda tx: find_in(tx, call.context, id)))


@_space.get("/artifacts/{id}/content", permission="ArtifactView", media="application/octet-stream")
async def content(call: Call, id: str) -> Response:
    """The file itself, always as a download: what a script wrote is never shown as a page of this server."""
    name, blob = await call.services.store.read(lambda tx: content_in(tx, call.context, id))
    blobs = call.services.blobs
    headers = {"Content-Length": str(await blobs.size(blob)), "Content-Disposition": disposition(name)}
    return StreamingResponse(blobs.stream(blob), headers=headers, media_type="application/octet-stream")


def disposition(name: str) -> str:
    """A Content-Disposition no name can break out of: plain ASCII for old clients, UTF-8 escaped for the others (RFC 6266)."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[:200] or "artifact"
    plain = "".join(each if each.isascii() and (each.isalnum() or each in " ._-") else "_" for each in last)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='', errors='replace')}"
