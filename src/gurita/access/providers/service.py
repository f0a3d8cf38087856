"""Providers of identities as documents, and what the rest of access asks of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.structs import replace

from gurita.access.identities.linking import forget_groups_in
from gurita.access.providers.ldap.filters import BadFilter, encoded, filled
from gurita.access.providers.oidc.discovery import issuer_problem
from gurita.access.providers.records import IDENTITY_PROVIDERS
from gurita.access.providers.resources import IdentityProvider, Ldap, OpenIdConnect
from gurita.access.teams.guards import must_stay_administered_in
from gurita.catalog.collection import Collection
from gurita.configuration.resources import ServerConfiguration
from gurita.configuration.service import read_in
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.kernel.sensitive import Sensitive

if TYPE_CHECKING:
    from gurita.http.context import Context, Services
    from gurita.store.tx import Tx

__all__ = [
    "callback_of",
    "enabled_in",
    "enabled_named_in",
    "open_secret_in",
    "providers",
    "public_url_in",
    "safe_path",
]

_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


class IdentityProviders(Collection[IdentityProvider]):
    """Providers of identities. One that is disabled or deleted takes its groups and sessions with it."""

    kind, body, item, level = IDENTITY_PROVIDERS, IdentityProvider, "IdentityProvider", "system"
    path, permission, words = "gurita/identity-providers", "ConfigureServer", "identity provider"
    template = "{/id}{?skip,take,ids,partialName}"
    links = {"Test": "gurita/identity-providers/{id}/test"}

    def permission_to(self, verb: str) -> str:
        return "ConfigureServer"

    def problems(self, doc: IdentityProvider) -> Sequence[str]:
        if (doc.open_id_connect is None) == (doc.ldap is None):
            return ["OpenIdConnect, Ldap: give one of them, and not both."]
        return (
            _oidc_problems(doc.open_id_connect)
            if doc.open_id_connect
            else _ldap_problems(doc.ldap or Ldap(host="", user_base=""))
        )

    def prepare(
        self, tx: Tx, ctx: Context, before: IdentityProvider | None, after: IdentityProvider
    ) -> IdentityProvider:
        if before is not None and _who(before) != _who(after):
            raise Conflict(
                "The issuer or directory of a provider stays: who its subjects are would change. Make another provider."
            )
        if before is not None and _sends_secret_elsewhere(before, after):
            raise Invalid(
                "BindPassword: give it again, since it would be sent to another host, or with less protection, than before."
            )
        return replace(after, callback_url=UNSET)

    def present(self, tx: Tx, ctx: Context, docs: list[IdentityProvider]) -> list[IdentityProvider]:
        base = public_url_in(tx, ctx.services)
        return [
            replace(doc, callback_url=callback_of(base, doc)) if doc.open_id_connect else doc for doc in docs
        ]

    def modified(self, tx: Tx, ctx: Context, before: IdentityProvider, after: IdentityProvider) -> None:
        if before.is_enabled and not after.is_enabled:
            forget_groups_in(tx, after.id)
            must_stay_administered_in(tx)

    def deleting(self, tx: Tx, ctx: Context, doc: IdentityProvider) -> None:
        forget_groups_in(tx, doc.id)
        must_stay_administered_in(tx)


providers = IdentityProviders()


def enabled_in(tx: Tx) -> list[IdentityProvider]:
    """The providers people may sign in with, by name."""
    return [doc for doc in IDENTITY_PROVIDERS.open(tx, "").all() if doc.is_enabled]


def enabled_named_in(tx: Tx, name: str) -> IdentityProvider:
    """An enabled provider by its slug, id or name. Raises NotFound."""
    found = IDENTITY_PROVIDERS.open(tx, "").find(name)
    if found is None or not found.is_enabled:
        raise NotFound(name)
    return found


def open_secret_in(tx: Tx, services: Services, value: SensitiveValue) -> Sensitive:
    """The client secret or bind password of a provider; empty for none."""
    if not value.secret_id:
        return Sensitive("")
    return services.secrets.open_in(tx, "", value.secret_id)


def public_url_in(tx: Tx, services: Services) -> str:
    """How browsers reach this server, as it was configured, never as a request claims; without a slash at its end.

    Includes the prefix the server runs under.
    """
    settings = services.settings
    told = settings.public_url or read_in(tx, ServerConfiguration).server_uri
    base = str(told or getattr(settings, "url", ""))
    return f"{base.rstrip('/').removesuffix(settings.prefix)}{settings.prefix}"


def callback_of(base: str, provider: IdentityProvider) -> str:
    """The address the provider sends browsers back to: what is registered with it."""
    return f"{base}/api/users/authenticatedToken/{provider.slug}"


def safe_path(text: str | None, prefix: str) -> str:
    """A path of this server to go to, or its first page for what is none: nothing with a host, a scheme or a trick."""
    home = f"{prefix}/"
    if not text or len(text) > 2000 or _CONTROL.search(text):
        return home
    if not text.startswith("/") or text.startswith("//"):
        return home
    return (
        text if not prefix or text.startswith((home, f"{prefix}?", f"{prefix}#")) or text == prefix else home
    )


def _who(doc: IdentityProvider) -> tuple[str, str]:
    """What a provider's subjects mean."""
    if doc.open_id_connect:
        return "oidc", doc.open_id_connect.issuer
    ldap = doc.ldap
    return "ldap", f"{ldap.subject_attribute.lower()}" if ldap else ""


def _sends_secret_elsewhere(before: IdentityProvider, after: IdentityProvider) -> bool:
    """Whether a kept secret would go where it was not meant for: who may change a host must not learn the password."""
    old, new = before.ldap, after.ldap
    if (
        old is None
        or new is None
        or not new.bind_password.has_value
        or new.bind_password.new_value is not None
    ):
        return False
    weaker = {"Tls": 2, "StartTls": 1, "None": 0}
    return old.host.lower() != new.host.lower() or weaker[new.security] < weaker[old.security]


def _oidc_problems(settings: OpenIdConnect) -> list[str]:
    problem = issuer_problem(settings.issuer)
    return [f"OpenIdConnect.Issuer: {problem}"] if problem else []


def _ldap_problems(settings: Ldap) -> list[str]:
    found = []
    if "{username}" not in settings.user_filter:
        found.append("Ldap.UserFilter: holds no {username}, so it would find somebody else.")
    for name, text in (("UserFilter", settings.user_filter), ("GroupFilter", settings.group_filter)):
        try:
            encoded(filled(text, username="x", dn="x"))
        except BadFilter as error:
            found.append(f"Ldap.{name}: {error}")
    if not settings.subject_attribute.strip() or not settings.username_attribute.strip():
        found.append("Ldap.SubjectAttribute, Ldap.UsernameAttribute: must not be empty.")
    if settings.bind_dn and not settings.bind_password.has_value and settings.bind_password.new_value is None:
        found.append("Ldap.BindPassword: is needed for BindDn.")
    if not re.fullmatch(r"[A-Za-z0-9._:\-]+", settings.host):
        found.append("Ldap.Host: write a name or an address, without ldap:// and port.")
    return found
