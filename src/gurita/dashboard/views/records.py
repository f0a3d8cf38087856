"""How views are stored: one document a person and space, once somebody has kept one."""

from __future__ import annotations

from gurita.dashboard.views.resources import DashboardViews
from gurita.store.documents import DocumentKind

__all__ = ["VIEWS", "id_of"]

VIEWS = DocumentKind("dashboardviews", DashboardViews, label=None)


def id_of(space: str, user: str) -> str:
    """The id of a person's views."""
    return f"dashboardviews-{space}-{user}"
