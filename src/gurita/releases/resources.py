"""API shapes of releases (api.md 5)."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Raw, UnsetType, field

from gurita.http.wire import Moment, Wire

__all__ = [
    "CreateReleaseV1",
    "CreatedReleaseV1",
    "GitReference",
    "MissingPackage",
    "MissingPackages",
    "PhaseDeployment",
    "PhaseProgression",
    "Release",
    "ReleaseProgression",
    "ReleaseTemplate",
    "SelectedGitResource",
    "SelectedPackage",
    "TemplateGitResource",
    "TemplatePackage",
]


class SelectedPackage(Wire):
    """The version of a package a release uses in an action."""

    action_name: str = ""
    step_name: str | None = None
    package_reference_name: str | None = ""
    version: str = ""


class SelectedGitResource(Wire):
    """The commit of a repository a release uses in an action."""

    action_name: str = ""
    git_reference_resource: dict[str, Any] | None = None
    git_resource_reference_name: str | None = None


class GitReference(Wire):
    """Where a release of a project kept in Git comes from; empty for all others."""

    git_ref: str | None | UnsetType = UNSET
    git_commit: str | None | UnsetType = UNSET
    variables_git_commit: str | None | UnsetType = UNSET


class Release(Wire):
    """A process, variables and package versions, frozen under a version that is unique in the project.

    `number` is that version; the API calls it `Version`. Saves are not counted: who saves last wins. `lifecycle_id` and
    `build_information` are filled in on output, as they are then.
    """

    id: str = ""
    space_id: str = ""
    number: str = field(default="", name="Version")
    project_id: str = ""
    channel_id: str = ""
    lifecycle_id: str = ""
    release_notes: str | None = ""
    ignore_channel_rules: bool = False
    assembled: Moment = ""
    project_deployment_process_snapshot_id: str = ""
    project_variable_set_snapshot_id: str = ""
    library_variable_set_snapshot_ids: list[str] = field(default_factory=list)
    selected_packages: list[SelectedPackage] = field(default_factory=list)
    selected_git_resources: list[SelectedGitResource] = field(default_factory=list)
    build_information: list[dict[str, Any]] = field(default_factory=list)
    version_control_reference: GitReference | None = field(default_factory=GitReference)
    custom_fields: dict[str, str] = field(default_factory=dict)


class CreateReleaseV1(Wire):
    """`POST releases/create/v1`. Everything is a name, a slug or an id, in any case."""

    project_name: str
    package_version: str | None = None
    git_commit: str | None = None
    git_ref: str | None = None
    release_version: str | None = None
    channel_name: str | None = None
    packages: list[str] | None = None
    git_resources: list[str] | None = None
    release_notes: str | None = None
    ignore_if_already_exists: bool | None = False
    ignore_channel_rules: bool | None = False
    package_prerelease: str | None = None
    custom_fields: dict[str, str] | None = None


class CreatedReleaseV1(Wire):
    """The answer of `releases/create/v1`."""

    release_id: str
    release_version: str


class TemplatePackage(Wire):
    """A package a new release needs a version of."""

    step_name: str
    action_name: str
    package_id: str | None = ""
    nu_get_package_id: str | None = field(default="", name="NuGetPackageId")
    package_reference_name: str = ""
    feed_id: str | None = ""
    nu_get_feed_id: str | None = field(default="", name="NuGetFeedId")
    feed_name: str | None = None
    nu_get_feed_name: str | None = field(default=None, name="NuGetFeedName")
    version_selected_last_release: str | None = None
    fixed_version: str | None = None
    is_resolvable: bool = True
    project_name: str | None = None


class TemplateGitResource(Wire):
    """A repository a new release takes a commit of."""

    action_name: str
    repository_uri: str | None = ""
    default_branch: str | None = ""
    is_resolvable: bool = True
    name: str | None = ""
    file_path_filters: list[str] = field(default_factory=list)
    git_credential_id: str | None = None
    git_resource_selected_last_release: dict[str, Any] | None = None


class MissingPackage(Wire):
    """A package version a release selected that the built-in repository does not have any more."""

    action_name: str
    package_reference_name: str
    package_id: str
    version: str
    feed_id: str


class MissingPackages(Wire):
    """`releases/{id}/missingpackages`."""

    packages: list[MissingPackage] = field(default_factory=list)


class ReleaseTemplate(Wire):
    """`deploymentprocesses/{id}/template`: what a new release would be, and what it needs to be told."""

    deployment_process_id: str
    last_release_version: str | None = None
    next_version_increment: str | None = None
    versioning_package_step_name: str | None = None
    versioning_package_reference_name: str | None = None
    packages: list[TemplatePackage] = field(default_factory=list)
    git_resources: list[TemplateGitResource] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class PhaseDeployment(Wire):
    """A deployment of a release and its task, each as the API shows it."""

    task: Raw
    deployment: Raw


class PhaseProgression(Wire):
    """How far a release is in a phase of its lifecycle."""

    id: str
    name: str
    blocked: bool
    progress: str
    deployments: list[PhaseDeployment] = field(default_factory=list)
    automatic_deployment_targets: list[str] = field(default_factory=list)
    optional_deployment_targets: list[str] = field(default_factory=list)
    minimum_environments_before_promotion: int = 0
    is_optional_phase: bool = False
    is_priority_phase: bool = False


class ReleaseProgression(Wire):
    """`releases/{id}/progression`: phases, and the environments the release may go to now."""

    phases: list[PhaseProgression] = field(default_factory=list)
    next_deployments: list[str] = field(default_factory=list)
    next_deployments_minimum_required: int = 0
