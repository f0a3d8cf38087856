"""`proxies` (api.md 8)."""

from __future__ import annotations

from gurita.accounts.proxies.service import proxies
from gurita.catalog.serving import serve

__all__ = ["routes"]

routes = serve(proxies)
