"""Routes of programs' identities: `serviceaccounts/{id}/oidcidentities`, `/token/v1`, `/.well-known`, signing keys."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from sqlalchemy import RowMapping
from starlette.responses import Response

from gurita.access import users
from gurita.access.entering import Arrival
from gurita.access.providers.service import public_url_in
from gurita.access.teams.guards import must_hold_what_in
from gurita.access.workload import identities, signing
from gurita.access.workload.exchanging import NotExchanged, exchange
from gurita.access.workload.resources import (
    Discovery,
    Exchange,
    Exchanged,
    IdentityPage,
    OidcIdentity,
    OidcIdentityCreated,
    PageQuery,
    Refusal,
)
from gurita.audit.service import mention, record
from gurita.http.api import Call
from gurita.http.json_limits import check_depth, check_text
from gurita.http.permissions import PUBLIC
from gurita.http.routes import Routes
from gurita.kernel.errors import Invalid
from gurita.store.tx import Tx

__all__ = ["routes"]

_system, _root = Routes("system"), Routes("root")
_PLACE = "/serviceaccounts/{account}/oidcidentities"


def _shown(call: Call, row: RowMapping) -> OidcIdentity:
    one = identities.as_identity(row)
    own = f"serviceaccounts/{one.service_account_id}/oidcidentities/{one.id}/v1"
    return msgspec.structs.replace(one, links={"Self": call.links.system(own)})


@_system.get(f"{_PLACE}/v1", permission="UserView")
async def list_identities(call: Call, account: str, query: PageQuery) -> IdentityPage:
    """Who may get tokens of a service account."""

    def read(tx: Tx) -> IdentityPage:
        row = identities.account_in(tx, account)
        rows, total = identities.list_in(tx, row["number"], query.skip, query.take)
        own = identities.external_id(call.services.installation_id, row["number"])
        return IdentityPage(oidc_identities=[_shown(call, one) for one in rows], count=total, external_id=own)

    return await call.services.store.read(read)


async def _one(call: Call, account: str, id: str) -> OidcIdentity:
    def read(tx: Tx) -> RowMapping:
        return identities.find_in(tx, identities.account_in(tx, account)["number"], id)

    return _shown(call, await call.services.store.read(read))


@_system.get(f"{_PLACE}/{{id}}/v1", permission="UserView")
async def get_identity(call: Call, account: str, id: str) -> OidcIdentity:
    """One of them."""
    return await _one(call, account, id)


@_system.get(f"{_PLACE}/v1/{{id}}", permission="UserView")
async def get_identity_too(call: Call, account: str, id: str) -> OidcIdentity:
    """One of them, where some clients look for it."""
    return await _one(call, account, id)


@_system.post(f"{_PLACE}/create/v1", permission="UserEdit")
async def add_identity(call: Call, account: str, body: OidcIdentity) -> OidcIdentityCreated:
    """Lets a program get tokens of a service account."""
    now = call.services.milliseconds()

    def unit(tx: Tx) -> OidcIdentity:
        row = identities.account_in(tx, account)
        must_hold_what_in(tx, call.context, row)
        made = identities.as_identity(identities.add_in(tx, row["number"], body, now))
        _record(tx, call, row, "Created", f"An OIDC identity of {{}} was made: {made.name}", None, made)
        return made

    return OidcIdentityCreated(id=(await call.services.store.write(unit)).id)


@_system.put(f"{_PLACE}/{{id}}/v1", permission="UserEdit")
async def change_identity(call: Call, account: str, id: str, body: OidcIdentity) -> OidcIdentity:
    """Replaces one."""

    def unit(tx: Tx) -> RowMapping:
        row = identities.account_in(tx, account)
        must_hold_what_in(tx, call.context, row)
        found = identities.find_in(tx, row["number"], id)
        after = identities.change_in(tx, found, body)
        told = f"The OIDC identity {after['name']} of {{}} was changed"
        _record(tx, call, row, "Modified", told, identities.as_identity(found), identities.as_identity(after))
        return after

    return _shown(call, await call.services.store.write(unit))


@_system.delete(f"{_PLACE}/{{id}}/v1", permission="UserEdit")
async def remove_identity(call: Call, account: str, id: str) -> dict[str, str]:
    """Takes one away. Tokens it was exchanged for live on for an hour at most; revoke the sessions to end them."""

    def unit(tx: Tx) -> None:
        row = identities.account_in(tx, account)
        found = identities.find_in(tx, row["number"], id)
        identities.remove_in(tx, found)
        told = f"The OIDC identity {found['name']} of {{}} was removed"
        _record(tx, call, row, "Deleted", told, identities.as_identity(found), None)

    await call.services.store.write(unit)
    return {}


def _record(
    tx: Tx, call: Call, row: RowMapping, category: str, message: str, before: Any, after: Any
) -> None:
    user = users.user_id(row["number"])
    told = message.replace("{}", mention(user, row["username"]))
    record(tx, call.context, category, told, [(after or before).id, user], before=before, after=after)


def _answer(content: Any, status: int = 200, **headers: str) -> Response:
    return Response(
        msgspec.json.encode(content), status, {"Cache-Control": "no-store", **headers}, "application/json"
    )


@_root.post("/token/v1", permission=PUBLIC, status=200, returns=Exchanged, body_limit=128 << 10)
async def token(call: Call, body: bytes) -> Response:
    """Exchanges another issuer's token for one of a service account. Errors are those of OAuth."""
    try:
        return _answer(await exchange(call.services, Arrival.of(call.request), _form(call, body)))
    except NotExchanged as error:
        headers = {"Retry-After": str(error.wait)} if error.wait else {}
        status = 429 if error.wait else 400
        return _answer(Refusal(error=error.code, error_description=error.told), status, **headers)


def _form(call: Call, body: bytes) -> Exchange:
    """JSON, as the contract's clients send it, or a form, as the RFC says."""
    try:
        if call.request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return msgspec.convert(dict(parse_qsl(body.decode(), max_num_fields=20)), Exchange)
        check_depth(body)
        check_text(body)
        return msgspec.json.decode(body, type=Exchange)
    except (msgspec.MsgspecError, ValueError, RecursionError, Invalid):
        raise NotExchanged(
            "invalid_request", "The body is neither JSON nor a form with texts as values."
        ) from None


@_root.get("/.well-known/openid-configuration", permission=PUBLIC)
async def discovery(call: Call) -> Discovery:
    """What this server says of itself as an issuer, at the address it was configured with."""
    base = await call.services.store.read(lambda tx: public_url_in(tx, call.services))
    return Discovery(issuer=base, token_endpoint=f"{base}/token/v1", jwks_uri=f"{base}/.well-known/jwks")


@_root.get("/.well-known/jwks", permission=PUBLIC)
async def jwks(call: Call) -> dict[str, list[dict[str, Any]]]:
    """The public keys of what this server signs."""
    return {"keys": await call.services.store.read(signing.public_keys_in)}


@_system.get("/signingkeyconfiguration", permission="ConfigureServer")
async def signing_keys(call: Call) -> dict[str, Any]:
    """The keys this server signs with, the newest first; which of them signs now."""

    def read(tx: Tx) -> dict[str, Any]:
        present = signing.present_in(tx)
        shown = [{"Id": one["kid"], "Algorithm": one["alg"]} for one in signing.public_keys_in(tx)]
        return {
            "Id": "signingkeyconfiguration",
            "SigningKeyId": present["kid"] if present else None,
            "Keys": shown,
        }

    return await call.services.store.read(read)


@_system.post("/signingkeyconfiguration/rotate", permission="ConfigureServer", status=200)
async def rotate(call: Call) -> dict[str, Any]:
    """A new key signs from now on; the former ones are shown until what they signed has expired."""
    key = await asyncio.to_thread(signing.new_key)

    def unit(tx: Tx) -> str:
        kid = signing.rotate_in(tx, call.services, key)
        record(tx, call.context, "Modified", f"The key this server signs tokens with was replaced by {kid}")
        return kid

    return {"SigningKeyId": await call.services.store.write(unit)}


routes = [*_system.items, *_root.items]
