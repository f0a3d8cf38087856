"""Images in container registries. They are listed here and pulled where they run, never by this server."""

from __future__ import annotations

from gurita.feeds.clients.oci_registry import OciRegistry
from gurita.feeds.clients.types import FeedVersion, FoundPackage, NotServed, Place, UnknownPackage
from gurita.outbound.errors import Gone, NotLetIn

__all__ = ["DockerClient", "search_in"]


class DockerClient:
    """One registry of images."""

    def __init__(self, registry: OciRegistry) -> None:
        self._registry = registry

    async def ping(self) -> None:
        await self._registry.ping()

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        return await search_in(self._registry, term, skip, take)

    async def versions(self, package_id: str) -> list[FeedVersion]:
        return [FeedVersion(tag) for tag in await self._registry.tags(package_id)]

    async def notes(self, package_id: str, version: str) -> str:
        return ""

    async def digest(self, package_id: str, version: str) -> str:
        """The digest a tag stands for now."""
        return (await self._registry.manifest(package_id, version)).digest

    async def place(self, package_id: str, version: str) -> Place:
        raise NotServed(
            f"'{package_id}' is a container image. The machine that runs it pulls it; the server does not download "
            "images. Set the package's acquisition location to NotAcquired."
        )

    def changes(self, version: str) -> bool:
        return True


async def search_in(registry: OciRegistry, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
    """Repositories whose name holds `term`; where the registry hides its catalog, the one of exactly this name."""
    try:
        names = await registry.repositories()
    except (NotLetIn, Gone):
        await registry.ping()
        names = []
        if term:
            try:
                await registry.tags(term)
                names = [term]
            except (UnknownPackage, NotLetIn):
                names = []
    found = sorted(name for name in names if term.lower() in name.lower())
    return [FoundPackage(name) for name in found[skip : skip + take]], len(found)
