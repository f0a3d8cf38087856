"""All kinds of documents by name, so that one can name another without importing it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gurita.store.documents import DocumentKind

__all__ = ["KINDS", "title_of"]

KINDS: dict[str, DocumentKind[Any]] = {}
"""Filled by every `DocumentKind` that is made."""


def title_of(kind: str) -> str:
    """How a kind is called in sentences: `Environments` is an `environment`."""
    if known := KINDS.get(kind):
        return known.title
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.removesuffix("s")).lower()
