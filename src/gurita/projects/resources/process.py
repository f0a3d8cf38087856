"""A deployment process: ordered steps, each with one or more actions (api.md 4)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType, field

from gurita.catalog.resource import Resource
from gurita.http.wire import Wire
from gurita.projects.resources.values import PropertyValue

__all__ = ["Action", "ActionContainer", "DeploymentProcess", "GitDependency", "PackageReference", "Step"]


class PackageReference(Wire):
    """A package an action uses. The primary one has the empty name."""

    id: str = ""
    name: str | None = ""
    package_id: str | None = ""
    feed_id: str | None = ""
    acquisition_location: str | None = "Server"
    version: str | None = None
    step_package_inputs_reference_id: str | None = None
    properties: dict[str, str | bool | int | None] = field(default_factory=dict)


class GitDependency(Wire):
    """A repository an action takes files from."""

    name: str | None = ""
    repository_uri: str | None = ""
    default_branch: str | None = ""
    file_path_filters: list[str] = field(default_factory=list)
    git_credential_type: str | None = None
    git_credential_id: str | None = None
    git_hub_connection_id: str | None = field(default=None, name="GitHubConnectionId")


class ActionContainer(Wire):
    """The container an action runs in."""

    image: str | None = None
    feed_id: str | None = None
    git_url: str | None = None
    dockerfile: str | None = None


class Action(Wire):
    """One thing to do. `action_type` may be unknown here: it is stored, and refused when it is to run."""

    id: str = ""
    name: str = ""
    slug: str = ""
    action_type: str = ""
    notes: str | None = None
    is_disabled: bool = False
    is_required: bool = False
    can_be_used_for_project_versioning: bool = False
    worker_pool_id: str | None = None
    worker_pool_variable: str | None = None
    container: ActionContainer | None = field(default_factory=ActionContainer)
    environments: list[str] = field(default_factory=list)
    excluded_environments: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    condition: Literal["Success", "Variable"] = "Success"
    properties: dict[str, PropertyValue] = field(default_factory=dict)
    packages: list[PackageReference] = field(default_factory=list)
    git_dependencies: list[GitDependency] = field(default_factory=list)
    step_package_version: str | None = None
    last_saved_step_package_version: str | None = None
    inputs: dict[str, Any] | None | UnsetType = UNSET
    links: dict[str, str] = field(default_factory=dict)


class Step(Wire):
    """Actions that share targets, a window and a run condition. More than one action is a rolling step."""

    id: str = ""
    name: str = ""
    slug: str = ""
    package_requirement: Literal[
        "LetOctopusDecide", "BeforePackageAcquisition", "AfterPackageAcquisition"
    ] = "LetOctopusDecide"
    requires_packages_to_be_acquired: bool = False
    properties: dict[str, PropertyValue] = field(default_factory=dict)
    condition: Literal["Success", "Failure", "Always", "Variable"] = "Success"
    start_trigger: Literal["StartAfterPrevious", "StartWithPrevious"] = "StartAfterPrevious"
    actions: list[Action] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class DeploymentProcess(Resource):
    """The steps of a project. `version` counts saves; a snapshot has an id of its own and never changes."""

    project_id: str = ""
    last_snapshot_id: str | None = None
    steps: list[Step] = field(default_factory=list)
