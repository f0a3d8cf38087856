"""Signing in with a provider: away and back with OpenID Connect, name and password with LDAP."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import RowMapping, delete, insert, select
from starlette.requests import Request

from gurita.access import users
from gurita.access.credentials import digest
from gurita.access.entering import Arrival, enter_in, refuse_in
from gurita.access.guest import refuse_guest
from gurita.access.identities.linking import NotAdmitted, admit_in, link_in
from gurita.access.identities.person import ExternalPerson
from gurita.access.identities.records import sign_in_attempt
from gurita.access.providers.ldap import connection as ldap_connection
from gurita.access.providers.ldap import directory
from gurita.access.providers.oidc import flow
from gurita.access.providers.oidc.discovery import BadIssuer, Issuers
from gurita.access.providers.resources import IdentityProvider, Ldap, ReturnQuery
from gurita.access.providers.service import (
    callback_of,
    enabled_in,
    enabled_named_in,
    open_secret_in,
    public_url_in,
    safe_path,
)
from gurita.access.providers.tokens import TokenRefused
from gurita.access.sessions import NewSession
from gurita.access.sign_in_limit import count_address
from gurita.audit.service import mention, record
from gurita.http.context import Context, Services, system_viewer
from gurita.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Outbound
from gurita.outbound.errors import OutboundError
from gurita.store.tx import Tx

__all__ = [
    "ATTEMPT_LIFE",
    "Attempt",
    "Away",
    "Back",
    "ProviderTrouble",
    "admit",
    "begin",
    "cookie_name",
    "finish",
    "issuers_of",
    "person_by_password",
    "taken_up",
]

ATTEMPT_LIFE = 600
"""Seconds a sign-in at a provider may take."""

_log = logging.getLogger("gurita.access")
_issuers: WeakKeyDictionary[Outbound, Issuers] = WeakKeyDictionary()


class ProviderTrouble(Refused):
    """The provider cannot be asked, or says what cannot be believed. Signing in otherwise is not concerned."""

    status = 502
    headline = "Signing in with this provider did not work."


@dataclass(frozen=True, slots=True)
class Away:
    """Where the browser goes, and the cookie it takes along to be known when it is back."""

    url: str
    cookie: str
    value: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in begun in this browser: `browser` is its cookie, `user` who adds an identity to themselves."""

    provider: IdentityProvider
    client: flow.Client
    browser: str
    redirect: str
    user: int | None


@dataclass(frozen=True, slots=True)
class Back:
    """Somebody who came back: where they wanted to go, and their session (None: they only added an identity)."""

    redirect: str
    session: NewSession | None
    cookie: str


def issuers_of(services: Services) -> Issuers:
    """What this server knows of issuers."""
    found = _issuers.get(services.outbound)
    if found is None:
        found = _issuers[services.outbound] = Issuers(services.outbound, services.clock)
    return found


def cookie_name(services: Services, state: str) -> str:
    """The cookie of one sign-in, so that two at once do not mix."""
    return f"gurita-sign-in_{services.installation_id}_{digest(state)[:12]}"


async def begin(
    services: Services, request: Request, name: str, redirect: str | None, user: str = ""
) -> Away:
    """Sends the browser to an OpenID Connect provider. `user` is who adds an identity to themselves.

    Raises NotFound, ProviderTrouble, TooManyRequests.
    """
    now, ip = services.milliseconds(), Arrival.of(request).ip
    if refused := await services.store.write(lambda tx: count_address(tx, ip, now)):
        raise refused
    provider, client = await services.store.read(lambda tx: _client_in(tx, services, name))
    state, browser = services.random.token(32), services.random.token(32)
    try:
        about = await issuers_of(services).about(client.settings.issuer)
        url = flow.authorization_url(client, about, state, browser)
    except (OutboundError, BadIssuer) as error:
        raise _trouble(provider, error) from None

    def unit(tx: Tx) -> None:
        tx.run(delete(sign_in_attempt).where(sign_in_attempt.c.expires < now))
        values = {
            "state": digest(state),
            "browser": digest(browser),
            "provider": provider.id,
            "redirect": safe_path(redirect, services.settings.prefix),
            "user": users.number_of(user),
            "expires": now + ATTEMPT_LIFE * 1000,
        }
        tx.run(insert(sign_in_attempt), values)

    await services.store.write(unit)
    return Away(url, cookie_name(services, state), browser)


async def taken_up(services: Services, request: Request, name: str, query: ReturnQuery) -> Attempt:
    """The sign-in that somebody came back from a provider with; nobody finds it again. Raises NotFound, Invalid."""
    browser = request.cookies.get(cookie_name(services, query.state), "")
    provider, client = await services.store.read(lambda tx: _client_in(tx, services, name))
    attempt = await services.store.write(lambda tx: _taken(tx, query.state))
    if (
        attempt is None
        or not hmac.compare_digest(attempt["browser"], digest(browser))
        or attempt["provider"] != provider.id
        or attempt["expires"] <= services.milliseconds()
    ):
        raise Invalid(
            "This sign-in was not begun in this browser, is too old, or was finished already. Begin again."
        )
    return Attempt(provider, client, browser, attempt["redirect"], attempt["user"])


async def finish(services: Services, request: Request, attempt: Attempt, query: ReturnQuery) -> Back:
    """Lets in who came back from a provider. Raises Invalid, ProviderTrouble, NotAdmitted."""
    provider, client, cookie = attempt.provider, attempt.client, cookie_name(services, query.state)
    if query.error or not query.code or query.iss not in ("", client.settings.issuer):
        raise Invalid(f"{provider.name} did not let you in. Begin again, or ask its administrator why.")
    try:
        person = await flow.returned(
            issuers_of(services), services.outbound, services.clock, client, query.code, attempt.browser
        )
    except (OutboundError, BadIssuer, TokenRefused) as error:
        arrival, told = Arrival.of(request), f"Signing in with {provider.name} failed: {error}"
        await services.store.write(lambda tx: refuse_in(tx, services, "", arrival, told, "OpenID Connect"))
        raise _trouble(provider, error) from None
    if attempt.user is not None:
        await _link(services, request, provider, person, attempt.user)
        return Back(attempt.redirect, None, cookie)
    new = NewSession.drawn(services.random)
    await admit(services, Arrival.of(request), provider, person, new, "OpenID Connect")
    return Back(attempt.redirect, new, cookie)


async def admit(
    services: Services,
    arrival: Arrival,
    provider: IdentityProvider,
    person: ExternalPerson,
    new: NewSession,
    how: str,
) -> RowMapping:
    """A session for somebody a provider vouches for, with events of both. Raises NotAdmitted."""
    now = services.milliseconds()

    def unit(tx: Tx) -> RowMapping:
        row, made = admit_in(tx, provider.id, person, now, create=provider.allow_auto_user_creation)
        if made:
            id = users.user_id(row["number"])
            message = f"User {mention(id, row['username'])} was created, vouched for by {provider.name}"
            record(
                tx, Context(services, system_viewer(), ""), "Created", message, [id], after=users.as_user(row)
            )
        enter_in(tx, services, row, new, arrival, through=provider.name)
        return row

    try:
        return await services.store.write(unit)
    except NotAdmitted as refused:
        told = f"Signing in with {provider.name} was refused: {' '.join(refused.errors)}"
        await services.store.write(lambda tx: refuse_in(tx, services, person.username, arrival, told, how))
        raise


async def person_by_password(
    services: Services, username: str, password: str
) -> tuple[IdentityProvider, ExternalPerson] | None:
    """Who has this name and password in one of the directories; None for nobody. A directory that is away is skipped."""
    asked = await services.store.read(lambda tx: _directories_in(tx, services))
    for provider, settings, secret in asked:
        try:
            person = await directory.authenticate(services.outbound, settings, secret, username, password)
        except ldap_connection.WrongPassword:
            continue
        except (ldap_connection.DirectoryError, ldap_connection.Unreachable, OutboundError) as error:
            _log.warning("directory %s: %s", provider.name, error)
            continue
        return provider, person
    return None


async def _link(
    services: Services, request: Request, provider: IdentityProvider, person: ExternalPerson, user: int
) -> None:
    now, arrival = services.milliseconds(), Arrival.of(request)

    def unit(tx: Tx) -> None:
        row = users.find(tx, users.user_id(user))
        refuse_guest(row)
        if not row["is_active"] or row["is_service"]:
            raise NotAdmitted("Your user is disabled.")
        link_in(tx, user, provider.id, person, now)
        id = users.user_id(user)
        message = f"{mention(id, row['username'])} added an identity of {provider.name} to themselves"
        record(tx, Context(services, system_viewer(), ""), "Modified", message, [id])

    try:
        await services.store.write(unit)
    except (Conflict, Forbidden, NotFound) as refused:
        told = f"Adding an identity of {provider.name} was refused"
        await services.store.write(lambda tx: refuse_in(tx, services, person.username, arrival, told))
        raise NotAdmitted(*refused.errors) from None


def _taken(tx: Tx, state: str) -> RowMapping | None:
    """The attempt of a state, which nobody finds again."""
    c = sign_in_attempt.c
    row = tx.one(select(sign_in_attempt).where(c.state == digest(state)))
    if row is None or tx.run(delete(sign_in_attempt).where(c.state == digest(state))).rowcount != 1:
        return None
    return row


def _client_in(tx: Tx, services: Services, name: str) -> tuple[IdentityProvider, flow.Client]:
    provider = enabled_named_in(tx, name)
    settings = provider.open_id_connect
    if settings is None:
        raise NotFound(name)
    secret = open_secret_in(tx, services, settings.client_secret)
    return provider, flow.Client(settings, secret, callback_of(public_url_in(tx, services), provider))


def _directories_in(tx: Tx, services: Services) -> list[tuple[IdentityProvider, Ldap, Sensitive]]:
    return [
        (doc, doc.ldap, open_secret_in(tx, services, doc.ldap.bind_password))
        for doc in enabled_in(tx)
        if doc.ldap
    ]


def _trouble(provider: IdentityProvider, error: Exception) -> ProviderTrouble:
    """What the person is told; the log says more. Signing in with a password of this server goes on working."""
    _log.warning("identity provider %s: %s", provider.name, error)
    why = (
        str(error)
        if isinstance(error, TokenRefused | BadIssuer)
        else "It cannot be reached, or does not answer as it should."
    )
    return ProviderTrouble(f"{provider.name}: {why}", "If you have a password here, sign in with that.")
