"""Helm repositories over HTTP: one `index.yaml` with everything."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, UnknownPackage
from gurita.feeds.clients.web import Web, as_list, as_map, as_text
from gurita.feeds.clients.yaml_text import YamlError, read_yaml
from gurita.outbound.errors import NotUnderstood

__all__ = ["HelmClient"]

_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)


class HelmClient:
    """One repository of charts."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def ping(self) -> None:
        await self._entries()

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        entries = await self._entries()
        found = sorted(name for name in entries if term.lower() in name.lower())
        items = []
        for name in found[skip : skip + take]:
            newest = as_map(next(iter(as_list(entries[name])), None))
            items.append(
                FoundPackage(name, as_text(newest.get("description")), as_text(newest.get("version")))
            )
        return items, len(found)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        return [
            FeedVersion(as_text(chart.get("version")), as_text(chart.get("created")) or None)
            for chart in await self._charts(package_id)
        ]

    async def notes(self, package_id: str, version: str) -> str:
        chart = await self._chart(package_id, version)
        changes = as_text(as_map(chart.get("annotations")).get("artifacthub.io/changes"))
        return changes or as_text(chart.get("description"))

    async def place(self, package_id: str, version: str) -> Place:
        chart = await self._chart(package_id, version)
        url = as_text(next(iter(as_list(chart.get("urls"))), ""))
        if not url:
            raise NotUnderstood(f"Version {version} of '{package_id}' has no file.", self._web.source.uri)
        digest = _SHA256.fullmatch(as_text(chart.get("digest")))
        return Place(self._web.file(url), ".tgz", {"sha256": digest[1].lower()} if digest else {})

    def changes(self, version: str) -> bool:
        return False

    async def _entries(self) -> dict[str, Any]:
        answer = await self._web.get(self._web.to("index.yaml"), "application/yaml, text/yaml, */*;q=0.5")
        try:
            index = await asyncio.to_thread(read_yaml, answer.body)
        except YamlError as error:
            raise NotUnderstood(f"This is no index of a Helm repository: {error}.", answer.url) from None
        if not isinstance(as_map(index).get("entries"), dict):
            raise NotUnderstood("This is no index of a Helm repository: it has no entries.", answer.url)
        return as_map(as_map(index)["entries"])

    async def _charts(self, package_id: str) -> list[dict[str, Any]]:
        charts = [as_map(each) for each in as_list((await self._entries()).get(package_id))]
        if not charts:
            raise UnknownPackage(f"It has no chart '{package_id}'.")
        return charts

    async def _chart(self, package_id: str, version: str) -> dict[str, Any]:
        for chart in await self._charts(package_id):
            if as_text(chart.get("version")).lstrip("v") == version.lstrip("v"):
                return chart
        raise UnknownPackage(f"It has no version {version} of the chart '{package_id}'.")
