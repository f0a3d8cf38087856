"""Generic repositories of Artifactory: the layout says which file is which version of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gurita.feeds.clients.layout_matching import named_by
from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, Source, UnknownPackage
from gurita.feeds.clients.web import Web, as_list, as_map, as_text, token_of
from gurita.feeds.rules.layouts import Named, read_layout
from gurita.outbound.client import Outbound
from gurita.outbound.errors import Gone

__all__ = ["ArtifactoryClient"]


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    named: Named
    told: dict[str, Any]


class ArtifactoryClient:
    """One generic repository."""

    def __init__(self, outbound: Outbound, source: Source) -> None:
        self._web = Web(outbound, source, token_of(source))
        self._layout = read_layout(source.layout)
        self._repository = quote(source.repository.strip("/"))

    async def ping(self) -> None:
        await self._files()

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        ids = sorted({file.named.package_id for file in await self._files()})
        found = [id for id in ids if term.lower() in id.lower()]
        return [FoundPackage(id) for id in found[skip : skip + take]], len(found)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        found = {
            file.named.version: FeedVersion(
                file.named.version, as_text(file.told.get("lastModified")) or None, size=_size(file)
            )
            for file in await self._of(package_id)
        }
        return list(found.values())

    async def notes(self, package_id: str, version: str) -> str:
        return ""

    async def place(self, package_id: str, version: str) -> Place:
        for file in await self._of(package_id):
            if file.named.version == version:
                told = {"sha256": as_text(file.told.get("sha2")), "sha1": as_text(file.told.get("sha1"))}
                hashes = {kind: text for kind, text in told.items() if text}
                url = self._web.to(f"{self._repository}/{quote(file.path.lstrip('/'))}")
                return Place(self._web.file(url), file.named.extension, hashes, _size(file))
        raise UnknownPackage(f"It has no file of version {version} of '{package_id}'.")

    def changes(self, version: str) -> bool:
        return False

    async def _of(self, package_id: str) -> list[_File]:
        wanted = package_id.lower()
        found = [file for file in await self._files() if file.named.package_id.lower() == wanted]
        if not found:
            raise UnknownPackage(f"No file of it fits the feed's layout as package '{package_id}'.")
        return found

    async def _files(self) -> list[_File]:
        path = f"api/storage/{self._repository}/?list&deep=1&listFolders=0&mdTimestamps=0"
        try:
            listed = as_map(await self._web.json(self._web.to(path)))
        except Gone:
            raise UnknownPackage(f"It has no repository '{self._web.source.repository}'.") from None
        told = {as_text(each.get("uri")): each for each in map(as_map, as_list(listed.get("files")))}
        named = await named_by(self._layout, list(told))
        return [_File(path, name, told[path]) for path, name in named.items()]


def _size(file: _File) -> int | None:
    size = file.told.get("size")
    return size if isinstance(size, int) else None
