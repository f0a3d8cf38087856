"""What counts as true (runtime formats 2.2)."""

from __future__ import annotations

__all__ = ["is_true"]

_FALSE = frozenset({"", "0", "no", "false"})


def is_true(text: str) -> bool:
    """Whether a text counts as true: it is not empty, 0, no or false, whatever white space and capitals it has."""
    return text.strip().lower() not in _FALSE
