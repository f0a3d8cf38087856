"""Lifecycles with their phases, and channels (api.md 4)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.wire import Whole, Wire

__all__ = [
    "ActionPackage",
    "Channel",
    "ChannelRule",
    "CustomField",
    "GitDependencyAction",
    "GitResourceRule",
    "Lifecycle",
    "Phase",
    "Retention",
]


class Retention(Wire):
    """How much is kept: of the newest `quantity_to_keep` items or days, or everything.

    Older clients send no strategy; it follows from the other members then.
    """

    strategy: Literal["Default", "Forever", "Count"] | None = None
    unit: Literal["Days", "Items"] = "Items"
    quantity_to_keep: Whole = 0
    should_keep_forever: bool | None = None


class Phase(Wire, kw_only=True):
    """A stage of a lifecycle. 0 as the least number of environments means all of them."""

    name: str
    id: str = ""
    automatic_deployment_targets: list[str] = field(default_factory=list)
    optional_deployment_targets: list[str] = field(default_factory=list)
    minimum_environments_before_promotion: Whole = 0
    is_optional_phase: bool = False
    is_priority_phase: bool = False
    release_retention_policy: Retention | None = None
    tentacle_retention_policy: Retention | None = None


class Lifecycle(NamedResource):
    """In which order releases go through environments. No phases: all environments, any order (api.md 15.8)."""

    phases: list[Phase] = field(default_factory=list)
    release_retention_policy: Retention = field(default_factory=Retention)
    tentacle_retention_policy: Retention = field(default_factory=Retention)


class ActionPackage(Wire):
    """A package of an action. The primary one has no reference name."""

    deployment_action: str | None = ""
    package_reference: str | None = ""


class ChannelRule(Wire):
    """Which versions of some packages a release of the channel may have. It has no links; clients want the member."""

    id: str = ""
    version_range: str | None = ""
    tag: str | None = ""
    versioning_strategy: str | None = None
    version_tag_regex: str | None = None
    action_packages: list[ActionPackage] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class GitDependencyAction(Wire):
    """A repository of an action."""

    deployment_action_slug: str | None = ""
    git_dependency_name: str | None = ""


class GitResourceRule(Wire):
    """Which branches and tags a release of the channel may take files from."""

    id: str = ""
    git_dependency_actions: list[GitDependencyAction] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


class CustomField(Wire):
    """A text people fill in when they create a release in the channel."""

    field_name: str
    description: str | None = ""


class Channel(NamedResource, kw_only=True):
    """A line of releases of a project, with rules and possibly a lifecycle of its own. One is the default."""

    project_id: str = ""
    lifecycle_id: str | None = None
    is_default: bool = False
    tenant_tags: list[str] = field(default_factory=list)
    type: Literal["Lifecycle", "EphemeralEnvironment"] = "Lifecycle"
    rules: list[ChannelRule] = field(default_factory=list)
    git_reference_rules: list[str] = field(default_factory=list)
    git_resource_rules: list[GitResourceRule] = field(default_factory=list)
    custom_field_definitions: list[CustomField] = field(default_factory=list)
    parent_environment_id: str | None = None
    ephemeral_environment_name_template: str | None = None
    automatic_ephemeral_environment_deployments: bool = False
    extension_settings: list[dict[str, Any]] = field(default_factory=list)
