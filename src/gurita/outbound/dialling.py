"""Connecting to the address that was checked, and to no other: a name is resolved here, once, at the moment of dialling.

So a name that resolves differently the second time (DNS rebinding) gains nothing, and every redirect and every
reconnection is checked like the first request.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address
from typing import Any

import httpcore2
import httpx2

from gurita.outbound.errors import AddressRefused, Unreachable
from gurita.outbound.policy import Address, AddressPolicy

__all__ = ["Resolve", "permitted", "system_resolver", "transport"]

Resolve = Callable[[str, int], Awaitable[list[Address]]]
"""Of (host, port): its addresses in the order to try. Raises OSError."""

_MOST_TRIED = 6


async def system_resolver(host: str, port: int) -> list[Address]:
    """What the machine's resolver says. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found))


class _Dialling(httpcore2.AnyIOBackend):
    def __init__(self, policy: AddressPolicy | None, resolve: Resolve) -> None:
        self._policy, self._resolve = policy, resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first permitted address that answers. Raises AddressRefused, Unreachable."""
        failed: Exception | None = None
        for address in (await permitted(host, port, self._policy, self._resolve))[:_MOST_TRIED]:
            try:
                return await super().connect_tcp(
                    str(address),
                    port,
                    timeout=timeout,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or Unreachable(f"The name {host} has no address.")


async def permitted(
    host: str, port: int, policy: AddressPolicy | None, resolve: Resolve = system_resolver
) -> list[Address]:
    """The addresses of a host that the policy lets through, all of them without one. Raises AddressRefused, Unreachable."""
    try:
        found = await resolve(host, port)
    except (OSError, UnicodeError):
        raise Unreachable(
            f"The name {host} is not known here. Check the spelling, and this machine's DNS."
        ) from None
    if policy is None:
        return found
    reasons = {address: policy.refuses(address) for address in found}
    if found and all(reasons.values()):
        raise AddressRefused(
            f"{host} is {found[0]}, {reasons[found[0]]}, which this server does not ask. "
            "An administrator may allow it with the setting outbound_allow."
        )
    return [address for address in found if not reasons[address]]


class _Transport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over a pool that dials as above."""

    def __init__(self, pool: httpcore2.AsyncConnectionPool) -> None:
        self._pool = pool


def transport(
    policy: AddressPolicy, context: ssl.SSLContext, proxy: str = "", resolve: Resolve = system_resolver
) -> httpx2.AsyncHTTPTransport:
    """Kept connections for one policy and one proxy. A proxy's own address is not checked: an administrator set it."""
    common: dict[str, Any] = {
        "ssl_context": context,
        "max_connections": 64,
        "max_keepalive_connections": 16,
        "keepalive_expiry": 20.0,
    }
    if not proxy:
        return _Transport(httpcore2.AsyncConnectionPool(network_backend=_Dialling(policy, resolve), **common))
    url = httpx2.URL(proxy)
    auth = (url.username, url.password) if url.username else None
    place = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/")
    backend = _Dialling(None, resolve)
    return _Transport(
        httpcore2.AsyncHTTPProxy(proxy_url=place, proxy_auth=auth, network_backend=backend, **common)
    )
