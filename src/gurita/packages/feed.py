"""The feed that stands for this repository: its id, and after how many days packages no release uses may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gurita.store.documents import DocumentKind
from gurita.store.kinds import KINDS

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["days_in", "feed_id_in"]

_DEFAULT_ID = "feeds-builtin"


def _feed_in(tx: Tx, space: str) -> Any:
    """By the registry of kinds: feeds ask this package what there is, so it must not import them."""
    kind = KINDS.get("Feeds")
    if not isinstance(kind, DocumentKind):
        return None
    found = kind.open(tx, space).all(where=[kind.table.c.feed_type == "BuiltIn"])
    return found[0] if found else None


def feed_id_in(tx: Tx, space: str) -> str:
    """The id of a space's built-in feed."""
    feed = _feed_in(tx, space)
    return _DEFAULT_ID if feed is None else str(feed.id)


def days_in(tx: Tx, space: str) -> int:
    """Days a package is kept that no release uses; 0 for ever."""
    feed = _feed_in(tx, space)
    days = getattr(feed, "delete_unreleased_packages_after_days", None)
    return days if isinstance(days, int) else 0
