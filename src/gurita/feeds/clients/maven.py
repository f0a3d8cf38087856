"""Maven repositories: `maven-metadata.xml` and files in folders (maven.apache.org, repository layout).

A package is named `group:artifact`, `group:artifact:packaging` or `group:artifact:packaging:classifier`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from gurita.feeds.clients.types import FeedVersion, FoundPackage, Place, UnknownPackage
from gurita.feeds.clients.web import LARGEST_FILE, Web, XmlNode
from gurita.outbound.errors import Gone

__all__ = ["Coordinates", "MavenClient"]

_PACKAGINGS = ("jar", "war", "ear", "zip", "tar.gz", "tgz", "tar.bz2", "tar", "nupkg", "rar")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,200}", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]{32,128}")


@dataclass(frozen=True, slots=True)
class Coordinates:
    """What a package's id says."""

    group: str
    artifact: str
    packaging: str = ""
    classifier: str = ""

    @classmethod
    def read(cls, package_id: str) -> Coordinates:
        """Raises UnknownPackage for what is no id of Maven's."""
        parts = package_id.strip().split(":")
        if not 2 <= len(parts) <= 4 or not all(_NAME.fullmatch(part) and part.strip(".") for part in parts):
            raise UnknownPackage(
                f"'{package_id}' is no Maven package. Write group:artifact, group:artifact:packaging or "
                "group:artifact:packaging:classifier."
            )
        return cls(*parts)

    @property
    def folder(self) -> str:
        return f"{quote(self.group.replace('.', '/'))}/{quote(self.artifact)}"


class MavenClient:
    """One repository."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def ping(self) -> None:
        """A repository need not answer at its root, but it does not answer 401 there to a user it knows."""
        await self._web.get(f"{self._web.source.uri}/", also=frozenset({403, 404}))

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        """Repositories have no search of their own: the package with exactly this id, or none."""
        if ":" not in term:
            return [], 0
        at = Coordinates.read(term)
        root = await self._web.find_xml(self._web.to(f"{at.folder}/maven-metadata.xml"))
        if root is None:
            return [], 0
        latest = _text(root, "versioning/release") or _text(root, "versioning/latest")
        return ([FoundPackage(term, latest=latest)] if skip == 0 and take else []), 1

    async def versions(self, package_id: str) -> list[FeedVersion]:
        at = Coordinates.read(package_id)
        root = await self._web.find_xml(self._web.to(f"{at.folder}/maven-metadata.xml"))
        if root is None:
            raise UnknownPackage(f"It has no package '{package_id}'.")
        return [
            FeedVersion(version)
            for each in root.findall("versioning/versions/version")
            if (version := (each.text or "").strip())
        ]

    async def notes(self, package_id: str, version: str) -> str:
        return ""

    async def place(self, package_id: str, version: str) -> Place:
        at = Coordinates.read(package_id)
        folder = f"{at.folder}/{quote(version)}"
        built = await self._snapshot(at, folder, version) if self.changes(version) else {}
        for packaging in (
            [at.packaging] if at.packaging else await self._packagings(at, folder, version, built)
        ):
            number = built.get((packaging, at.classifier)) or built.get(("", "")) or version
            tail = f"-{at.classifier}" if at.classifier else ""
            url = self._web.to(f"{folder}/{quote(f'{at.artifact}-{number}{tail}.{packaging}')}")
            if await self._is_there(url):
                return Place(self._web.file(url), f".{packaging}", await self._hashes(url))
        raise UnknownPackage(
            f"It has no file of version {version} of '{package_id}'. Name its packaging if it is an unusual one: "
            "group:artifact:packaging."
        )

    def changes(self, version: str) -> bool:
        return version.upper().endswith("-SNAPSHOT")

    async def _packagings(
        self, at: Coordinates, folder: str, version: str, built: dict[tuple[str, str], str]
    ) -> list[str]:
        """The packagings to try, the one the project's own description names first."""
        number = built.get(("pom", "")) or built.get(("", "")) or version
        pom = await self._web.find_xml(self._web.to(f"{folder}/{quote(f'{at.artifact}-{number}.pom')}"))
        named = "" if pom is None else str(pom.xpath("string(*[local-name()='packaging'])")).strip()
        first = [named] if _NAME.fullmatch(named) and named not in ("pom", "bundle", "maven-plugin") else []
        return list(dict.fromkeys([*first, *_PACKAGINGS]))

    async def _snapshot(self, at: Coordinates, folder: str, version: str) -> dict[tuple[str, str], str]:
        """The newest build of a snapshot by (extension, classifier); ("", "") is for all others."""
        root = await self._web.find_xml(self._web.to(f"{folder}/maven-metadata.xml"))
        if root is None:
            return {}
        built = {
            (_text(each, "extension"), _text(each, "classifier")): _text(each, "value")
            for each in root.findall("versioning/snapshotVersions/snapshotVersion")
        }
        stamp, number = (
            _text(root, "versioning/snapshot/timestamp"),
            _text(root, "versioning/snapshot/buildNumber"),
        )
        if stamp and number:
            built["", ""] = f"{version[: -len('SNAPSHOT')]}{stamp}-{number}"
        return built

    async def _is_there(self, url: str) -> bool:
        try:
            await self._web.send(self._web.request(url, method="HEAD", zipped=False, most=LARGEST_FILE))
        except Gone:
            return False
        return True

    async def _hashes(self, url: str) -> dict[str, str]:
        for kind in ("sha512", "sha256", "sha1", "md5"):
            found = await self._web.find(f"{url}.{kind}")
            match = _HEX.search(found.body[:1000].decode("ascii", "replace")) if found else None
            if match and len(match[0]) == {"sha512": 128, "sha256": 64, "sha1": 40, "md5": 32}[kind]:
                return {kind: match[0].lower()}
        return {}


def _text(node: XmlNode, path: str) -> str:
    return (node.findtext(path) or "").strip()
