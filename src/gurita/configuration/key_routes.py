"""The server's own key, where clients look for its certificate: agents and hosts know the server by it."""

from __future__ import annotations

from starlette.responses import Response

from gurita.configuration.resources import CertificateConfiguration
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.links import with_links
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.kernel.errors import NotFound

__all__ = ["routes"]

_system = Routes("system")
routes = _system.items

ID = "certificate-global"


def _key(call: Call, id: str = ID) -> bytes:
    if id.lower() != ID:
        raise NotFound(id)
    algorithm, _, _ = call.services.hub.public_key.partition(" ")
    found = CertificateConfiguration(
        id=ID, name="Server key", thumbprint=call.services.hub.fingerprint, signature_algorithm=algorithm
    )
    place = call.links.system(f"configuration/certificates/{ID}")
    return with_links(write(found), {"Self": place, "PublicCer": f"{place}/public-cer"})


@_system.get(
    "/configuration/certificates", permission="ConfigureServer", returns=Listing[CertificateConfiguration]
)
async def list_(call: Call, query: ListQuery) -> bytes:
    """The keys of this server: one."""
    found = [_key(call)] if not query.ids or ID in query.ids else []
    return envelope(
        "CertificateConfiguration",
        found[query.skip : query.skip + query.take],
        len(found),
        query.paging,
        path=call.links.system("configuration/certificates"),
        template="{/id}{?skip,take,ids,partialName}",
    )


@_system.get(
    "/configuration/certificates/{id}", permission="ConfigureServer", returns=CertificateConfiguration
)
async def get(call: Call, id: str) -> bytes:
    """The key of this server, without its private half."""
    return _key(call, id)


@_system.get(
    "/configuration/certificates/{id}/public-cer",
    permission="ConfigureServer",
    returns=str,
    media="text/plain",
)
async def public(call: Call, id: str) -> Response:
    """The public key, as a line for `authorized_keys`."""
    _key(call, id)
    headers = {"Content-Disposition": 'attachment; filename="server.pub"'}
    return Response(call.services.hub.public_key + "\n", media_type="text/plain", headers=headers)
