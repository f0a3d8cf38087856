"""Deployment settings: a view of the project that says how it is deployed."""

from __future__ import annotations

from msgspec.structs import replace

from gurita.projects.resources import DeploymentSettings, Project

__all__ = ["id_of", "project_of", "settings_of", "with_settings"]

_PREFIX = "deploymentsettings-"


def id_of(project_id: str) -> str:
    """The id of a project's deployment settings."""
    return _PREFIX + project_id


def project_of(id: str) -> str:
    """Whose settings an id names: a project's id."""
    return id.removeprefix(_PREFIX)


def settings_of(project: Project) -> DeploymentSettings:
    """The settings of a project. They share its version."""
    return DeploymentSettings(
        id=id_of(project.id),
        space_id=project.space_id,
        version=project.version,
        project_id=project.id,
        connectivity_policy=project.project_connectivity_policy,
        default_guided_failure_mode=project.default_guided_failure_mode,
        default_to_skip_if_already_installed=project.default_to_skip_if_already_installed,
        deployment_changes_template=project.deployment_changes_template,
        force_package_download=project.force_package_download,
        release_notes_template=project.release_notes_template,
        versioning_strategy=project.versioning_strategy,
    )


def with_settings(project: Project, settings: DeploymentSettings) -> Project:
    """The project with other settings, at the version they claim to change."""
    return replace(
        project,
        version=settings.version,
        project_connectivity_policy=settings.connectivity_policy,
        default_guided_failure_mode=settings.default_guided_failure_mode,
        default_to_skip_if_already_installed=settings.default_to_skip_if_already_installed,
        deployment_changes_template=settings.deployment_changes_template,
        force_package_download=settings.force_package_download,
        release_notes_template=settings.release_notes_template,
        versioning_strategy=settings.versioning_strategy,
    )
