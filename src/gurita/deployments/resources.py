"""API shapes of deployments (api.md 5)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType, field

from gurita.catalog.form import Form
from gurita.http.wire import Moment, Wire
from gurita.lifecycles.resources import Retention

__all__ = [
    "CreateDeploymentTenantedV1",
    "CreateDeploymentUntenantedV1",
    "CreatedDeployments",
    "Deployment",
    "DeploymentPreview",
    "DeploymentPreviewRequest",
    "DeploymentServerTask",
    "DeploymentTemplate",
    "ExecutionPlanLogContext",
    "PlannedStepLog",
    "PreviewMachine",
    "PreviewSkip",
    "PreviewStep",
    "PreviewsRequest",
    "PromotionTarget",
    "ReleaseChanges",
    "TenantPromotion",
]

Priority = Literal["LifecycleDefault", "On", "Off"]


class ReleaseChanges(Wire):
    """What a release of this deployment brings since the one before."""

    version: str
    release_notes: str | None = ""
    build_information: list[dict[str, Any]] = field(default_factory=list)
    work_items: list[dict[str, Any]] = field(default_factory=list)
    commits: list[dict[str, Any]] = field(default_factory=list)


class PlannedStepLog(Wire):
    """Where a step's log is found in the task's details."""

    step_id: str
    slug: str = ""
    correlation_id: str = ""


class ExecutionPlanLogContext(Wire):
    """Steps of the plan and where their logs are."""

    steps: list[PlannedStepLog] = field(default_factory=list)


class Deployment(Wire):
    """A release on its way to an environment, or there. What a client may write stands first.

    `form_secrets` are the answers nobody may see, as ids of secrets by variable name; only in the stored document.
    """

    id: str = ""
    space_id: str = ""
    release_id: str = ""
    environment_id: str = ""
    tenant_id: str | None = None
    force_package_download: bool = False
    force_package_redeployment: bool = False
    skip_actions: list[str] = field(default_factory=list)
    specific_machine_ids: list[str] = field(default_factory=list)
    excluded_machine_ids: list[str] = field(default_factory=list)
    specific_target_tag_ids: list[str] = field(default_factory=list)
    excluded_target_tag_ids: list[str] = field(default_factory=list)
    use_guided_failure: bool | None = None
    fail_target_discovery: bool = False
    debug_mode: bool = False
    priority: Priority = "LifecycleDefault"
    comments: str | None = ""
    form_values: dict[str, str | None] = field(default_factory=dict)
    queue_time: Moment | None = None
    queue_time_expiry: Moment | None = None
    change_request_settings: dict[str, Any] | None | UnsetType = UNSET
    project_id: str = ""
    channel_id: str = ""
    deployment_process_id: str = ""
    manifest_variable_set_id: str | None = None
    task_id: str = ""
    name: str = ""
    created: Moment = ""
    deployed_by: str = ""
    deployed_by_id: str = ""
    failure_encountered: bool = False
    deployed_to_machine_ids: list[str] = field(default_factory=list)
    tentacle_retention_period: Retention | None = None
    changes: list[ReleaseChanges] = field(default_factory=list)
    changes_markdown: str | None = ""
    execution_plan_log_context: ExecutionPlanLogContext = field(default_factory=ExecutionPlanLogContext)
    form_secrets: dict[str, str] | UnsetType = UNSET


class _CreateDeployment(Wire):
    """What both executions commands have. Everything is a name, a slug or an id, in any case."""

    project_name: str
    release_version: str
    force_package_redeployment: bool | None = False
    force_package_download: bool | None = False
    update_variable_snapshot: bool | None = False
    specific_machine_names: list[str] | None = None
    excluded_machine_names: list[str] | None = None
    specific_target_tag_names: list[str] | None = None
    excluded_target_tag_names: list[str] | None = None
    skip_step_names: list[str] | None = None
    use_guided_failure: bool | None = None
    priority: Priority | None = "LifecycleDefault"
    run_at: Moment | None = None
    no_run_after: Moment | None = None
    variables: dict[str, str | None] | None = None
    deployment_freeze_names: list[str] | None = None
    deployment_freeze_override_reason: str | None = None
    comments: str | None = None


class CreateDeploymentUntenantedV1(_CreateDeployment, kw_only=True):
    """`POST deployments/create/untenanted/v1`: one task an environment."""

    environment_names: list[str]


class CreateDeploymentTenantedV1(_CreateDeployment, kw_only=True):
    """`POST deployments/create/tenanted/v1`: one task a tenant."""

    environment_name: str
    tenants: list[str] | None = None
    tenant_tags: list[str] | None = None


class DeploymentServerTask(Wire):
    """A deployment and the task that carries it out."""

    deployment_id: str
    server_task_id: str


class CreatedDeployments(Wire):
    """The answer of both executions commands."""

    deployment_server_tasks: list[DeploymentServerTask]


class PreviewMachine(Wire):
    """A target in a preview."""

    id: str
    name: str
    has_latest_calamari: bool = True
    links: dict[str, str] = field(default_factory=dict)


class PreviewStep(Wire):
    """An action that would run, and where."""

    action_id: str
    action_name: str
    action_number: str
    roles: list[str]
    machine_names: list[str]
    machines: list[PreviewMachine]
    can_be_skipped: bool
    is_disabled: bool
    has_no_applicable_machines: bool
    unavailable_machines: list[PreviewMachine]
    excluded_machines: list[PreviewMachine]


class PreviewSkip(Wire):
    """An action that would not run, and why. Our own addition to the contract."""

    action_id: str
    action_name: str
    action_number: str
    code: str
    reason: str


class DeploymentPreview(Wire):
    """What a deployment would do. Its members from `steps_to_skip` to `warnings` are our own."""

    steps_to_execute: list[PreviewStep]
    form: Form
    use_guided_failure_mode_by_default: bool = False
    changes: list[ReleaseChanges] = field(default_factory=list)
    changes_markdown: str = ""
    steps_to_skip: list[PreviewSkip] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class DeploymentPreviewRequest(Wire):
    """One place to preview a release for."""

    environment_id: str
    tenant_id: str | None = None


class PreviewsRequest(Wire):
    """`POST releases/{id}/deployments/previews`: several places at once."""

    deployment_previews: list[DeploymentPreviewRequest]
    include_disabled_steps: bool = False
    release_id: str | None = ""


class PromotionTarget(Wire):
    """An environment a release may go to; its `Links.Preview` is added on output."""

    id: str
    name: str
    links: dict[str, str] = field(default_factory=dict)


class TenantPromotion(Wire):
    """A tenant a release may go to, and where."""

    id: str
    name: str
    promote_to: list[PromotionTarget] = field(default_factory=list)


class DeploymentTemplate(Wire):
    """`releases/{id}/deployments/template`: where the release may go, and what changed since it was made."""

    is_deployment_process_modified: bool = False
    is_variable_set_modified: bool = False
    is_library_variable_set_modified: bool = False
    deployment_notes: str | None = None
    promote_to: list[PromotionTarget] = field(default_factory=list)
    tenant_promotions: list[TenantPromotion] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
