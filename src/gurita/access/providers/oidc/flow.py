"""The authorization code flow with PKCE (RFC 7636) and nonce: away to the provider, and back with a code.

Only the browser that left may come back, once: it holds a random text in a cookie, from which the PKCE verifier and the
nonce are made. The database keeps digests of that text and of the state, so that nothing in it is good for signing in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from gurita.access.identities.person import MOST_GROUPS, ExternalGroup, ExternalPerson, cut
from gurita.access.providers.oidc.discovery import BadIssuer, Issuer, Issuers
from gurita.access.providers.resources import OpenIdConnect
from gurita.access.providers.tokens import Expected, TokenRefused
from gurita.kernel.clock import Clock
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Ask, Outbound
from gurita.outbound.credentials import Basic, Bearer
from gurita.secrets.opening import reveal

__all__ = ["Client", "authorization_url", "challenge_of", "nonce_of", "person_of", "returned", "verifier_of"]

_MOST_BYTES = 1 << 20
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Client:
    """What asks: a provider's settings, its opened secret, and where it sends the browser back to."""

    settings: OpenIdConnect
    secret: Sensitive
    callback: str


def _derived(browser: str, what: str) -> str:
    made = hmac.new(browser.encode(), what.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def verifier_of(browser: str) -> str:
    """The PKCE verifier that belongs to a browser's cookie."""
    return _derived(browser, "pkce")


def nonce_of(browser: str) -> str:
    """The nonce that belongs to a browser's cookie."""
    return _derived(browser, "nonce")


def challenge_of(verifier: str) -> str:
    """The PKCE challenge of a verifier, method S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def authorization_url(client: Client, about: Issuer, state: str, browser: str) -> str:
    """Where the browser is sent. Raises BadIssuer."""
    if not about.authorization_endpoint or not about.token_endpoint:
        raise BadIssuer("The discovery document names no place to sign in.")
    scopes = dict.fromkeys(["openid", *client.settings.scopes])
    query = {
        "response_type": "code",
        "client_id": client.settings.client_id,
        "redirect_uri": client.callback,
        "scope": " ".join(scopes),
        "state": state,
        "nonce": nonce_of(browser),
        "code_challenge": challenge_of(verifier_of(browser)),
        "code_challenge_method": "S256",
    }
    between = "&" if "?" in about.authorization_endpoint else "?"
    return f"{about.authorization_endpoint}{between}{urlencode(query)}"


async def returned(
    issuers: Issuers, outbound: Outbound, clock: Clock, client: Client, code: str, browser: str
) -> ExternalPerson:
    """Who came back with a code. Raises TokenRefused, BadIssuer, OutboundError."""
    about = await issuers.about(client.settings.issuer)
    tokens = await _redeemed(outbound, client, about, code, browser)
    expected = Expected(
        client.settings.issuer, (client.settings.client_id,), nonce_of(browser), sole_audience=True
    )
    token = tokens.get("id_token")
    if not isinstance(token, str):
        raise TokenRefused("The provider gave no identity token.")
    claims = await issuers.verified(token, expected, lambda: clock.now().timestamp())
    access = tokens.get("access_token")
    if about.userinfo_endpoint and isinstance(access, str) and _lacks(client.settings, claims):
        claims = {**await _userinfo(outbound, about, access, claims["sub"]), **claims}
    return person_of(client.settings, claims)


async def _redeemed(
    outbound: Outbound, client: Client, about: Issuer, code: str, browser: str
) -> dict[str, Any]:
    settings, secret = client.settings, reveal(client.secret)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.callback,
        "code_verifier": verifier_of(browser),
    }
    credential = None
    if secret and not about.posts_secret:
        credential = Basic(quote(settings.client_id, safe=""), Sensitive(quote(secret, safe="")))
    else:
        form |= {"client_id": settings.client_id} | ({"client_secret": secret} if secret else {})
    ask = Ask(
        about.token_endpoint,
        method="POST",
        headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
        credential=credential,
        body=urlencode(form).encode(),
        most=_MOST_BYTES,
        total=_SECONDS,
        also=frozenset({400, 401}),
    )
    answer = await outbound.ask(ask)
    told = answer.json()
    if answer.status != 200 or not isinstance(told, dict):
        why = told.get("error") if isinstance(told, dict) else ""
        raise TokenRefused(f"The provider refused the code: {cut(why)[:60] or answer.status}.")
    return told


async def _userinfo(outbound: Outbound, about: Issuer, access: str, subject: str) -> dict[str, Any]:
    """Claims the token left out. Raises TokenRefused when they are somebody else's."""
    ask = Ask(
        about.userinfo_endpoint,
        headers={"Accept": "application/json"},
        credential=Bearer(Sensitive(access)),
        most=_MOST_BYTES,
        total=_SECONDS,
    )
    told = (await outbound.ask(ask)).json()
    if not isinstance(told, dict) or told.get("sub") != subject:
        raise TokenRefused("What the provider tells of the user is of another one.")
    return told


def _lacks(settings: OpenIdConnect, claims: dict[str, Any]) -> bool:
    wanted = (
        settings.username_claim,
        settings.display_name_claim,
        settings.email_claim,
        settings.groups_claim,
    )
    return any(name and _claim(claims, name) is None for name in wanted)


def _claim(claims: dict[str, Any], name: str) -> Any:
    """A claim by its name, or by a path with dots, as `realm_access.roles`."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def person_of(settings: OpenIdConnect, claims: dict[str, Any]) -> ExternalPerson:
    """Who the claims are about."""
    told = _claim(claims, settings.groups_claim) if settings.groups_claim else None
    names = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    groups = [text for one in names[:MOST_GROUPS] if (text := cut(one))]
    return ExternalPerson(
        subject=claims["sub"],
        username=cut(_claim(claims, settings.username_claim)),
        display_name=cut(_claim(claims, settings.display_name_claim)),
        email=cut(_claim(claims, settings.email_claim)),
        groups=tuple(ExternalGroup(settings.group_prefix + name, name) for name in dict.fromkeys(groups)),
    )
