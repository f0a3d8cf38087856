"""Environments (api.md 4)."""

from __future__ import annotations

from typing import Any

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.wire import Wire

__all__ = ["Environment", "EnvironmentSummaries", "EnvironmentSummary", "ExtensionSetting"]


class ExtensionSetting(Wire):
    """Values another product keeps with an environment."""

    extension_id: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class Environment(NamedResource):
    """A stage releases are deployed to, holding machines."""

    sort_order: int = 0
    use_guided_failure: bool = False
    allow_dynamic_infrastructure: bool = False
    extension_settings: list[ExtensionSetting] = field(default_factory=list)
    environment_tags: list[str] = field(default_factory=list)


class EnvironmentSummary(Wire):
    """An environment with its machines counted."""

    environment: Environment
    total_machines: int = 0
    total_disabled_machines: int = 0
    machine_ids_for_calamari_upgrade: list[str] = field(default_factory=list)
    machine_ids_for_tentacle_upgrade: list[str] = field(default_factory=list)
    machine_health_statuses: dict[str, int] = field(default_factory=dict)
    machine_endpoint_summaries: dict[str, int] = field(default_factory=dict)


class EnvironmentSummaries(Wire):
    """All environments of a space with their machines counted. A machine of two environments counts once in all."""

    environment_summaries: list[EnvironmentSummary] = field(default_factory=list)
    total_machines: int = 0
    total_disabled_machines: int = 0
    machine_health_statuses: dict[str, int] = field(default_factory=dict)
    machine_endpoint_summaries: dict[str, int] = field(default_factory=dict)
