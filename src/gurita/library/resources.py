"""API shapes of library variable sets (api.md 4)."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.wire import Wire
from gurita.projects.resources import TemplateParameter

__all__ = ["ContentType", "LibraryVariableSet", "ProjectUsage", "ReleaseUsage", "Usages"]

ContentType = Literal["Variables", "ScriptModule"]


class LibraryVariableSet(NamedResource, kw_only=True):
    """Variables that projects include, or a script module: one variable with its body and one with its language.

    `templates` are questions for tenants; they are kept until there are tenants.
    """

    variable_set_id: str = ""
    content_type: ContentType = "Variables"
    templates: list[TemplateParameter] = field(default_factory=list)


class ReleaseUsage(Wire):
    """A release a set is frozen in."""

    release_id: str
    release_version: str


class ProjectUsage(Wire):
    """A project that includes a set now, or has releases that do."""

    project_id: str
    project_name: str = ""
    project_slug: str = ""
    is_currently_being_used_in_project: bool = False
    releases: list[ReleaseUsage] = field(default_factory=list)
    runbook_snapshots: list[dict[str, str]] = field(default_factory=list)


class Usages(Wire):
    """Who uses a set, as far as the viewer sees it, and how many there are besides."""

    projects: list[ProjectUsage] = field(default_factory=list)
    count_of_projects_user_cannot_see: int = 0
    count_of_releases_user_cannot_see: int = 0
    count_of_runbook_snapshots_user_cannot_see: int = 0
