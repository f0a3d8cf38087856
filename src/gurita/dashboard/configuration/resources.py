"""API shape of the configuration of a dashboard (api.md 7)."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.resource import Resource
from gurita.http.wire import Whole

__all__ = ["DashboardConfiguration"]


class DashboardConfiguration(Resource):
    """What one person wants to see of a space: nothing named means everything. What is gone since is passed over."""

    included_project_group_ids: list[str] = field(default_factory=list)
    included_project_ids: list[str] = field(default_factory=list)
    included_project_tags: list[str] = field(default_factory=list)
    included_environment_ids: list[str] = field(default_factory=list)
    included_environment_tags: list[str] = field(default_factory=list)
    included_tenant_ids: list[str] = field(default_factory=list)
    included_tenant_tags: list[str] = field(default_factory=list)
    project_limit: Whole | None = None
