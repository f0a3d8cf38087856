"""Asking one feed over HTTP: its credentials go to its own host and nowhere else, whatever addresses it hands out."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from gurita.feeds.clients.types import Source
from gurita.outbound.client import Answer, Ask, Outbound
from gurita.outbound.credentials import Basic, Bearer, Credential
from gurita.outbound.errors import Gone, NotUnderstood
from gurita.outbound.policy import ADMINISTRATORS, NEIGHBOURS

__all__ = ["LARGEST_FILE", "Web", "XmlNode", "as_count", "as_list", "as_map", "as_text", "named", "token_of"]

LARGEST_FILE = 20 << 30
"""Bytes a package may have."""

_LARGEST_TEXT = 64 << 20
XmlNode = etree._Element  # noqa: SLF001 - lxml's own name for its type


class Web:
    """Requests to the feed `source` is of."""

    def __init__(self, outbound: Outbound, source: Source, credential: Credential | None = None) -> None:
        self.source = source
        self._outbound = outbound
        self._origin = _origin(source.uri)
        self._beyond = ADMINISTRATORS if _is_loopback(source.uri) else NEIGHBOURS
        self.credential = credential or _basic(source)
        """What proves the feed's user, for requests `request` does not make."""

    def to(self, path: str) -> str:
        """An address below the feed's own."""
        return f"{self.source.uri}/{path}"

    def request(self, url: str, headers: Mapping[str, str] | None = None, **more: Any) -> Ask:
        """A request with the feed's credentials if it goes to the feed's own host, and with none otherwise."""
        url = urljoin(f"{self.source.uri}/", url)
        own = _origin(url) == self._origin
        given = {
            "credential": self.credential if own else None,
            "policy": ADMINISTRATORS if own else self._beyond,
            "beyond": self._beyond,
            "most": _LARGEST_TEXT,
        }
        return Ask(url, headers=headers or {}, **{**given, **more})

    def file(self, url: str, headers: Mapping[str, str] | None = None, **more: Any) -> Ask:
        """A request for a package."""
        return self.request(url, headers, most=LARGEST_FILE, **more)

    async def get(self, url: str, accept: str = "*/*", **more: Any) -> Answer:
        """An answer. Raises OutboundError."""
        return await self._outbound.ask(
            self.request(url, {"Accept": accept, **more.pop("headers", {})}, **more)
        )

    async def check(self) -> None:
        """Whether the feed's own address may be asked by somebody else than this client. Raises AddressRefused."""
        await self._outbound.check(self.source.uri, ADMINISTRATORS)

    async def send(self, ask: Ask) -> Answer:
        """The answer to a request made otherwise."""
        return await self._outbound.ask(ask)

    async def find(self, url: str, accept: str = "*/*", **more: Any) -> Answer | None:
        """An answer; None where there is nothing (404, 410)."""
        try:
            return await self.get(url, accept, **more)
        except Gone:
            return None

    async def json(self, url: str, accept: str = "application/json", **more: Any) -> Any:
        """The answer's JSON. Raises OutboundError."""
        return (await self.get(url, accept, **more)).json()

    async def find_json(self, url: str, accept: str = "application/json", **more: Any) -> Any | None:
        """The answer's JSON; None where there is nothing."""
        found = await self.find(url, accept, **more)
        return None if found is None else found.json()

    async def find_xml(self, url: str) -> XmlNode | None:
        """The answer's XML, without entities and networks (security.md T20); None where there is nothing."""
        found = await self.find(url, "application/xml, text/xml;q=0.9, */*;q=0.1")
        return None if found is None else xml_of(found)


def xml_of(answer: Answer) -> XmlNode:
    """The XML of an answer. Raises NotUnderstood."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or etree.QName(root).localname.lower() == "html":
        kind = answer.headers.get("content-type", "").partition(";")[0] or "something without a type"
        raise NotUnderstood(f"The answer is not the XML it should be but {kind[:60]}.", answer.url) from None
    return root


def as_map(value: Any) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one: what a feed leaves out is not there."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The value if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def as_count(value: Any) -> int:
    """The value if it is a whole number or the text of one, not below 0; else 0."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16:
        return int(value)
    return max(value, 0) if isinstance(value, int) else 0


def as_text(value: Any) -> str:
    """The value if it is text, else ""."""
    return value if isinstance(value, str) else ""


def named(root: XmlNode, name: str) -> list[XmlNode]:
    """Every element of this name below a root, whatever its namespace."""
    return [each for each in root.iter() if isinstance(each.tag, str) and etree.QName(each).localname == name]


def token_of(source: Source) -> Credential | None:
    """The password as a bearer token where there is no user name, for those who expect it so."""
    return Bearer(source.password) if source.password and not source.username else None


def _basic(source: Source) -> Credential | None:
    return Basic(source.username, source.password) if source.password else None


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or default


def _is_loopback(url: str) -> bool:
    host = (urlsplit(url).hostname or "").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
