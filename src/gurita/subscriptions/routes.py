"""`subscriptions`."""

from __future__ import annotations

from gurita.catalog.mixed import serve_mixed
from gurita.subscriptions.service import subscriptions

__all__ = ["routes"]

routes = serve_mixed(subscriptions)
