"""Programs' identities and the exchange of tokens as the API shows them (api.md §3)."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, field

from gurita.http.wire import Whole, Wire

__all__ = [
    "Discovery",
    "Exchange",
    "Exchanged",
    "IdentityPage",
    "OidcIdentity",
    "OidcIdentityCreated",
    "PageQuery",
    "Refusal",
]

_Text = Annotated[str, Meta(max_length=2000)]


class OidcIdentity(Wire, kw_only=True):
    """Who may get tokens of a service account: whoever `issuer` calls `subject`, with a token for `audience`.

    Without an audience the token must be for the service account's `ExternalId`.
    """

    id: str = ""
    service_account_id: str = ""
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    issuer: Annotated[str, Meta(min_length=1, max_length=2000)]
    subject: Annotated[str, Meta(min_length=1, max_length=500)]
    audience: _Text | None = None
    space_id: str | None = None
    links: dict[str, str] = field(default_factory=dict)


class OidcIdentityCreated(Wire, kw_only=True):
    """The id of what was made."""

    id: str


class IdentityPage(Wire, kw_only=True):
    """Identities of a service account, and what tokens for it name as their audience."""

    oidc_identities: list[OidcIdentity]
    count: int
    external_id: str


class PageQuery(Wire, kw_only=True):
    """Which part of a list."""

    skip: Whole = 0
    take: Whole = 30


class _Snake(msgspec.Struct, rename=None, kw_only=True):
    """Members are written as the RFCs write them."""


class Exchange(_Snake, kw_only=True):
    """A token exchange (RFC 8693). Members this server does not know do not matter."""

    grant_type: _Text = ""
    audience: _Text = ""
    subject_token: Annotated[str, Meta(max_length=40_000)] = ""
    subject_token_type: _Text = ""

    def __repr__(self) -> str:
        return "Exchange()"


class Exchanged(_Snake, kw_only=True):
    """A token of ours."""

    access_token: str
    issued_token_type: str = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - its name, not a token
    token_type: str = "Bearer"  # noqa: S105 - as above
    expires_in: int = 3600

    def __repr__(self) -> str:
        return "Exchanged()"


class Refusal(_Snake, kw_only=True):
    """Why there is none (RFC 6749 5.2)."""

    error: str
    error_description: str


class Discovery(_Snake, kw_only=True):
    """What this server says of itself as an issuer (OpenID Connect Discovery 1.0)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    response_types_supported: list[str] = field(default_factory=lambda: ["id_token"])
    subject_types_supported: list[str] = field(default_factory=lambda: ["public"])
    id_token_signing_alg_values_supported: list[str] = field(default_factory=lambda: ["RS256"])
    grant_types_supported: list[str] = field(
        default_factory=lambda: ["urn:ietf:params:oauth:grant-type:token-exchange"]
    )
    claims_supported: list[str] = field(
        default_factory=lambda: ["sub", "aud", "exp", "iat", "iss", "nbf", "jti"]
    )
