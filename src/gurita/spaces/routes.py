"""`spaces` (api.md 4)."""

from __future__ import annotations

from gurita.catalog.serving import serve
from gurita.spaces.service import spaces

__all__ = ["routes"]

routes = serve(spaces)
