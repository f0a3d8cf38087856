"""`artifacts` (api.md §5)."""

from __future__ import annotations

from starlette.responses import Response, StreamingResponse

from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.files import disposition
from gurita.http.routes import Routes
from gurita.http.uploads import receive
from gurita.kernel.errors import Invalid
from gurita.store.blob_keeping import keep
from gurita.store.tx import Tx
from gurita.tasks import keeping
from gurita.tasks.artifacts import ArtifactQuery, content_in, find_in, list_in
from gurita.tasks.linking import artifact_body
from gurita.tasks.resources import Artifact, ArtifactBody

__all__ = ["routes"]

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


@_space.post("/artifacts", permission="ArtifactCreate", returns=Artifact)
async def create(call: Call, body: ArtifactBody) -> bytes:
    """A new file of a task; send its content to `Links.Content` afterwards."""
    made = await call.services.store.write(lambda tx: keeping.create_in(tx, call.context, body))
    return artifact_body(call, made)


@_space.put("/artifacts/{id}", permission="ArtifactEdit", returns=Artifact)
async def modify(call: Call, id: str, body: ArtifactBody) -> bytes:
    """Another name for a file."""
    found = await call.services.store.write(lambda tx: keeping.rename_in(tx, call.context, id, body))
    return artifact_body(call, found)


@_space.delete("/artifacts/{id}", permission="ArtifactDelete")
async def delete(call: Call, id: str) -> dict[str, str]:
    """Removes a file."""
    await call.services.store.write(lambda tx: keeping.delete_in(tx, call.context, id))
    return {}


async def _upload(call: Call, id: str) -> bytes:
    ctx, blobs = call.context, call.services.blobs
    await call.services.store.read(lambda tx: find_in(tx, ctx, id, "ArtifactEdit"))
    with await receive(call.request, blobs.incoming) as form:
        if len(form.files) != 1:
            raise Invalid(f"The request holds {len(form.files)} files. Send the content of one.")
        file = form.files[0]

        def fill(tx: Tx) -> Artifact:
            return keeping.fill_in(tx, ctx, id, file.sha256, file.size)

        now = call.services.milliseconds()
        filled = await keep(call.services.store, blobs, [(file.path, file.sha256)], fill, now)
    return artifact_body(call, filled)


@_space.put("/artifacts/{id}/content", permission="ArtifactEdit", returns=Artifact)
async def put_content(call: Call, id: str) -> bytes:
    """Gives a file its content: the body as it is, or the one file of a multipart form. Streamed to disk."""
    return await _upload(call, id)


@_space.post("/artifacts/{id}/content", permission="ArtifactEdit", status=200, returns=Artifact)
async def post_content(call: Call, id: str) -> bytes:
    """The same, for clients that post files."""
    return await _upload(call, id)
