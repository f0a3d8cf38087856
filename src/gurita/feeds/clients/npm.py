"""npm registries."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import quote

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, UnknownPackage
from gurita.feeds.clients.web import Web, as_count, as_list, as_map, as_text

__all__ = ["NpmClient"]

_PAGE = 250


class NpmClient:
    """One registry. Packages may be scoped: `@scope/name`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def ping(self) -> None:
        answer = await self._web.find(self._web.to("-/ping"), "application/json")
        if answer is not None:
            answer.json()

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        query = f"text={quote(term)}&size={min(take, _PAGE)}&from={skip}"
        found = as_map(await self._web.json(self._web.to(f"-/v1/search?{query}")))
        packages = [as_map(as_map(each).get("package")) for each in as_list(found.get("objects"))]
        items = [
            FoundPackage(as_text(p.get("name")), as_text(p.get("description")), as_text(p.get("version")))
            for p in packages
        ]
        return items, max(as_count(found.get("total")), len(items))

    async def versions(self, package_id: str) -> list[FeedVersion]:
        doc = await self._doc(package_id)
        times = as_map(doc.get("time"))
        return [
            FeedVersion(version, as_text(times.get(version)) or None, size=_size(as_map(told)))
            for version, told in as_map(doc.get("versions")).items()
        ]

    async def notes(self, package_id: str, version: str) -> str:
        return ""

    async def place(self, package_id: str, version: str) -> Place:
        told = as_map(as_map((await self._doc(package_id)).get("versions")).get(version))
        dist = as_map(told.get("dist"))
        if not as_text(dist.get("tarball")):
            raise UnknownPackage(f"It has no version {version} of '{package_id}'.")
        hashes = _integrity(as_text(dist.get("integrity")))
        if as_text(dist.get("shasum")):
            hashes["sha1"] = as_text(dist.get("shasum"))
        return Place(self._web.file(as_text(dist.get("tarball"))), ".tgz", hashes)

    def changes(self, version: str) -> bool:
        return False

    async def _doc(self, package_id: str) -> dict[str, Any]:
        name = quote(package_id, safe="@")
        doc = await self._web.find_json(self._web.to(name))
        if doc is None:
            raise UnknownPackage(f"It has no package '{package_id}'.")
        return as_map(doc)


def _integrity(text: str) -> dict[str, str]:
    """Hashes of a Subresource Integrity text, in hexadecimal (www.w3.org/TR/SRI)."""
    found = {}
    for part in text.split():
        kind, _, value = part.partition("?")[0].partition("-")
        try:
            found[kind.lower()] = base64.b64decode(value, validate=True).hex()
        except (binascii.Error, ValueError):
            continue
    return found


def _size(told: dict[str, Any]) -> int | None:
    size = as_map(told.get("dist")).get("unpackedSize")
    return size if isinstance(size, int) else None
