"""NuGet's older protocol: OData over Atom, as far as reading packages needs it."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote, urljoin

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, UnknownPackage
from gurita.feeds.clients.web import Web, XmlNode, as_count, named
from gurita.outbound.errors import NotUnderstood

__all__ = ["NuGetV2Client"]

_MOST_PAGES = 40


class NuGetV2Client:
    """A feed whose address is the root of an OData service."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def ping(self) -> None:
        if not named(await self._root("$metadata"), "EntityType"):
            raise NotUnderstood(
                "This is neither a NuGet service index nor an OData service.", self._web.source.uri
            )

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        query = f"searchTerm='{_literal(term)}'&targetFramework=''&includePrerelease=true&$skip={skip}&$top={take}"
        entries = await self._entries(f"Search()?$filter=IsLatestVersion&{query}", pages=1)
        found = [FoundPackage(_title(e), _value(e, "Description"), _value(e, "Version")) for e in entries]
        return found, skip + len(found)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        return [
            FeedVersion(
                _value(entry, "Version"),
                _value(entry, "Published") or None,
                _value(entry, "ReleaseNotes") or None,
                as_count(_value(entry, "PackageSize")) or None,
            )
            for entry in await self._of(package_id)
        ]

    async def notes(self, package_id: str, version: str) -> str:
        return _value(await self._one(package_id, version), "ReleaseNotes")

    async def place(self, package_id: str, version: str) -> Place:
        entry = await self._one(package_id, version)
        url = str(entry.xpath("string(*[local-name()='content']/@src)"))
        if not url:
            raise NotUnderstood("The entry of the package names no file.", self._web.source.uri)
        kind, text = _value(entry, "PackageHashAlgorithm").lower(), _value(entry, "PackageHash")
        try:
            hashes = {kind: base64.b64decode(text, validate=True).hex()} if text else {}
        except (binascii.Error, ValueError):
            hashes = {}
        return Place(self._web.file(url), ".nupkg", hashes)

    def changes(self, version: str) -> bool:
        return False

    async def _root(self, path: str) -> XmlNode:
        root = await self._web.find_xml(self._web.to(path))
        if root is None:
            raise NotUnderstood(
                "This is neither a NuGet service index nor an OData service.", self._web.source.uri
            )
        return root

    async def _of(self, package_id: str) -> list[XmlNode]:
        entries = await self._entries(f"FindPackagesById()?id='{_literal(package_id)}'&semVerLevel=2.0.0")
        if not entries:
            raise UnknownPackage(f"It has no package '{package_id}'.")
        return entries

    async def _one(self, package_id: str, version: str) -> XmlNode:
        for entry in await self._of(package_id):
            if version.lower() in (
                _value(entry, "Version").lower(),
                _value(entry, "NormalizedVersion").lower(),
            ):
                return entry
        raise UnknownPackage(f"It has no version {version} of '{package_id}'.")

    async def _entries(self, path: str, pages: int = _MOST_PAGES) -> list[XmlNode]:
        url, entries = self._web.to(path), list[XmlNode]()
        for _ in range(pages):
            root = await self._web.find_xml(url)
            if root is None:
                break
            entries += named(root, "entry")
            more = str(root.xpath("string(//*[local-name()='link'][@rel='next']/@href)"))
            if not more:
                break
            url = urljoin(url, more)
        return entries


def _literal(text: str) -> str:
    return quote(text.replace("'", "''"), safe="")


def _title(entry: XmlNode) -> str:
    return _value(entry, "Id") or str(entry.xpath("string(*[local-name()='title'])"))


def _value(entry: XmlNode, name: str) -> str:
    return str(
        entry.xpath("string(.//*[local-name()='properties']/*[local-name()=$name])", name=name)
    ).strip()
