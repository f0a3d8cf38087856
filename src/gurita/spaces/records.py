"""How spaces are stored: at the level of the system."""

from __future__ import annotations

from gurita.spaces.resources import Space
from gurita.store.documents import DocumentKind

__all__ = ["SPACES"]

SPACES = DocumentKind("Spaces", Space)
