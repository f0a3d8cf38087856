"""`accounts` (api.md 8)."""

from __future__ import annotations

from starlette.responses import Response

from gurita.accounts.azure import AZURE_ENVIRONMENTS
from gurita.accounts.private_keys import public_key
from gurita.accounts.resources import AccountUsages, AzureEnvironment
from gurita.accounts.service import accounts, get_in, sign_in_in
from gurita.accounts.usages import usages_in
from gurita.catalog.serving import serve
from gurita.http.api import Call
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes
from gurita.secrets.opening import reveal

__all__ = ["routes"]

_space, _system = Routes("space"), Routes("system")


@_system.get("/accounts/azureenvironments", permission=SIGNED_IN)
async def azure_environments(_call: Call) -> list[AzureEnvironment]:
    """The clouds of Azure an account may be in."""
    return list(AZURE_ENVIRONMENTS)


@_space.get("/accounts/{id}/usages", permission="AccountView")
async def usages(call: Call, id: str) -> AccountUsages:
    """Who uses an account."""
    ctx = call.context
    return await call.services.store.read(lambda tx: usages_in(tx, ctx, get_in(tx, ctx, id).id))


@_space.get("/accounts/{id}/pk", permission="AccountView", returns=str, media="text/plain")
async def public(call: Call, id: str) -> Response:
    """The public key of an SSH key pair, as a line for `authorized_keys`."""
    ctx = call.context
    signs = await call.services.store.read(lambda tx: sign_in_in(tx, ctx, id))
    key = reveal(signs.private_key) if signs.private_key else ""
    line = public_key(key, reveal(signs.passphrase) if signs.passphrase else None)
    return Response(line, media_type="text/plain", headers={"Content-Disposition": "attachment"})


routes = [*_system.items, *_space.items, *serve(accounts)]
