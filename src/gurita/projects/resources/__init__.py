"""API shapes of projects and their deployment processes (api.md 4)."""

from __future__ import annotations

from gurita.projects.resources.process import (
    Action,
    ActionContainer,
    DeploymentProcess,
    GitDependency,
    PackageReference,
    Step,
)
from gurita.projects.resources.project import (
    DEFAULT_TEMPLATE,
    ConnectivityPolicy,
    DeploymentSettings,
    DonorPackage,
    Project,
    ReleaseCreationStrategy,
    TemplateParameter,
    VersioningStrategy,
)
from gurita.projects.resources.values import PropertyValue

__all__ = [
    "DEFAULT_TEMPLATE",
    "Action",
    "ActionContainer",
    "ConnectivityPolicy",
    "DeploymentProcess",
    "DeploymentSettings",
    "DonorPackage",
    "GitDependency",
    "PackageReference",
    "Project",
    "PropertyValue",
    "ReleaseCreationStrategy",
    "Step",
    "TemplateParameter",
    "VersioningStrategy",
]
