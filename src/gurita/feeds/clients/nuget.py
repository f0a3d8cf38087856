"""NuGet's protocol version 3: a service index names the addresses of everything else."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import quote

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, UnknownPackage
from gurita.feeds.clients.web import Web, as_count, as_list, as_map, as_text
from gurita.formats.versions import VersionError, parse
from gurita.outbound.errors import NotUnderstood

__all__ = ["NuGetClient"]

_MOST_PAGES = 64
_REGISTRATIONS = (
    "RegistrationsBaseUrl/3.6.0",
    "RegistrationsBaseUrl/Versioned",
    "RegistrationsBaseUrl/3.4.0",
    "RegistrationsBaseUrl/3.0.0-rc",
    "RegistrationsBaseUrl/3.0.0-beta",
    "RegistrationsBaseUrl",
)
_SEARCHES = (
    "SearchQueryService/3.5.0",
    "SearchQueryService/3.0.0-rc",
    "SearchQueryService/3.0.0-beta",
    "SearchQueryService",
)


class NuGetClient:
    """A feed whose address is its service index."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._services: dict[str, str] = {}

    async def ping(self) -> None:
        await self._service("PackageBaseAddress/3.0.0")

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        query = f"q={quote(term)}&skip={skip}&take={min(take, 1000)}&prerelease=true&semVerLevel=2.0.0"
        found = as_map(await self._web.json(f"{await self._service(*_SEARCHES)}?{query}"))
        items = [
            FoundPackage(
                as_text(each.get("id")), as_text(each.get("description")), as_text(each.get("version"))
            )
            for each in map(as_map, as_list(found.get("data")))
        ]
        return items, as_count(found.get("totalHits")) or len(items)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        listed = await self._registered(package_id)
        if listed:
            return [_version(entry) for entry in listed if entry.get("listed", True)]
        flat = await self._web.find_json(f"{await self._base(package_id)}/index.json")
        if flat is None:
            raise UnknownPackage(f"It has no package '{package_id}'.")
        return [FeedVersion(as_text(version)) for version in as_list(as_map(flat).get("versions"))]

    async def notes(self, package_id: str, version: str) -> str:
        normal = _normal(version)
        base = f"{await self._base(package_id)}/{quote(normal)}/{quote(package_id.lower())}.nuspec"
        nuspec = await self._web.find_xml(base)
        if nuspec is not None:
            return str(nuspec.xpath("string(//*[local-name()='releaseNotes'])")).strip()
        for entry in await self._registered(package_id):
            if _normal(as_text(entry.get("version"))) == normal:
                return as_text(entry.get("releaseNotes"))
        raise UnknownPackage(f"It has no version {version} of '{package_id}'.")

    async def place(self, package_id: str, version: str) -> Place:
        normal, name = _normal(version), package_id.lower()
        url = f"{await self._base(package_id)}/{quote(normal)}/{quote(name)}.{quote(normal)}.nupkg"
        return Place(self._web.file(url), ".nupkg", await self._hashes(package_id, normal))

    def changes(self, version: str) -> bool:
        return False

    async def _hashes(self, package_id: str, version: str) -> dict[str, str]:
        """What the catalog says of a version's file, where there is a catalog."""
        for entry in await self._registered(package_id):
            if _normal(as_text(entry.get("version"))) == version:
                told = entry
                if not told.get("packageHash") and (url := as_text(entry.get("@id"))).startswith("http"):
                    told = as_map(await self._optional(url))
                return _hash(told)
        return {}

    async def _optional(self, url: str) -> Any:
        try:
            return await self._web.find_json(url)
        except NotUnderstood:
            return None

    async def _registered(self, package_id: str) -> list[dict[str, Any]]:
        """The catalog entries of a package; none where the feed has no registrations."""
        base = await self._service(*_REGISTRATIONS, needed=False)
        if not base:
            return []
        index = await self._web.find_json(f"{base}/{quote(package_id.lower())}/index.json")
        entries = []
        for page in map(as_map, as_list(as_map(index).get("items"))[:_MOST_PAGES]):
            leaves = page.get("items")
            if leaves is None:
                leaves = as_map(await self._web.find_json(as_text(page.get("@id")))).get("items")
            entries += [as_map(as_map(leaf).get("catalogEntry")) for leaf in as_list(leaves)]
        return [entry for entry in entries if as_text(entry.get("version"))]

    async def _base(self, package_id: str) -> str:
        return f"{await self._service('PackageBaseAddress/3.0.0')}/{quote(package_id.lower())}"

    async def _service(self, *kinds: str, needed: bool = True) -> str:
        """The address of a service of the first kind there is, without a slash at its end. Raises NotUnderstood."""
        if not self._services:
            index = as_map(await self._web.json(self._web.source.uri))
            for each in map(as_map, as_list(index.get("resources"))):
                kind, url = each.get("@type"), as_text(each.get("@id")).rstrip("/")
                for name in kind if isinstance(kind, list) else [kind]:
                    self._services.setdefault(as_text(name), url)
            if not self._services:
                raise NotUnderstood("This is no NuGet v3 service index.", self._web.source.uri)
        found = next((self._services[kind] for kind in kinds if self._services.get(kind)), "")
        if not found and needed:
            raise NotUnderstood(
                f"The service index names no {kinds[0].partition('/')[0]}.", self._web.source.uri
            )
        return found


def _version(entry: dict[str, Any]) -> FeedVersion:
    published = as_text(entry.get("published"))
    size = entry.get("packageSize")
    return FeedVersion(
        as_text(entry["version"]),
        None if published[:4] in ("", "1900") else published,
        as_text(entry.get("releaseNotes")) or None,
        size if isinstance(size, int) else None,
    )


def _normal(version: str) -> str:
    """A version as addresses have it: without metadata, leading zeros or a fourth 0, in lower case."""
    try:
        read = parse(version, "semver")
    except VersionError:
        return version.lower()
    numbers = [*read.numbers, 0, 0, 0][: max(3, len(read.numbers))]
    if len(numbers) == 4 and numbers[3] == 0:
        numbers.pop()
    tail = f"-{read.pre_release}" if read.pre_release else ""
    return (".".join(map(str, numbers)) + tail).lower()


def _hash(entry: dict[str, Any]) -> dict[str, str]:
    kind, text = as_text(entry.get("packageHashAlgorithm")).lower(), as_text(entry.get("packageHash"))
    try:
        return {kind: base64.b64decode(text, validate=True).hex()} if text else {}
    except (binascii.Error, ValueError):
        return {}
