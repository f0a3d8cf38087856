"""`projectgroups` (api.md 4)."""

from __future__ import annotations

from gurita.catalog.serving import serve
from gurita.projects.groups.service import groups

__all__ = ["routes"]

routes = serve(groups)
