"""Projects and their deployment settings (api.md 4)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType, field

from gurita.catalog.resource import Icon, NamedResource, Resource
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Wire

__all__ = [
    "DEFAULT_TEMPLATE",
    "ConnectivityPolicy",
    "DeploymentSettings",
    "DonorPackage",
    "Project",
    "ReleaseCreationStrategy",
    "TemplateParameter",
    "VersioningStrategy",
]

DEFAULT_TEMPLATE = "#{Octopus.Version.LastMajor}.#{Octopus.Version.LastMinor}.#{Octopus.Version.NextPatch}"
"""How a project numbers its releases unless told otherwise; the first one becomes 0.0.1 (runtime-formats.md 1.2)."""

GuidedFailureMode = Literal["EnvironmentDefault", "Off", "On"]
TenantedMode = Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"]


class DonorPackage(Wire):
    """The package whose version a release takes over."""

    deployment_action: str | None = ""
    package_reference: str | None = ""


class VersioningStrategy(Wire):
    """Where the number of the next release comes from: a template, or a package."""

    template: str | None = DEFAULT_TEMPLATE
    donor_package: DonorPackage | None = None
    donor_package_step_id: str | None = None


class ReleaseCreationStrategy(Wire):
    """What creates releases by itself; stored until package triggers exist."""

    channel_id: str | None = None
    release_creation_package: DonorPackage | None = None
    release_creation_package_step_id: str | None = None


class ConnectivityPolicy(Wire):
    """What happens to targets that are down, and to a deployment without any (product.md 3.4.13)."""

    skip_machine_behavior: Literal["None", "SkipUnavailableMachines"] = "None"
    target_roles: list[str] = field(default_factory=list)
    allow_deployments_to_no_targets: bool = False
    exclude_unhealthy_targets: bool = False


class TemplateParameter(Wire):
    """A question a tenant answers, with its control. It has no links; clients of the contract look for the member."""

    id: str = ""
    name: str = ""
    label: str | None = ""
    help_text: str | None = ""
    default_value: str | SensitiveValue | None = None
    display_settings: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


class AutoDeployReleaseOverride(Wire):
    """Which release a target trigger deploys to an environment instead of the current one."""

    environment_id: str
    release_id: str
    tenant_id: str | None = None


class Project(NamedResource, kw_only=True):
    """What is deployed, and by which rules. Process and variables are documents of their own."""

    is_disabled: bool = False
    project_group_id: str = ""
    lifecycle_id: str = ""
    variable_set_id: str = ""
    deployment_process_id: str = ""
    cloned_from_project_id: str | None = None
    included_library_variable_set_ids: list[str] = field(default_factory=list)
    tenanted_deployment_mode: TenantedMode = "Untenanted"
    default_guided_failure_mode: GuidedFailureMode = "EnvironmentDefault"
    default_to_skip_if_already_installed: bool = False
    discrete_channel_release: bool = False
    auto_create_release: bool = False
    force_package_download: bool = False
    allow_ignore_channel_rules: bool = True
    versioning_strategy: VersioningStrategy = field(default_factory=VersioningStrategy)
    release_creation_strategy: ReleaseCreationStrategy = field(default_factory=ReleaseCreationStrategy)
    project_connectivity_policy: ConnectivityPolicy = field(default_factory=ConnectivityPolicy)
    release_notes_template: str | None = None
    deployment_changes_template: str | None = None
    templates: list[TemplateParameter] = field(default_factory=list)
    auto_deploy_release_overrides: list[AutoDeployReleaseOverride] = field(default_factory=list)
    extension_settings: list[dict[str, Any]] = field(default_factory=list)
    project_tags: list[str] = field(default_factory=list)
    icon: Icon | None = None
    is_version_controlled: bool = False
    persistence_settings: dict[str, Any] = field(default_factory=lambda: {"Type": "Database"})
    provisioning_runbook_id: str | None | UnsetType = UNSET
    deprovisioning_runbook_id: str | None | UnsetType = UNSET
    default_power_shell_edition: str | None | UnsetType = UNSET
    combine_health_and_sync_status_in_dashboard_live_status: bool | None | UnsetType = UNSET


class DeploymentSettings(Resource):
    """The part of a project that says how it is deployed: a view of the project's own document."""

    project_id: str = ""
    connectivity_policy: ConnectivityPolicy = field(default_factory=ConnectivityPolicy)
    default_guided_failure_mode: GuidedFailureMode = "EnvironmentDefault"
    default_to_skip_if_already_installed: bool = False
    deployment_changes_template: str | None = None
    force_package_download: bool = False
    release_notes_template: str | None = None
    versioning_strategy: VersioningStrategy = field(default_factory=VersioningStrategy)
