"""Feeds that hold images: what an image there is called, and how one signs in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from gurita.kernel.sensitive import Sensitive

__all__ = ["REGISTRY_TYPES", "Registry", "registry_place"]

REGISTRY_TYPES = frozenset({"Docker", "AzureContainerRegistry", "GoogleContainerRegistry", "OciRegistry"})
"""Types of feeds with an address of their own that images are named by. What Amazon's is called, its account tells when asked."""


@dataclass(frozen=True, slots=True)
class Registry:
    """`place` is the host, with its port and path, that images are named by; `username` is empty for one that is open."""

    place: str
    username: str = ""
    password: Sensitive | None = None

    def image(self, name: str, tag: str) -> str:
        """An image by its full name, as tools for containers take it."""
        return f"{self.place}/{name}:{tag}" if self.place else f"{name}:{tag}"


def registry_place(uri: str, path: str) -> str:
    """What stands before an image's name: the feed's registry path if it has one, else the host and port of its address."""
    given = path.strip().strip("/")
    if given:
        return given.partition("://")[2] if "://" in given else given
    return urlsplit(uri if "://" in uri else f"//{uri}").netloc.rpartition("@")[2]
