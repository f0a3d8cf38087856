"""What issuers say of themselves: their discovery document and their keys, asked for when needed and kept a while.

Keys rotate: a token signed with a key that is not known yet makes them be asked for again, but not more often than every
`ASK_AGAIN` seconds, so that forged key ids cost the issuer nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.jwk import KeySet

from gurita.access.providers.tokens import Expected, UnknownKey, key_set, verify
from gurita.kernel.clock import Clock
from gurita.kernel.errors import Terminal
from gurita.outbound.client import Ask, Outbound
from gurita.outbound.policy import ADMINISTRATORS, NEIGHBOURS

__all__ = ["ASK_AGAIN", "BadIssuer", "Issuer", "Issuers", "issuer_problem"]

ASK_AGAIN = 30.0
_KEPT = 600.0
_MOST_KEPT = 200
_MOST_BYTES = 512 * 1024
_SECONDS = 15.0
_LONGEST = 2000


class BadIssuer(Terminal):
    """An issuer whose discovery document cannot be used; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer as its discovery document has it. Addresses it does not have are empty."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    posts_secret: bool


@dataclass(slots=True)
class _Known:
    issuer: Issuer
    keys: KeySet
    at: float


class Issuers:
    """Asks issuers. One a server."""

    def __init__(self, outbound: Outbound, clock: Clock) -> None:
        self._outbound, self._clock = outbound, clock
        self._known: dict[str, _Known] = {}

    async def about(self, issuer: str) -> Issuer:
        """What an issuer says of itself. Raises BadIssuer, OutboundError."""
        return (await self._fetched(issuer)).issuer

    async def verified(self, token: str, expected: Expected, now: Callable[[], float]) -> dict[str, Any]:
        """The claims of a token. Raises TokenRefused, BadIssuer, OutboundError."""
        known = await self._fetched(expected.issuer)
        try:
            return verify(token, known.keys, expected, now())
        except UnknownKey:
            if self._clock.monotonic() - known.at < ASK_AGAIN:
                raise
            known = await self._fetch(expected.issuer)
            return verify(token, known.keys, expected, now())

    def forget(self, issuer: str) -> None:
        """The next question is asked again."""
        self._known.pop(issuer, None)

    async def _fetched(self, issuer: str) -> _Known:
        at = self._clock.monotonic()
        known = self._known.get(issuer)
        if known is not None and at - known.at < _KEPT:
            return known
        return await self._fetch(issuer)

    async def _fetch(self, issuer: str) -> _Known:
        if problem := issuer_problem(issuer):
            raise BadIssuer(problem)
        document = await self._json(f"{issuer.rstrip('/')}/.well-known/openid-configuration", issuer)
        about = _read(document, issuer)
        keys = key_set(await self._json(about.jwks_uri, issuer))
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        found = self._known[issuer] = _Known(about, keys, self._clock.monotonic())
        return found

    async def _json(self, url: str, issuer: str) -> Any:
        own = urlsplit(url).netloc.lower() == urlsplit(issuer).netloc.lower()
        policy = ADMINISTRATORS if own else NEIGHBOURS
        ask = Ask(
            url,
            headers={"Accept": "application/json"},
            most=_MOST_BYTES,
            total=_SECONDS,
            policy=policy,
            beyond=NEIGHBOURS,
        )
        return (await self._outbound.ask(ask)).json()


def issuer_problem(issuer: str) -> str:
    """Why an address is no issuer's; "" when it may be. Only this machine itself may go without TLS."""
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return f"'{issuer[:100]}' is no address that can be read."
    if len(issuer) > _LONGEST or not host or not issuer.isprintable() or " " in issuer:
        return f"'{issuer[:100]}' is not an address. Write it as the issuer does: https://login.example.com."
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return "An issuer's address has no query, fragment, user name or password."
    if parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")):
        return ""
    return "An issuer's address begins with https://, or anybody on the way could put in keys of their own."


def _read(document: Any, issuer: str) -> Issuer:
    if not isinstance(document, dict):
        raise BadIssuer("The discovery document is no JSON object.")
    if document.get("issuer") != issuer:
        told = str(document.get("issuer"))[:200]
        raise BadIssuer(
            f"The discovery document is of the issuer '{told}'. Write the issuer exactly like that."
        )
    found = {
        name: _endpoint(document, name, issuer)
        for name in ("jwks_uri", "authorization_endpoint", "token_endpoint", "userinfo_endpoint")
    }
    if not found["jwks_uri"]:
        raise BadIssuer("The discovery document names no keys (jwks_uri).")
    methods = document.get("token_endpoint_auth_methods_supported")
    posts = (
        isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods
    )
    return Issuer(issuer=issuer, posts_secret=posts, **found)


def _endpoint(document: dict[str, Any], name: str, issuer: str) -> str:
    value = document.get(name, "")
    if not isinstance(value, str):
        raise BadIssuer(f"The discovery document's {name} is no address.")
    if value and urlsplit(value).scheme != "https" and urlsplit(value).scheme != urlsplit(issuer).scheme:
        raise BadIssuer(f"The discovery document's {name} does not begin with https://.")
    return value
