"""The ways to sign in that are open now."""

from __future__ import annotations

from gurita.access.providers.resources import IdentityProvider
from gurita.access.providers.service import enabled_in
from gurita.access.resources import AuthenticationProvider
from gurita.configuration.resources import AuthenticationConfiguration
from gurita.configuration.service import read_in
from gurita.http.links import Links
from gurita.store.tx import Tx

__all__ = ["settings_in", "ways_in"]


def settings_in(tx: Tx) -> AuthenticationConfiguration:
    """Which ways besides providers are open."""
    return read_in(tx, AuthenticationConfiguration)


def ways_in(tx: Tx, links: Links) -> list[AuthenticationProvider]:
    """All of them, passwords of this server first. Directories take name and password in the same form."""
    settings, found = settings_in(tx), []
    login = {"Authenticate": links.system("users/login")}
    if settings.is_password_sign_in_enabled:
        found.append(
            AuthenticationProvider(
                name="Username / Password",
                identity_type="UsernamePassword",
                forms_login_enabled=True,
                links=login,
            )
        )
    found += [_way(one, links) for one in enabled_in(tx)]
    if settings.is_guest_sign_in_enabled:
        guest = {"Authenticate": links.system("users/authenticate/guest")}
        found.append(
            AuthenticationProvider(
                name="Guest", identity_type="Guest", forms_login_enabled=False, links=guest
            )
        )
    return found


def _way(provider: IdentityProvider, links: Links) -> AuthenticationProvider:
    forms = provider.ldap is not None
    place = "users/login" if forms else f"users/authenticate/{provider.slug}"
    return AuthenticationProvider(
        name=provider.name,
        identity_type="LDAP" if forms else "OAuth",
        forms_login_enabled=forms,
        links={"Authenticate": links.system(place)},
    )
