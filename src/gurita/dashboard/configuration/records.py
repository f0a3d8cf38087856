"""How configurations are stored: one a person and space, once somebody has changed it."""

from __future__ import annotations

from gurita.dashboard.configuration.resources import DashboardConfiguration
from gurita.store.documents import DocumentKind

__all__ = ["CONFIGURATIONS", "id_of"]

CONFIGURATIONS = DocumentKind("dashboardconfiguration", DashboardConfiguration, label=None)


def id_of(space: str, user: str) -> str:
    """The id of a person's configuration."""
    return f"dashboardconfiguration-{space}-{user}"
