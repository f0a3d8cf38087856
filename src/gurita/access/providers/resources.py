"""Providers of identities as our own API shows them, and what the contract's routes of signing in take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType, field

from gurita.catalog.resource import SystemResource
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Moment, Name, Wire

__all__ = [
    "AuthenticateBody",
    "ExternalUser",
    "FoundUsers",
    "GroupProvider",
    "IdentityProvider",
    "Ldap",
    "OpenIdConnect",
    "ProviderTest",
    "ReturnQuery",
    "SignInElsewhere",
    "StartQuery",
]

_Text = Annotated[str, Meta(max_length=2000)]
_Short = Annotated[str, Meta(max_length=200)]
_Scope = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[!#-\[\]-~]+$")]


class OpenIdConnect(Wire, kw_only=True):
    """A client of an OpenID Connect issuer. Claims may be paths with dots; an empty `groups_claim` reads no groups.

    `group_prefix` comes before the ids of its groups, so that another provider's group of the same name is not the same.
    """

    issuer: _Text
    client_id: Annotated[str, Meta(min_length=1, max_length=500)]
    client_secret: SensitiveValue = field(default_factory=SensitiveValue)
    scopes: Annotated[list[_Scope], Meta(max_length=30)] = field(
        default_factory=lambda: ["openid", "profile", "email"]
    )
    username_claim: Annotated[str, Meta(min_length=1, max_length=200)] = "preferred_username"
    display_name_claim: _Short = "name"
    email_claim: _Short = "email"
    groups_claim: _Short = "groups"
    group_prefix: Annotated[str, Meta(max_length=50)] = ""


class Ldap(Wire, kw_only=True):
    """A directory. In `user_filter` `{username}` is what was typed; in `group_filter` `{dn}` and `{username}` are the user's.

    `security`: Tls from the start (port 636), StartTls, or None. `ca_certificates`: PEM, besides the machine's own.
    Without `bind_dn` the search is anonymous. With `group_base` groups are searched, else `member_of_attribute` is read.
    `timeout_seconds` is for the whole of a sign-in.
    """

    host: Annotated[str, Meta(min_length=1, max_length=300)]
    port: Annotated[int, Meta(ge=1, le=65535)] = 636
    security: Literal["Tls", "StartTls", "None"] = "Tls"
    ca_certificates: Annotated[str, Meta(max_length=100_000)] = ""
    bind_dn: _Text = ""
    bind_password: SensitiveValue = field(default_factory=SensitiveValue)
    user_base: _Text
    user_filter: _Text = "(&(objectClass=person)(uid={username}))"
    subject_attribute: _Short = "entryUUID"
    username_attribute: _Short = "uid"
    display_name_attribute: _Short = "cn"
    email_attribute: _Short = "mail"
    member_of_attribute: _Short = "memberOf"
    group_base: _Text = ""
    group_filter: _Text = "(member={dn})"
    group_name_attribute: _Short = "cn"
    group_prefix: Annotated[str, Meta(max_length=50)] = ""
    timeout_seconds: Annotated[int, Meta(ge=1, le=60)] = 10


class IdentityProvider(SystemResource, kw_only=True):
    """Somebody who tells us who people are: `open_id_connect` or `ldap`, one of them.

    `allow_auto_user_creation`: who is not known here becomes a new user without any team but Everyone's.
    """

    name: Name
    slug: str = ""
    is_enabled: bool = True
    allow_auto_user_creation: bool = False
    open_id_connect: OpenIdConnect | None = None
    ldap: Ldap | None = None
    callback_url: str | UnsetType = UNSET


class ProviderTest(Wire, kw_only=True):
    """What asking a provider just now found. `messages` are sentences."""

    is_successful: bool
    messages: list[str]
    milliseconds: int
    tested: Moment


class AuthenticateBody(Wire, kw_only=True):
    """Where to go after signing in: a path of this server. The rest is what clients of the contract send, and not needed."""

    redirect_after_login_to: Annotated[str, Meta(max_length=2000)] | None = None
    api_abs_url: str | None = None
    state: dict[str, Any] | None = None
    username: Annotated[str, Meta(max_length=500)] | None = None
    password: Annotated[str, Meta(max_length=500)] | None = None
    remember_me: bool = False

    def __repr__(self) -> str:
        return "AuthenticateBody()"


class SignInElsewhere(Wire, kw_only=True):
    """Where the browser goes to sign in."""

    external_authentication_url: str


class StartQuery(Wire, kw_only=True):
    """Where to go after signing in: a path of this server."""

    return_url: Annotated[str, Meta(max_length=10_000)] = ""
    redirect_to: Annotated[str, Meta(max_length=10_000)] = ""


class ReturnQuery(Wire, kw_only=True):
    """What a provider sends back with the browser (RFC 6749 4.1.2, RFC 9207). The rest it may add does not matter."""

    code: Annotated[str, Meta(max_length=4000)] = ""
    state: Annotated[str, Meta(max_length=500)] = ""
    error: Annotated[str, Meta(max_length=500)] = ""
    iss: _Text = ""


class GroupProvider(Wire, kw_only=True):
    """A provider whose groups teams may name."""

    id: str
    name: str
    is_role_based: bool = True
    supports_group_lookup: bool = False
    links: dict[str, str] = field(default_factory=dict)


class ExternalUser(Wire, kw_only=True):
    """Somebody a provider knows."""

    username: str
    display_name: str
    identity: dict[str, Any]


class FoundUsers(Wire, kw_only=True):
    """Who was found at one provider."""

    provider_name: str
    identities: list[dict[str, Any]] = field(default_factory=list)
