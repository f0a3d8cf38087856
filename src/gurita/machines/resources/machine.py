"""Deployment targets and workers, and what the last look at one found (api.md 8)."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.wire import Wire
from gurita.machines.resources.endpoint import Endpoint

__all__ = [
    "HEALTH_STATUSES",
    "ConnectionLog",
    "HealthStatus",
    "Machine",
    "MachineBase",
    "MachineConnection",
    "Worker",
]

HealthStatus = Literal["Healthy", "HasWarnings", "Unhealthy", "Unavailable", "Unknown"]
HEALTH_STATUSES = ("Healthy", "HasWarnings", "Unhealthy", "Unavailable", "Unknown")


class MachineBase(NamedResource, kw_only=True):
    """What targets and workers share. What health checks find (`status` and below) is ignored on input."""

    endpoint: Endpoint
    machine_policy_id: str = ""
    is_disabled: bool = False
    thumbprint: str | None = None
    uri: str | None = None
    skip_initial_health_check: bool = False
    status: str = "Unknown"
    health_status: HealthStatus = "Unknown"
    status_summary: str = ""
    has_latest_calamari: bool = True
    is_in_process: bool = False
    operating_system: str = "Unknown"
    operating_system_version: str = ""
    shell_name: str = "Unknown"
    shell_version: str = ""
    architecture: str = ""


class Machine(MachineBase, kw_only=True):
    """A deployment target."""

    environment_ids: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    tenanted_deployment_participation: Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"] = (
        "Untenanted"
    )


class Worker(MachineBase, kw_only=True):
    """A machine that does work on behalf of others: a member of worker pools."""

    worker_pool_ids: list[str] = field(default_factory=list)


class ConnectionLog(Wire):
    """A line of what was tried to reach a machine."""

    category: str
    occurred_at: str
    message_text: str
    detail: str | None = None


class MachineConnection(Wire):
    """What the last health check of a machine saw. `status` is `Unknown` before the first one."""

    machine_id: str
    status: str
    id: str = ""
    logs: list[ConnectionLog] = field(default_factory=list)
    current_tentacle_version: str = ""
    last_checked: str | None = None
