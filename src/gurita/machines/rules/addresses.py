"""Where machines are: hosts, ports, and the addresses of agents."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from gurita.kernel.errors import Invalid

__all__ = ["DEFAULT_AGENT_PORT", "agent_address", "host_problems", "port_problems", "subscription"]

DEFAULT_AGENT_PORT = 10933
"""Where an agent listens unless its address says otherwise."""

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_SUBSCRIPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def host_problems(host: str, member: str) -> list[str]:
    """What is wrong with a host: neither a name nor an address. Names may be in any script."""
    bare = host.strip().removeprefix("[").removesuffix("]")
    if not bare:
        return [f"{member}: must not be empty. Give a host name or an address."]
    try:
        ip_address(bare.partition("%")[0])
        return []
    except ValueError:
        pass
    try:
        plain = bare.removesuffix(".").encode("idna").decode()
    except UnicodeError:
        plain = ""
    if plain and len(plain) <= 253 and all(_LABEL.fullmatch(label) for label in plain.split(".")):
        return []
    return [
        f"{member}: '{host[:80]}' is neither a host name nor an address. Give one without scheme, path or blanks."
    ]


def port_problems(port: int, member: str) -> list[str]:
    """What is wrong with a port."""
    return [] if 1 <= port <= 65535 else [f"{member}: {port} is not a port. Use 1 to 65535."]


def agent_address(uri: str | None, member: str = "Endpoint.Uri") -> tuple[str, int]:
    """Host and port of a listening agent's `https://host:port/`. Raises Invalid."""
    text = (uri or "").strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or DEFAULT_AGENT_PORT
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    if parts.scheme != "https" or not host or parts.username or parts.path not in ("", "/") or parts.query:
        raise Invalid(
            f"{member}: '{text[:120]}' is not the address of a listening agent. "
            f"Write https://host:{DEFAULT_AGENT_PORT}, with the agent's host and port."
        )
    if found := host_problems(host, member):
        raise Invalid(*found)
    return host, port


def subscription(uri: str | None, member: str = "Endpoint.Uri") -> str:
    """The subscription in a polling agent's `poll://subscription/`. Raises Invalid."""
    text = (uri or "").strip()
    name = text[len("poll://") :].rstrip("/") if text.lower().startswith("poll://") else ""
    if not _SUBSCRIPTION.fullmatch(name):
        raise Invalid(
            f"{member}: '{text[:120]}' is not the address of a polling agent. "
            "Write poll://subscription/, with the subscription the agent chose when it registered."
        )
    return name
