"""Where projects and deployment processes are stored."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Boolean, Text

from gurita.catalog.visibility import Lying
from gurita.projects.resources import DeploymentProcess, Project
from gurita.projects.rules import is_expression
from gurita.store.documents import DocumentKind, Indexed, Reference

__all__ = ["PROCESSES", "PROJECTS"]


def _of_project(project: Project) -> Iterator[Reference]:
    yield Reference("ProjectGroupId", "ProjectGroups", project.project_group_id)
    yield Reference("LifecycleId", "Lifecycles", project.lifecycle_id)
    for place, id in enumerate(project.included_library_variable_set_ids):
        yield Reference(f"IncludedLibraryVariableSetIds[{place}]", "LibraryVariableSets", id)
    for place, override in enumerate(project.auto_deploy_release_overrides):
        yield Reference(
            f"AutoDeployReleaseOverrides[{place}].EnvironmentId", "Environments", override.environment_id
        )


def _of_process(process: DeploymentProcess) -> Iterator[Reference]:
    yield Reference("ProjectId", "Projects", process.project_id)
    for i, step in enumerate(process.steps):
        for j, action in enumerate(step.actions):
            where = f"Steps[{i}].Actions[{j}]"
            for member, kind, ids in (
                ("Environments", "Environments", action.environments),
                ("ExcludedEnvironments", "Environments", action.excluded_environments),
                ("Channels", "Channels", action.channels),
            ):
                for k, id in enumerate(ids):
                    yield Reference(f"{where}.{member}[{k}]", kind, id)
            for k, package in enumerate(action.packages):
                feed = package.feed_id or ""
                if not is_expression(feed):
                    yield Reference(f"{where}.Packages[{k}].FeedId", "Feeds", feed)


PROJECTS = DocumentKind(
    "Projects",
    Project,
    columns=[
        Indexed("project_group_id", Text, lambda doc: doc.project_group_id),
        Indexed("lifecycle_id", Text, lambda doc: doc.lifecycle_id),
        Indexed("is_disabled", Boolean, lambda doc: doc.is_disabled),
        Indexed("cloned_from", Text, lambda doc: doc.cloned_from_project_id or ""),
    ],
    references=_of_project,
    visible=Lying("ProjectView", project="id", group="project_group_id"),
)

PROCESSES = DocumentKind(
    "deploymentprocess",
    DeploymentProcess,
    label=None,
    columns=[Indexed("project_id", Text, lambda doc: doc.project_id)],
    references=_of_process,
    visible=Lying("ProcessView", project="project_id"),
)
