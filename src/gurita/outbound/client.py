"""The outbound client: one request with bounds on everything, redirects by hand, and no credentials but the given one."""

from __future__ import annotations

import asyncio
import os
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import msgspec

from gurita import __version__
from gurita.outbound.credentials import Credential, header_of
from gurita.outbound.dialling import Resolve, permitted, system_resolver, transport
from gurita.outbound.errors import AddressRefused, NotUnderstood, OutboundError, Rejected, TooBig, Unreachable
from gurita.outbound.policy import ADMINISTRATORS, Address, AddressPolicy, Network
from gurita.outbound.proxies import Proxies
from gurita.outbound.statuses import failure_of

__all__ = ["Answer", "Ask", "Options", "Outbound", "Reply"]

MIB = 1 << 20
_MOST_HOPS = 5
_MOST_HEADERS = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Options:
    """`proxy` and `ca_file` as in the settings; `allowed` networks are asked whatever they are. Times in seconds."""

    proxy: str = ""
    ca_file: str = ""
    allowed: tuple[Network, ...] = ()
    connect: float = 10.0
    read: float = 30.0
    env: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    resolve: Resolve = system_resolver


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. `most` bytes of body are taken, `total` seconds may pass; `also` are statuses that are no error here.

    `credential` goes to the host of `url` and to no other, wherever redirects lead; `beyond` is the policy for those
    other hosts, if it is not `policy`. `zipped=False` asks for the
    bytes as they are, for what is hashed or resumed.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    credential: Credential | None = None
    body: bytes = b""
    most: int = 64 * MIB
    total: float = 60.0
    policy: AddressPolicy = ADMINISTRATORS
    beyond: AddressPolicy | None = None
    also: frozenset[int] = frozenset()
    zipped: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; names of `headers` are in lower case, `url` is where the last redirect led."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """The body as JSON. Raises NotUnderstood, saying what came instead."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            kind = self.headers.get("content-type", "").partition(";")[0] or "something without a type"
            raise NotUnderstood(f"The answer is not JSON but {kind[:60]}.", self.url) from None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose body is still to come, once, as `parts`; their sizes are not bounded together."""

    status: int
    headers: Mapping[str, str]
    parts: AsyncIterator[bytes]
    url: str


class Outbound:
    """The client. One a server, closed with it."""

    def __init__(self, options: Options | None = None) -> None:
        """Raises OSError or ssl.SSLError for a CA file that cannot be used, ValueError for a proxy that is none."""
        self._options = options or Options()
        self._proxies = Proxies(self._options.proxy, self._options.env)
        self._context = _tls(self._options.ca_file)
        self._transports: dict[tuple[AddressPolicy, str], httpx2.AsyncHTTPTransport] = {}

    @property
    def tls(self) -> ssl.SSLContext:
        """How servers prove who they are: for protocols that are not HTTP."""
        return self._context

    async def close(self) -> None:
        """Ends kept connections."""
        for each in self._transports.values():
            await each.aclose()
        self._transports.clear()

    async def ask(self, ask: Ask) -> Answer:
        """One request, tried once. Raises OutboundError: Retryable ones may be tried again, Terminal ones not."""
        body = bytearray()
        async with self.stream(ask) as reply:
            async for part in reply.parts:
                body += part
                if len(body) > ask.most:
                    raise TooBig(f"The answer is larger than {ask.most} bytes.", ask.url)
        return Answer(reply.status, reply.headers, bytes(body), reply.url)

    @asynccontextmanager
    async def stream(self, ask: Ask) -> AsyncIterator[Reply]:
        """The same with the body to be read by the caller, inside the block."""
        try:
            async with asyncio.timeout(ask.total):
                response, url = await self._follow(ask)
                try:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    after = headers.get("retry-after", "")
                    if failure := failure_of(response.status_code, after, url, ask.also):
                        raise failure
                    yield Reply(response.status_code, headers, _parts(response, url), url)
                finally:
                    await response.aclose()
        except TimeoutError:
            raise Unreachable(f"The answer was not complete after {ask.total:g} seconds.", ask.url) from None
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise _told(error, ask.url) from None
        except UnicodeError:
            raise Rejected("The address or a header has characters that cannot be sent.", ask.url) from None

    async def check(self, url: str, policy: AddressPolicy) -> None:
        """Whether an address may be asked now. For what must ask by itself; a name may resolve otherwise there.

        Raises AddressRefused, Unreachable.
        """
        self._check(url, policy)
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme.lower()]
        await permitted(parts.hostname or "", port, self._allowing(policy), self._options.resolve)

    async def addresses(self, host: str, port: int, policy: AddressPolicy) -> list[Address]:
        """The addresses of a host that may be asked, to be dialled as they are: for protocols that are not HTTP.

        Raises AddressRefused, Unreachable.
        """
        return await permitted(host, port, self._allowing(policy), self._options.resolve)

    async def _follow(self, ask: Ask) -> tuple[httpx2.Response, str]:
        url, method, body = ask.url, ask.method, ask.body
        for _ in range(_MOST_HOPS + 1):
            own = _same_place(ask.url, url)
            policy = ask.policy if own or ask.beyond is None else ask.beyond
            self._check(url, policy)
            request = self._request(ask, method, url, body, own=own)
            response = await self._transport(policy, url).handle_async_request(request)
            if response.status_code not in _REDIRECTS or response.status_code in ask.also:
                return response, url
            target = response.headers.get("location", "")
            await response.aclose()
            if not target or (method not in ("GET", "HEAD") and response.status_code in (307, 308)):
                raise NotUnderstood("The answer is a redirect that cannot be followed.", url)
            if method != "HEAD":
                method, body = "GET", b""
            url = _redirected(url, target)
        raise NotUnderstood(f"The answer was redirected more than {_MOST_HOPS} times.", ask.url)

    def _request(self, ask: Ask, method: str, url: str, body: bytes, *, own: bool) -> httpx2.Request:
        headers = {
            "User-Agent": f"Gurita/{__version__}",
            "Accept-Encoding": "gzip" if ask.zipped else "identity",
        }
        if own:
            headers |= ask.headers
            if ask.credential is not None:
                name, value = header_of(ask.credential)
                headers[name] = value
        else:
            harmless = {"accept", "range", "if-range"}
            headers |= {name: value for name, value in ask.headers.items() if name.lower() in harmless}
        times = dict.fromkeys(("read", "write"), self._options.read)
        times |= dict.fromkeys(("connect", "pool"), self._options.connect)
        return httpx2.Request(
            method, url, headers=headers, content=body or None, extensions={"timeout": times}
        )

    def _transport(self, policy: AddressPolicy, url: str) -> httpx2.AsyncHTTPTransport:
        proxy = self._proxies.of(url)
        found = self._transports.get((policy, proxy))
        if found is None:
            found = transport(self._allowing(policy), self._context, proxy, self._options.resolve)
            self._transports[policy, proxy] = found
        return found

    def _allowing(self, policy: AddressPolicy) -> AddressPolicy:
        return replace(policy, allowed=(*policy.allowed, *self._options.allowed))

    def _check(self, url: str, policy: AddressPolicy) -> None:
        """Raises AddressRefused for what is no plain address; a literal one is checked here, also for proxies."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise AddressRefused("It is no address that can be read.", url) from None
        if parts.scheme.lower() not in _PORTS or not host:
            raise AddressRefused("It does not begin with http:// or https:// and a host.", url)
        if parts.username is not None or parts.password is not None:
            raise AddressRefused("It holds a user name or password; those have fields of their own.", url)
        try:
            reason = self._allowing(policy).refuses(ip_address(host.partition("%")[0]))
        except ValueError:
            return
        if reason:
            raise AddressRefused(
                f"{host} is {reason}, which this server does not ask. "
                "An administrator may allow it with the setting outbound_allow.",
                url,
            )


def _tls(ca_file: str) -> ssl.SSLContext:
    context = httpx2.create_ssl_context(trust_env=True)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)


def _same_place(first: str, now: str) -> bool:
    """Whether the credential for `first` may go to `now`: the same host and port, or its step from http up to https."""
    a, b = _origin(first), _origin(now)
    return a == b or (a[1] == b[1] and a[::2] == ("http", 80) and b[::2] == ("https", 443))


def _redirected(url: str, target: str) -> str:
    try:
        led = urljoin(url, target)
    except ValueError:
        raise NotUnderstood("The answer is a redirect to no address.", url) from None
    if url.lower().startswith("https:") and not led.lower().startswith("https:"):
        raise AddressRefused("The answer is a redirect from https to an address without it.", url)
    return led.partition("#")[0]


async def _parts(response: httpx2.Response, url: str) -> AsyncIterator[bytes]:
    """The body as it comes; gzip is opened in bounded pieces."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        async for part in response.aiter_raw():
            yield part
        return
    if encoding != "gzip":
        raise NotUnderstood(f"The answer is packed as '{encoding[:20]}', which was not asked for.", url)
    opened = zlib.decompressobj(31)
    try:
        async for part in response.aiter_raw():
            data = part
            while data:
                yield opened.decompress(data, MIB)
                data = opened.unconsumed_tail
        yield opened.flush()
    except zlib.error:
        raise NotUnderstood("The answer is not the gzip it claims to be.", url) from None


def _told(error: Exception, url: str) -> OutboundError:
    """An error of the library in words; what it says itself may hold addresses with secrets, so it is not repeated."""
    reason = str(error)
    if "mismatch" in reason.lower() and "certificate" in reason.lower():
        return NotUnderstood(
            "Its certificate is for another name. Write the address as the certificate has it.", url
        )
    if "CERTIFICATE_VERIFY_FAILED" in reason or "certificate" in reason.lower():
        return NotUnderstood(
            "Its certificate is not trusted here. Give the authority that signed it with the setting outbound_ca_file.",
            url,
        )
    match error:
        case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
            return Unreachable("No connection in time. Check the address, and firewalls between.", url)
        case httpx2.TimeoutException():
            return Unreachable("The connection stood still.", url)
        case httpx2.ConnectError():
            return Unreachable("No connection: refused or not reachable.", url)
        case httpx2.ProxyError():
            return Unreachable("The proxy did not make the connection.", url)
        case httpx2.LocalProtocolError():
            return Rejected("A header has characters that cannot be sent.", url)
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            return AddressRefused("It is no http address.", url)
    return Unreachable("The connection broke before the answer was complete.", url)
