"""API shape of the saved views of a dashboard."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.resource import Resource
from gurita.http.wire import Wire

__all__ = ["DashboardView", "DashboardViews"]


class DashboardView(Wire):
    """A view under its name: the query of the portal's address that shows it, without `?`."""

    name: str
    search: str = ""


class DashboardViews(Resource):
    """All views one person keeps of a space, in their own order."""

    views: list[DashboardView] = field(default_factory=list)
