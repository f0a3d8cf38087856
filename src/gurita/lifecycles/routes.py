"""`lifecycles` and `channels` (api.md 4)."""

from __future__ import annotations

from gurita.catalog.serving import serve
from gurita.lifecycles.channels import routes as channel_routes
from gurita.lifecycles.service import lifecycles

__all__ = ["routes"]

routes = [*serve(lifecycles), *channel_routes.routes]
