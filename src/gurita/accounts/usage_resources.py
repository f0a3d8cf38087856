"""Who uses an account, as clients read it."""

from __future__ import annotations

from msgspec import field

from gurita.http.wire import Wire

__all__ = [
    "AccountInProject",
    "AccountInReleases",
    "AccountUsages",
    "LibraryUsage",
    "StepUsage",
    "TargetUsage",
    "Usage",
]


class Usage(Wire):
    """Something else that uses an account."""

    id: str
    name: str = ""


class TargetUsage(Wire):
    """A machine that is signed in to with an account."""

    target_id: str
    target_name: str = ""


class StepUsage(Wire):
    """Steps of a project that use an account."""

    project_id: str
    project_name: str = ""
    project_slug: str = ""
    steps: list[dict[str, str]] = field(default_factory=list)


class AccountInReleases(Wire):
    """Releases of a project that use an account."""

    project_id: str
    project_name: str = ""
    releases: list[dict[str, str]] = field(default_factory=list)


class LibraryUsage(Wire):
    """A library variable set that names an account."""

    library_variable_set_id: str
    library_variable_set_name: str = ""


class AccountInProject(Wire):
    """A project whose variables name an account."""

    project_id: str
    project_name: str = ""
    project_slug: str = ""
    is_currently_being_used_in_project: bool = True
    releases: list[dict[str, str]] = field(default_factory=list)


class AccountUsages(Wire):
    """Who uses an account."""

    targets: list[TargetUsage] = field(default_factory=list)
    deployment_processes: list[StepUsage] = field(default_factory=list)
    library_variable_sets: list[LibraryUsage] = field(default_factory=list)
    project_variable_sets: list[AccountInProject] = field(default_factory=list)
    releases: list[AccountInReleases] = field(default_factory=list)
    runbook_processes: list[StepUsage] = field(default_factory=list)
    runbook_snapshots: list[AccountInReleases] = field(default_factory=list)
    others: list[Usage] = field(default_factory=list)
