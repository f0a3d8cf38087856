"""Artifacts in container registries, Helm's charts among them: one layer is the package."""

from __future__ import annotations

from typing import Any

from gurita.feeds.clients.docker import search_in
from gurita.feeds.clients.oci_registry import OciRegistry
from gurita.feeds.clients.types import FeedVersion, FoundPackage, NotServed, Place
from gurita.feeds.clients.web import as_list, as_map, as_text

__all__ = ["OciArtifactClient"]

_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_IMAGES = ("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json")
_EXTENSIONS = (".tar.gz", ".tar.bz2", ".nupkg", ".tgz", ".zip", ".jar", ".war", ".ear", ".tar")
_TITLE = "org.opencontainers.image.title"


class OciArtifactClient:
    """One registry of artifacts. Tags cannot hold the `+` of a version: by Helm's rule it is written `_` there."""

    def __init__(self, registry: OciRegistry) -> None:
        self._registry = registry

    async def ping(self) -> None:
        await self._registry.ping()

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        return await search_in(self._registry, term, skip, take)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        return [FeedVersion(tag.replace("_", "+")) for tag in await self._registry.tags(package_id)]

    async def notes(self, package_id: str, version: str) -> str:
        manifest = await self._registry.manifest(package_id, version.replace("+", "_"))
        return as_text(
            as_map(manifest.content.get("annotations")).get("org.opencontainers.image.description")
        )

    async def place(self, package_id: str, version: str) -> Place:
        manifest = await self._registry.manifest(package_id, version.replace("+", "_"))
        layer = _package(manifest.content)
        if layer is None:
            raise NotServed(
                f"'{package_id}' {version} is no artifact with one file but an image or an index. "
                "The machine that uses it fetches it; set the package's acquisition location to NotAcquired."
            )
        digest, size = as_text(layer.get("digest")), layer.get("size")
        ask = await self._registry.blob(package_id, digest)
        hashes = {"sha256": digest.removeprefix("sha256:")}
        return Place(ask, _extension(layer), hashes, size if isinstance(size, int) else None)

    def changes(self, version: str) -> bool:
        return version == "latest"


def _package(manifest: dict[str, Any]) -> dict[str, Any] | None:
    """The layer that is the package: a chart's, or the only one of what is no image."""
    layers = [as_map(each) for each in as_list(manifest.get("layers"))]
    for layer in layers:
        if layer.get("mediaType") == _CHART:
            return layer
    is_image = as_map(manifest.get("config")).get("mediaType") in _IMAGES and not manifest.get("artifactType")
    titled = [each for each in layers if as_text(as_map(each.get("annotations")).get(_TITLE))]
    if len(titled) == 1:
        return titled[0]
    return layers[0] if len(layers) == 1 and not is_image else None


def _extension(layer: dict[str, Any]) -> str:
    if layer.get("mediaType") == _CHART:
        return ".tgz"
    title = as_text(as_map(layer.get("annotations")).get(_TITLE)).lower()
    named = next((each for each in _EXTENSIONS if title.endswith(each)), "")
    media = as_text(layer.get("mediaType"))
    return named or (".tar.gz" if media.endswith("gzip") else ".tar" if media.endswith("tar") else ".zip")
