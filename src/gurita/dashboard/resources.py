"""API shapes of the dashboard: exactly the members of api.md 7, since a client refuses any other."""

from __future__ import annotations

from msgspec import field

from gurita.http.wire import Moment, Wire

__all__ = [
    "Dashboard",
    "DashboardEnvironment",
    "DashboardGroup",
    "DashboardItem",
    "DashboardProject",
    "DashboardTenant",
]


class DashboardProject(Wire):
    """A row of the dashboard."""

    id: str
    name: str
    slug: str
    project_group_id: str
    environment_ids: list[str]
    tenanted_deployment_mode: str
    can_perform_untenanted_deployment: bool
    is_disabled: bool
    links: dict[str, str] = field(default_factory=dict)


class DashboardGroup(Wire):
    """Rows that belong together, and the environments any of them goes to."""

    id: str
    name: str
    environment_ids: list[str]
    links: dict[str, str] = field(default_factory=dict)


class DashboardEnvironment(Wire):
    """A column of the dashboard."""

    id: str
    name: str
    links: dict[str, str] = field(default_factory=dict)


class DashboardTenant(Wire):
    """A tenant whose deployments are shown apart."""

    id: str
    name: str
    tenant_tags: list[str]
    project_environments: dict[str, list[str]]
    is_disabled: bool
    links: dict[str, str] = field(default_factory=dict)


class DashboardItem(Wire):
    """What is, or was last tried to get, in a project's environment."""

    id: str
    project_id: str
    environment_id: str
    release_id: str
    deployment_id: str
    task_id: str
    tenant_id: str | None
    channel_id: str
    release_version: str
    created: Moment
    queue_time: Moment | None
    start_time: Moment | None
    completed_time: Moment | None
    state: str
    has_pending_interruptions: bool
    pending_interruption_types: list[str]
    has_pending_preconditions: bool
    pending_precondition_types: list[str]
    has_warnings_or_errors: bool
    error_message: str
    duration: str
    is_current: bool
    is_previous: bool
    is_completed: bool
    links: dict[str, str] = field(default_factory=dict)


class Dashboard(Wire):
    """Projects by environments, with the latest deployment of each."""

    items: list[DashboardItem] = field(default_factory=list)
    projects: list[DashboardProject] = field(default_factory=list)
    project_groups: list[DashboardGroup] = field(default_factory=list)
    environments: list[DashboardEnvironment] = field(default_factory=list)
    tenants: list[DashboardTenant] = field(default_factory=list)
    project_limit: int | None = None
    is_filtered: bool = False
    links: dict[str, str] = field(default_factory=dict)
