"""Ids and randomness as a port."""

from __future__ import annotations

import re
import secrets
import unicodedata
import uuid
from typing import Protocol

__all__ = ["Randomness", "SystemRandomness", "folded", "slugged"]


class Randomness(Protocol):
    """Where unguessable and unique texts come from."""

    def guid(self) -> str:
        """A new UUID in its canonical text form."""

    def token(self, size: int = 32) -> str:
        """URL-safe text of `size` random bytes."""

    def api_key(self) -> str:
        """`API-` and 32 capitals or digits."""


class SystemRandomness:
    """The operating system's random source."""

    def guid(self) -> str:
        return str(uuid.uuid4())

    def token(self, size: int = 32) -> str:
        return secrets.token_urlsafe(size)

    def api_key(self) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        return "API-" + "".join(secrets.choice(letters) for _ in range(32))


def folded(name: str) -> str:
    """How names are compared: NFKC, case folded, surrounding and doubled blanks ignored.

    Done in Python so that SQLite and PostgreSQL agree; two names with the same fold are the same name.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def slugged(name: str) -> str:
    """A URL-friendly form of a name: ASCII lower case, digits and single dashes; `item` if nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "item"
