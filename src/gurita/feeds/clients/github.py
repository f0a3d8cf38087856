"""Repositories on GitHub: a tag is a version, its zip file the package. The feed's address is that of the API."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, Source, UnknownPackage
from gurita.feeds.clients.web import Web, as_count, as_list, as_map, as_text, token_of
from gurita.outbound.client import Outbound

__all__ = ["GitHubClient"]

_MOST_PAGES = 30
_PAGE = 100
_VERSION = re.compile(r"[vV]?(\d.*)")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", re.ASCII)
_ACCEPT = "application/vnd.github+json"


class GitHubClient:
    """One account's or everybody's repositories, named `owner/repository`."""

    def __init__(self, outbound: Outbound, source: Source) -> None:
        self._web = Web(outbound, source, token_of(source))

    async def ping(self) -> None:
        await self._web.json(self._web.to("rate_limit"), _ACCEPT)

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        owner, slash, name = term.strip().partition("/")
        asked = f"{name} user:{owner}" if slash else owner
        query = f"q={quote(f'{asked} in:name'.strip())}&per_page={min(max(take, 1), _PAGE)}&page={skip // max(take, 1) + 1}"
        found = as_map(await self._web.json(self._web.to(f"search/repositories?{query}"), _ACCEPT))
        items = [
            FoundPackage(as_text(each.get("full_name")), as_text(each.get("description")))
            for each in map(as_map, as_list(found.get("items")))
        ]
        return items, max(as_count(found.get("total_count")), len(items))

    async def versions(self, package_id: str) -> list[FeedVersion]:
        releases = {as_text(r.get("tag_name")): r for r in await self._pages(package_id, "releases")}
        found = []
        for tag in await self._tags(package_id):
            match, release = _VERSION.fullmatch(tag), releases.get(tag, {})
            if match:
                published = as_text(release.get("published_at")) or None
                found.append(FeedVersion(match[1], published, as_text(release.get("body")) or None))
        return found

    async def notes(self, package_id: str, version: str) -> str:
        tag = await self._tag(package_id, version)
        found = await self._web.find_json(self._repo(package_id, f"releases/tags/{quote(tag)}"), _ACCEPT)
        return as_text(as_map(found).get("body"))

    async def place(self, package_id: str, version: str) -> Place:
        tag = await self._tag(package_id, version)
        return Place(self._web.file(self._repo(package_id, f"zipball/{quote(tag)}")), ".zip")

    def changes(self, version: str) -> bool:
        return False

    async def _tag(self, package_id: str, version: str) -> str:
        for tag in await self._tags(package_id):
            if tag == version or tag.lower() == f"v{version.lower()}":
                return tag
        raise UnknownPackage(f"The repository '{package_id}' has no tag {version}.")

    async def _tags(self, package_id: str) -> list[str]:
        return [as_text(each.get("name")) for each in await self._pages(package_id, "tags")]

    async def _pages(self, package_id: str, what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, _MOST_PAGES + 1):
            url = self._repo(package_id, f"{what}?per_page={_PAGE}&page={page}")
            part = await self._web.find_json(url, _ACCEPT)
            if part is None:
                raise UnknownPackage(
                    f"It has no repository '{package_id}', or the feed's user may not see it."
                )
            found += map(as_map, as_list(part))
            if len(as_list(part)) < _PAGE:
                break
        return found

    def _repo(self, package_id: str, path: str) -> str:
        if not _REPOSITORY.fullmatch(package_id) or ".." in package_id:
            raise UnknownPackage(f"'{package_id}' is no repository. Write owner/repository.")
        return self._web.to(f"repos/{package_id}/{path}")
