"""What the listing row asks for."""

from __future__ import annotations

__all__ = ["BARE", "LIST", "MEMORY"]

LIST = "/api/Spaces-1/environments?take=30"
MEMORY = "/api/Spaces-1/bench"
BARE = "/bench"
