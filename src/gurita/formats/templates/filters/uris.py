"""The filter UriPart: pieces of a URI as .NET's System.Uri names them (.NET API browser, system.uri)."""

from __future__ import annotations

import ipaddress
import re
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence

from gurita.formats.templates.filters.escapes import escape_uri
from gurita.formats.templates.filters.registry import text_filter

__all__ = ["PARTS"]

_ABSOLUTE = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]+):(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)
_AUTHORITY = re.compile(r"(?:(?P<user>[^@]*)@)?(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]*))?")
_HOST_NAME = re.compile(r"[^\s/?#@:\[\]<>\"{}|\\^`%]+")
_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443, "gopher": 70, "nntp": 119, "telnet": 23}
_PORTS.update({"ldap": 389, "mailto": 25, "net.tcp": 808})
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")


class _Uri(NamedTuple):
    scheme: str
    user: str
    host: str
    port: int
    path: str
    query: str
    fragment: str
    has_authority: bool

    @property
    def usual(self) -> bool:
        return self.port == _PORTS.get(self.scheme, -1)

    @property
    def authority(self) -> str:
        return self.host if self.usual else f"{self.host}:{self.port}"

    @property
    def server(self) -> str:
        return f"{self.scheme}://{self.authority}" if self.has_authority else f"{self.scheme}:"

    @property
    def whole(self) -> str:
        user = f"{self.user}@" if self.user else ""
        place = f"{self.scheme}://{user}{self.authority}" if self.has_authority else f"{self.scheme}:"
        return f"{place}{self.path}{self.query}{self.fragment}"

    @property
    def kind(self) -> str:
        if not self.host:
            return "Basic" if self.has_authority else "Unknown"
        try:
            return f"IPv{ipaddress.ip_address(self.host.strip('[]')).version}"
        except ValueError:
            return "Dns"

    @property
    def is_loopback(self) -> bool:
        if self.host in ("localhost", "loopback") or (self.scheme == "file" and not self.host):
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False


def _said(value: bool) -> str:
    return "true" if value else "false"


PARTS: Dict[str, Callable[[_Uri], str]] = {
    "absolutepath": lambda uri: uri.path,
    "absoluteuri": lambda uri: uri.whole,
    "authority": lambda uri: uri.authority,
    "dnssafehost": lambda uri: uri.host.strip("[]"),
    "fragment": lambda uri: uri.fragment,
    "host": lambda uri: uri.host,
    "hostandport": lambda uri: f"{uri.host}:{uri.port}",
    "hostnametype": lambda uri: uri.kind,
    "isabsoluteuri": lambda uri: _said(True),
    "isdefaultport": lambda uri: _said(uri.usual),
    "isfile": lambda uri: _said(uri.scheme == "file"),
    "isloopback": lambda uri: _said(uri.is_loopback),
    "isunc": lambda uri: _said(uri.scheme == "file" and bool(uri.host)),
    "path": lambda uri: uri.path,
    "pathandquery": lambda uri: uri.path + uri.query,
    "port": lambda uri: str(uri.port),
    "query": lambda uri: uri.query,
    "scheme": lambda uri: uri.scheme,
    "schemeandserver": lambda uri: uri.server,
    "userinfo": lambda uri: uri.user,
}


@text_filter("UriPart", most=100)
def _uri_part(text: str, options: Sequence[str]) -> str:
    if not options:
        return "[UriPart error: no argument given]"
    name = options[0]
    call = PARTS.get(name.lower())
    if call is None or len(options) > 1:
        return f"[UriPart {name} error: argument '{name}' not supported]"
    uri = _read(text.strip())
    if uri is not None:
        return call(uri)
    if name.lower() == "isabsoluteuri":
        return _said(False)
    said = "This operation is not supported for a relative URI." if text.strip() else "the input is empty"
    return f"[UriPart {name} error: {said}]"


def _read(text: str) -> Optional[_Uri]:
    """An absolute URI, normalised: scheme and host in lower case, dots in the path resolved, the usual port left out."""
    if text.startswith("/") and not text.startswith("//"):
        text = f"file://{text}"
    found = _ABSOLUTE.fullmatch(text)
    if found is None:
        return None
    scheme, authority = found.group("scheme").lower(), found.group("authority")
    if authority is None and scheme in _PORTS and scheme != "mailto":
        return None
    place = _AUTHORITY.fullmatch(authority or "")
    if place is None or int(place.group("port") or 0) > 65535:
        return None
    host = place.group("host").lower()
    if host and not host.startswith("[") and not _HOST_NAME.fullmatch(host):
        return None
    if not host and authority is not None and scheme in _PORTS:
        return None
    path = _escaped(found.group("path"))
    if authority is not None:
        path = _resolved(path) or "/"
    return _Uri(
        scheme,
        place.group("user") or "",
        host,
        int(place.group("port") or _PORTS.get(scheme, -1)),
        path,
        _escaped(found.group("query") or ""),
        _escaped(found.group("fragment") or ""),
        authority is not None,
    )


def _escaped(text: str) -> str:
    """What may not stand in a URI is escaped; what is escaped stays."""
    parts: List[str] = []
    at = 0
    for found in _ESCAPED.finditer(text):
        parts.extend((escape_uri(text[at : found.start()]), found.group()))
        at = found.end()
    return "".join(parts) + escape_uri(text[at:])


def _resolved(path: str) -> str:
    """RFC 3986, 5.2.4."""
    out: List[str] = []
    pieces = path.split("/")
    for piece in pieces:
        if piece == "..":
            if len(out) > 1:
                out.pop()
        elif piece != ".":
            out.append(piece)
    if pieces[-1] in (".", "..") and (not out or out[-1]):
        out.append("")
    return "/".join(out)
