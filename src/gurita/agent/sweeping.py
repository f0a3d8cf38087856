"""What an agent clears away when it starts."""

from __future__ import annotations

from pathlib import Path

__all__ = ["sweep"]


def sweep(home: Path) -> None:
    """To be written."""
