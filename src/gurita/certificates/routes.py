"""`certificates` (api.md 8)."""

from __future__ import annotations

from starlette.responses import Response

from gurita.catalog.serving import body_of, serve
from gurita.catalog.usage import users_of_in
from gurita.certificates.resources import (
    Certificate,
    CertificateUsages,
    DocumentUsage,
    ExportQuery,
    Generation,
    Replacement,
)
from gurita.certificates.service import (
    archive,
    certificates,
    export,
    generate,
    get_in,
    replace_data,
    unarchive,
)
from gurita.certificates.writing import MEDIA
from gurita.http.api import Call
from gurita.http.routes import Routes
from gurita.kernel.ids import slugged
from gurita.store.tx import Tx
from gurita.variables import service as variables

__all__ = ["routes"]

_space = Routes("space")


@_space.post("/certificates/generate", permission="CertificateCreate", returns=Certificate)
async def make(call: Call, body: Generation) -> bytes:
    """Makes a self-signed certificate with a new key."""
    return body_of(call, certificates, await generate(call.context, body))


@_space.post("/certificates/{id}/replace", permission="CertificateEdit", status=200, returns=Certificate)
async def put_in_place(call: Call, id: str, body: Replacement) -> bytes:
    """Puts other data in a certificate's place; an archived copy keeps what it was."""
    return body_of(call, certificates, await replace_data(call.context, id, body))


@_space.post("/certificates/{id}/archive", permission="CertificateEdit", status=200, returns=Certificate)
async def to_archive(call: Call, id: str) -> bytes:
    """Takes a certificate out of use."""
    return body_of(call, certificates, await archive(call.context, id))


@_space.post("/certificates/{id}/unarchive", permission="CertificateEdit", status=200, returns=Certificate)
async def from_archive(call: Call, id: str) -> bytes:
    """Puts a certificate back into use."""
    return body_of(call, certificates, await unarchive(call.context, id))


@_space.get(
    "/certificates/{id}/export", permission="CertificateView", returns=bytes, media="application/octet-stream"
)
async def hand_out(call: Call, id: str, query: ExportQuery) -> Response:
    """The certificate as a file. With its private key it takes CertificateExportPrivateKey."""
    doc, data = await export(call.context, id, query)
    media, extension = MEDIA.get(
        query.format or doc.certificate_data_format, ("application/octet-stream", "bin")
    )
    name = f"{slugged(doc.name) or doc.id}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media, headers=headers)


@_space.get("/certificates/{id}/usages", permission="CertificateView")
async def usages(call: Call, id: str) -> CertificateUsages:
    """Who uses a certificate: by reference, or as the value of a variable."""

    def read(tx: Tx) -> CertificateUsages:
        ctx, found = call.context, CertificateUsages()
        known = get_in(tx, ctx, id).id
        for user in users_of_in(tx, ctx, known):
            if user.kind == "variableset":
                continue
            place = call.links.space(f"{user.kind.lower()}/{user.id}")
            usage = DocumentUsage(id=user.id, name=user.name, links={"Self": place})
            (found.tenant_usages if user.kind == "Tenants" else found.deployment_target_usages).append(usage)
        if ctx.viewer.may("VariableView", ctx.space):
            for owner, name in variables.holding_in(tx, ctx, known).items():
                kind = owner.partition("-")[0].lower()
                usage = DocumentUsage(
                    id=owner, name=name, links={"Self": call.links.space(f"{kind}/{owner}")}
                )
                (found.project_usages if kind == "projects" else found.library_variable_set_usages).append(
                    usage
                )
        return found

    return await call.services.store.read(read)


routes = [*_space.items, *serve(certificates)]
