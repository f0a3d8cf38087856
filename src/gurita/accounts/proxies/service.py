"""Proxies: the common behaviour, and what dialling through one takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

from msgspec import UNSET

from gurita.accounts.proxies.resources import Proxy
from gurita.catalog.collection import Collection
from gurita.catalog.rules import name_problems, slug_problems
from gurita.store.documents import DocumentKind

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.kernel.sensitive import Sensitive
    from gurita.store.tx import Tx

__all__ = ["PROXIES", "password_in", "proxies"]

LONGEST = 250

_HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

PROXIES = DocumentKind("Proxies", Proxy)


class Proxies(Collection[Proxy]):
    """The proxies of a space."""

    kind, body, item = PROXIES, Proxy, "Proxy"
    path, permission = "proxies", "Proxy"

    def problems(self, doc: Proxy) -> Sequence[str]:
        found = [*name_problems(doc.name), *slug_problems(doc.slug), *_host_problems(doc.host)]
        if not 1 <= doc.port <= 65535:
            found.append(f"Port: {doc.port} is not a port. Use 1 to 65535.")
        for member, value in (("Username", doc.username), ("Password", doc.password.new_value)):
            if value and (len(value) > LONGEST or _CONTROL.search(value)):
                found.append(f"{member}: use at most {LONGEST} characters and no control characters.")
        if doc.username and ":" in doc.username:
            found.append(
                "Username: must not hold a colon, which parts it from the password on the way to the proxy."
            )
        return found


def _host_problems(host: str) -> list[str]:
    bare = host.strip().strip("[]")
    try:
        ip_address(bare)
    except ValueError:
        if len(bare) > LONGEST or not _HOST.fullmatch(bare):
            told = f"'{host[:80]}' is neither a host name nor an address" if bare else "must not be empty"
            return [f"Host: {told}. Give one without scheme, port or path, for example proxy.example.com."]
    return []


proxies = Proxies()


def password_in(tx: Tx, ctx: Context, proxy: Proxy) -> Sensitive | None:
    """The password of a stored proxy, if it has one."""
    if not proxy.password.has_value or proxy.password.secret_id is UNSET:
        return None
    secret: Sensitive = ctx.services.secrets.open_in(tx, ctx.space, proxy.password.secret_id)
    return secret
