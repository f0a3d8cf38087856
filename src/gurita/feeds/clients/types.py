"""What every client of a feed can do, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gurita.kernel.errors import Terminal
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Ask

__all__ = [
    "FeedClient",
    "FeedVersion",
    "FoundPackage",
    "NotServed",
    "Place",
    "Source",
    "UnknownPackage",
]


@dataclass(frozen=True, slots=True)
class Source:
    """What a client needs to know of a feed. `uri` is without a slash at its end; secrets are None when there are none."""

    feed_type: str
    name: str
    uri: str = ""
    username: str = ""
    password: Sensitive | None = None
    region: str = ""
    access_key: str = ""
    secret_key: Sensitive | None = None
    use_machine_credentials: bool = False
    repository: str = ""
    layout: str = ""


@dataclass(frozen=True, slots=True)
class FoundPackage:
    """A package a search found."""

    id: str
    description: str = ""
    latest: str = ""


@dataclass(frozen=True, slots=True)
class FeedVersion:
    """One version of a package. `published` is ISO 8601, `size` in bytes; both None where the feed does not say."""

    version: str
    published: str | None = None
    release_notes: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version's file is: the request for it, its extension with the dot, and what the feed says it must be.

    `hashes` are hexadecimal by their names (sha512, sha256, sha1, md5).
    """

    ask: Ask
    extension: str
    hashes: Mapping[str, str] = field(default_factory=dict)
    size: int | None = None


class UnknownPackage(Terminal):
    """The feed has no such package or version; the message is a sentence."""


class NotServed(Terminal):
    """This server cannot do this with feeds of this type; the message says what can be done instead."""


class FeedClient(Protocol):
    """Asks one feed. Raises UnknownPackage, NotServed, and what `gurita.outbound` raises."""

    async def ping(self) -> None:
        """Whether the feed is there and lets its user in; raises what it raises if not."""

    async def search(self, term: str, skip: int, take: int) -> tuple[list[FoundPackage], int]:
        """Packages whose id holds `term`, and how many there are at least."""

    async def versions(self, package_id: str) -> list[FeedVersion]:
        """Every version there is, in any order."""

    async def notes(self, package_id: str, version: str) -> str:
        """The release notes of a version; "" where there are none."""

    async def place(self, package_id: str, version: str) -> Place:
        """Where the file of a version is."""

    def changes(self, version: str) -> bool:
        """Whether the same version may be another file tomorrow."""
