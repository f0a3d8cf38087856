"""Python package indexes: the simple API, as JSON (PEP 691) or as HTML (PEP 503)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from lxml import html

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, UnknownPackage
from gurita.feeds.clients.web import Web, as_list, as_map, as_text
from gurita.outbound.client import Answer
from gurita.outbound.errors import NotUnderstood, OutboundError

__all__ = ["PyPiClient", "normal_name", "version_of_file"]

_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.5, text/html;q=0.2"
_SEPARATORS = re.compile(r"[-_.]+")
_NUMBER = re.compile(r"v?\d")
_SOURCES = (".tar.gz", ".zip", ".tar.bz2", ".tgz")


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    url: str
    version: str
    hashes: dict[str, str] = field(default_factory=dict)
    size: int | None = None
    uploaded: str | None = None
    yanked: bool = False


class PyPiClient:
    """One index. Its address is that of the list of all projects, often ending in `/simple`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def ping(self) -> None:
        """Lists of all projects are long; one of a project that is not there costs nothing."""
        await self._web.find(self._page("gurita-connection-test"), _ACCEPT)

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        """Indexes have no search: names are looked for in the list of all, or, where that is too long, exactly."""
        try:
            names = _projects(await self._web.get(f"{self._web.source.uri}/", _ACCEPT))
        except OutboundError:
            known = term and await self._web.find(self._page(term), _ACCEPT)
            names = [normal_name(term)] if known else []
        part = normal_name(term) if term else ""
        found = [name for name in names if part in normal_name(name)]
        return [FoundPackage(name) for name in found[skip : skip + take]], len(found)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        best: dict[str, FeedVersion] = {}
        for file in await self._files(package_id):
            if not file.yanked:
                best.setdefault(file.version, FeedVersion(file.version, file.uploaded, size=file.size))
        return list(best.values())

    async def notes(self, package_id: str, version: str) -> str:
        return ""

    async def place(self, package_id: str, version: str) -> Place:
        files = [file for file in await self._files(package_id) if file.version == version]
        if not files:
            raise UnknownPackage(f"It has no file of version {version} of '{package_id}'.")
        file = min(files, key=_rank)
        return Place(self._web.file(file.url), _extension(file.name), file.hashes, file.size)

    def changes(self, version: str) -> bool:
        return False

    def _page(self, package_id: str) -> str:
        return self._web.to(f"{quote(normal_name(package_id))}/")

    async def _files(self, package_id: str) -> list[_File]:
        page = await self._web.find(self._page(package_id), _ACCEPT)
        if page is None:
            raise UnknownPackage(f"It has no package '{package_id}'.")
        return list(_from_json(page, package_id) if _is_json(page) else _from_html(page, package_id))


def normal_name(name: str) -> str:
    """A project's name as it is compared (PEP 503)."""
    return _SEPARATORS.sub("-", name.strip()).lower()


def version_of_file(name: str, package_id: str) -> str:
    """The version in the name of a wheel or a source distribution; "" for other files."""
    wanted = normal_name(package_id)
    if name.endswith(".whl"):
        parts = name.removesuffix(".whl").split("-")
        return parts[1] if len(parts) in (5, 6) and normal_name(parts[0]) == wanted else ""
    extension = next((each for each in _SOURCES if name.lower().endswith(each)), "")
    if not extension:
        return ""
    stem = name[: -len(extension)]
    for place in [match.start() for match in re.finditer("-", stem)][::-1]:
        if normal_name(stem[:place]) == wanted and _NUMBER.match(stem, place + 1):
            return stem[place + 1 :]
    return ""


def _rank(file: _File) -> int:
    """A wheel for every machine first, then the source, then a wheel for some machine."""
    if file.name.endswith("-none-any.whl"):
        return 0
    return 5 if file.name.endswith(".whl") else 1 + _SOURCES.index(_extension(file.name))


def _extension(name: str) -> str:
    return ".whl" if name.endswith(".whl") else next(each for each in _SOURCES if name.lower().endswith(each))


def _is_json(page: Answer) -> bool:
    return "json" in page.headers.get("content-type", "")


def _projects(page: Answer) -> list[str]:
    if _is_json(page):
        return [as_text(as_map(each).get("name")) for each in as_list(as_map(page.json()).get("projects"))]
    return [unquote(urlsplit(href).path.rstrip("/").rpartition("/")[2]) for href, _ in _anchors(page)]


def _from_json(page: Answer, package_id: str) -> Iterator[_File]:
    for told in map(as_map, as_list(as_map(page.json()).get("files"))):
        name, size = as_text(told.get("filename")), told.get("size")
        if version := version_of_file(name, package_id):
            yield _File(
                name,
                urljoin(page.url, as_text(told.get("url"))),
                version,
                {str(kind): str(text) for kind, text in as_map(told.get("hashes")).items()},
                size if isinstance(size, int) else None,
                as_text(told.get("upload-time")) or None,
                bool(told.get("yanked")),
            )


def _from_html(page: Answer, package_id: str) -> Iterator[_File]:
    for href, node in _anchors(page):
        url = urljoin(page.url, href)
        parts = urlsplit(url)
        name = unquote(parts.path.rpartition("/")[2])
        if version := version_of_file(name, package_id):
            hashes = dict(parse_qsl(parts.fragment))
            yield _File(
                name, url.partition("#")[0], version, hashes, yanked=node.get("data-yanked") is not None
            )


def _anchors(page: Answer) -> list[tuple[str, Any]]:
    """The links of a page. Raises NotUnderstood for what is no HTML."""
    try:
        root = html.fromstring(page.body, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (ValueError, html.etree.ParserError):
        raise NotUnderstood("The answer is no list of Python packages.", page.url) from None
    return [(node.get("href") or "", node) for node in root.iter("a") if node.get("href")]
