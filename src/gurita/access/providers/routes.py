"""Routes of providers: our own for their settings, and the contract's for signing in with them."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from gurita.access import sessions
from gurita.access.cross_site import check_origin
from gurita.access.entering import Arrival
from gurita.access.guest import enter_as_guest
from gurita.access.identities.person import ExternalPerson
from gurita.access.providers.ldap import directory
from gurita.access.providers.ldap.connection import DirectoryError, Unreachable
from gurita.access.providers.oidc.discovery import BadIssuer
from gurita.access.providers.resources import (
    AuthenticateBody,
    FoundUsers,
    GroupProvider,
    IdentityProvider,
    ProviderTest,
    ReturnQuery,
    SignInElsewhere,
    StartQuery,
)
from gurita.access.providers.service import enabled_in, open_secret_in, providers, public_url_in, safe_path
from gurita.access.providers.signing_in import ATTEMPT_LIFE, Away, begin, finish, issuers_of, taken_up
from gurita.access.providers.tokens import TokenRefused
from gurita.access.resources import IdentityMetadata, User
from gurita.catalog.serving import serve
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import encode, write
from gurita.kernel.clock import iso
from gurita.kernel.errors import Forbidden, Refused
from gurita.outbound.errors import OutboundError
from gurita.store.tx import Tx

__all__ = ["cookie_path", "routes"]

_system = Routes("system")
_MOST_FOUND = 20
_TROUBLES = {403: "not-admitted", 404: "provider", 429: "wait", 502: "provider"}


def cookie_path(call: Call) -> str:
    """Where cookies of sessions are sent."""
    return call.api.prefix or "/"


@_system.post("/gurita/identity-providers/{id}/test", permission="ConfigureServer", status=200)
async def test_provider(call: Call, id: str) -> ProviderTest:
    """Asks a provider now: an issuer for its discovery document and keys, a directory for its users' base."""
    services = call.services

    def read(tx: Tx) -> tuple[IdentityProvider, Any]:
        found = providers.get_in(tx, call.context, id)
        kept = found.open_id_connect.client_secret if found.open_id_connect else None
        kept = found.ldap.bind_password if found.ldap else kept
        return found, open_secret_in(tx, services, kept) if kept else None

    provider, secret = await services.store.read(read)
    began, good = time.monotonic(), True
    try:
        if provider.ldap is not None:
            told = await directory.examine(services.outbound, provider.ldap, secret)
        else:
            issuers = issuers_of(services)
            issuer = provider.open_id_connect.issuer if provider.open_id_connect else ""
            issuers.forget(issuer)
            about = await issuers.about(issuer)
            told = [f"{about.issuer} answers, and shows its keys."]
            if not about.authorization_endpoint or not about.token_endpoint:
                good, told = False, [*told, "It names no place to sign in."]
    except (OutboundError, BadIssuer, TokenRefused, DirectoryError, Unreachable) as error:
        good, told = False, [str(error)]
    passed = int((time.monotonic() - began) * 1000)
    return ProviderTest(
        is_successful=good, messages=told, milliseconds=passed, tested=iso(services.clock.now())
    )


def _with_cookie(call: Call, response: Response, away: Away, *, secure: bool) -> Response:
    response.set_cookie(
        away.cookie,
        away.value,
        max_age=ATTEMPT_LIFE,
        path=f"{call.api.prefix}/api/users",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def _secure(call: Call) -> bool:
    """Whether browsers come over TLS, as configured."""
    base = await call.services.store.read(lambda tx: public_url_in(tx, call.services))
    return base.startswith("https:") or call.connection.scope["scheme"] == "https"


@_system.post(
    "/users/authenticate/{provider}",
    permission=PUBLIC,
    status=200,
    returns=SignInElsewhere,
    body_limit=64 << 10,
)
async def authenticate(call: Call, provider: str, body: AuthenticateBody | None) -> Response:
    """Begins signing in with a provider: where to send the browser."""
    check_origin(call.request, call.services)
    redirect = body.redirect_after_login_to if body else None
    away = await begin(call.services, call.request, provider, redirect)
    content = encode(SignInElsewhere(external_authentication_url=away.url))
    response = Response(content, media_type="application/json")
    return _with_cookie(call, response, away, secure=await _secure(call))


@_system.post("/users/authenticate/guest", permission=PUBLIC, status=200, returns=User, body_limit=64 << 10)
async def authenticate_guest(call: Call) -> Response:
    """Signs in as the guest, where that is switched on; the session is in the cookies."""
    check_origin(call.request, call.services)
    new, user = await enter_as_guest(call.services, Arrival.of(call.request))
    response = Response(
        with_links(write(user), {"Self": call.links.system(f"users/{user.id}")}),
        media_type="application/json",
    )
    sessions.add_cookies(response, call.request, new, call.services.installation_id, cookie_path(call))
    return response


@_system.get("/users/authenticate/{provider}", permission=PUBLIC, returns=str, status=302, media="text/plain")
async def authenticate_by_link(call: Call, provider: str, query: StartQuery) -> Response:
    """The same as a link: sends the browser there."""
    redirect = query.return_url or query.redirect_to
    try:
        away = await begin(call.services, call.request, provider, redirect)
    except Refused as refused:
        if not _is_person(call):
            raise
        return _back_with_trouble(call, refused, safe_path(redirect, call.api.prefix))
    response = RedirectResponse(away.url, 302)
    return _with_cookie(call, response, away, secure=await _secure(call))


@_system.get(
    "/users/authenticatedToken/{provider}", permission=PUBLIC, returns=str, status=302, media="text/plain"
)
async def authenticated(call: Call, provider: str, query: ReturnQuery) -> Response:
    """Where a provider sends the browser back to: a session, and on to where one wanted to go."""
    redirect = ""
    try:
        attempt = await taken_up(call.services, call.request, provider, query)
        redirect = attempt.redirect
        back = await finish(call.services, call.request, attempt, query)
    except Refused as refused:
        if not _is_person(call):
            raise
        return _back_with_trouble(call, refused, redirect)
    response = RedirectResponse(back.redirect, 302)
    response.delete_cookie(back.cookie, path=f"{call.api.prefix}/api/users", httponly=True, samesite="lax")
    if back.session is not None:
        installation = call.services.installation_id
        sessions.add_cookies(response, call.request, back.session, installation, cookie_path(call))
    return response


def _is_person(call: Call) -> bool:
    return "text/html" in call.request.headers.get("accept", "")


def _back_with_trouble(call: Call, refused: Refused, redirect: str) -> Response:
    """A person sees the page for signing in again, which has words for each trouble, and not an answer for programs.
    Whoever signs in there after all still gets to where they wanted to go."""
    told = {"stay": "true", "trouble": _TROUBLES.get(refused.status, "again")}
    portal = f"{call.api.prefix}/app"
    if redirect.startswith((f"{portal}/", f"{portal}#/")):
        told["next"] = redirect.removeprefix(portal).removeprefix("#")
    return RedirectResponse(f"{portal}/sign-in?{urlencode(told)}", 302)


@_system.post(
    "/gurita/identities/{provider}",
    permission=SIGNED_IN,
    status=200,
    returns=SignInElsewhere,
    replayable=False,
)
async def add_identity(call: Call, provider: str, body: AuthenticateBody | None) -> Response:
    """Begins adding an identity of a provider to oneself: one signs in there, and is sent back."""
    if call.viewer.established_with != "Session":
        raise Forbidden("a session", "An identity is added in the browser one is signed in with.")
    redirect = body.redirect_after_login_to if body else None
    away = await begin(call.services, call.request, provider, redirect, call.viewer.user_id)
    content = encode(SignInElsewhere(external_authentication_url=away.url))
    response = Response(content, media_type="application/json")
    return _with_cookie(call, response, away, secure=await _secure(call))


@_system.get("/users/identity-metadata", permission=SIGNED_IN)
async def identity_metadata(call: Call) -> IdentityMetadata:
    """What identities of each provider consist of."""
    found = await call.services.store.read(enabled_in)
    return IdentityMetadata(id="identity-metadata", providers=[_described(one) for one in found])


def _described(provider: IdentityProvider) -> dict[str, Any]:
    claims = [("sub", "Subject", True), ("username", "Username", False), ("email", "Email address", False)]
    return {
        "IdentityProviderName": provider.name,
        "Links": {},
        "ClaimDescriptors": [
            {"Type": name, "Label": label, "IsIdentifyingClaim": proves, "DescriptorType": "String"}
            for name, label, proves in claims
        ],
    }


@_system.get("/externalsecuritygroupproviders", permission=SIGNED_IN)
async def group_providers(call: Call) -> list[GroupProvider]:
    """Providers whose groups teams may name."""
    found = await call.services.store.read(enabled_in)
    return [GroupProvider(id=one.id, name=one.name) for one in found]


@_system.get("/users/external-search", permission="UserView")
async def external_search(call: Call, query: ListQuery) -> list[FoundUsers]:
    """People of directories whose username begins with a text; OpenID Connect has no such question."""
    services = call.services
    if not query.partial_name.strip():
        return []

    def read(tx: Tx) -> list[Any]:
        return [
            (one, open_secret_in(tx, services, one.ldap.bind_password)) for one in enabled_in(tx) if one.ldap
        ]

    found: list[FoundUsers] = []
    for one, secret in await services.store.read(read):
        try:
            people = await directory.found(
                services.outbound, one.ldap, secret, query.partial_name, _MOST_FOUND
            )
        except (DirectoryError, Unreachable, OutboundError):
            people = []
        found.append(
            FoundUsers(provider_name=one.name, identities=[_shown(one, person) for person in people])
        )
    return found


def _shown(provider: IdentityProvider, person: ExternalPerson) -> dict[str, Any]:
    claims = {
        "sub": person.subject,
        "username": person.username,
        "email": person.email,
        "dn": person.display_name,
    }
    return {
        "IdentityProviderName": provider.name,
        "Claims": {
            name: {"Value": value, "IsIdentifyingClaim": name == "sub"} for name, value in claims.items()
        },
    }


routes = [*serve(providers), *_system.items]
