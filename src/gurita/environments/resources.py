"""Environments (api.md 4)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.wire import Wire
from gurita.machines.resources import MachineCounts

__all__ = [
    "Environment",
    "EnvironmentMetadata",
    "EnvironmentSummaries",
    "EnvironmentSummary",
    "EnvironmentV2",
    "ExtensionSetting",
]


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


class EnvironmentV2(Environment):
    """An environment as newer clients read it."""

    type: Literal["Static", "Parent", "Ephemeral"] = "Static"
    parent_environment_id: str | None = None


class EnvironmentSummary(MachineCounts, kw_only=True):
    """An environment with its machines counted."""

    environment: Environment
    machine_tenant_summaries: dict[str, int] = field(default_factory=dict)
    machine_tenant_tag_summaries: dict[str, int] = field(default_factory=dict)


class EnvironmentSummaries(MachineCounts):
    """All environments of a space with their machines counted. A machine of two environments counts once in all."""

    environment_summaries: list[EnvironmentSummary] = field(default_factory=list)
    machine_tenant_summaries: dict[str, int] = field(default_factory=dict)
    machine_tenant_tag_summaries: dict[str, int] = field(default_factory=dict)


class EnvironmentMetadata(Wire):
    """Settings of another product an environment could have; none are known here."""

    extension_id: str
    metadata: dict[str, Any] = field(default_factory=dict)
