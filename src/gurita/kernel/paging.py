"""A page of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["DEFAULT_TAKE", "MOST", "Page", "Paging"]

T = TypeVar("T")

DEFAULT_TAKE = 30
MOST = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted. `take` echoes as `ItemsPerPage`, whatever it is (api.md 15.6)."""

    skip: int = 0
    take: int = DEFAULT_TAKE


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list, and how long the whole list is."""

    items: list[T]
    total: int
    paging: Paging
