"""Which proxy a request goes through: the setting's, else the environment's usual variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

__all__ = ["Proxies"]

_HTTP = re.compile(r"https?://[^/\s]+/?$", re.IGNORECASE)


class Proxies:
    """`given` goes for every scheme. Otherwise `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` of `env`, in any case."""

    def __init__(self, given: str, env: Mapping[str, str]) -> None:
        def variable(name: str) -> str:
            # CGI programs get a client's `Proxy:` header as HTTP_PROXY; this is no CGI program.
            return env.get(name.lower()) or env.get(name) or ""

        found = {scheme: given or variable(f"{scheme.upper()}_PROXY") for scheme in ("http", "https")}
        both = variable("ALL_PROXY")
        self._by_scheme = {scheme: _checked(proxy or both) for scheme, proxy in found.items()}
        self._direct = [part.strip().lower() for part in variable("NO_PROXY").split(",") if part.strip()]

    def of(self, url: str) -> str:
        """The proxy's URL, with its credentials; "" for none."""
        parts = urlsplit(url)
        proxy = self._by_scheme.get(parts.scheme.lower(), "")
        return "" if not proxy or self._is_direct((parts.hostname or "").lower(), parts.port) else proxy

    def _is_direct(self, host: str, port: int | None) -> bool:
        return any(_names(rule, host, port) for rule in self._direct)


def _names(rule: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY names a host: `*`, a name and all below it, an address, or a network."""
    if rule == "*":
        return True
    name, colon, wanted = rule.rpartition(":")
    if colon and wanted.isdecimal() and ":" not in name:
        if port is None or int(wanted) != port:
            return False
        rule = name
    try:
        return ip_address(host) in ip_network(rule, strict=False)
    except (ValueError, TypeError):
        bare = rule.removeprefix("*").removeprefix(".")
        return host == bare or host.endswith(f".{bare}")


def _checked(proxy: str) -> str:
    """The proxy as a URL. Raises ValueError, which does not repeat it: it may hold a password."""
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    if proxy and not _HTTP.match(proxy):
        raise ValueError("The proxy is no http:// or https:// address.")
    return proxy
