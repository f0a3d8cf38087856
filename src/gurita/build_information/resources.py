"""Build information as clients push and see it (api.md 6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from gurita.http.query import ListQuery
from gurita.http.wire import Moment, Wire

__all__ = [
    "BuildInformation",
    "BuildInformationBulkQuery",
    "BuildInformationPushQuery",
    "BuildInformationQuery",
    "Commit",
    "CommitDetails",
    "OctopusBuildInformation",
    "PushedBuildInformation",
    "WorkItem",
]

OverwriteMode = Literal["FailIfExists", "OverwriteExisting", "IgnoreIfExists"]


class Commit(Wire):
    """A change that went into a build."""

    id: str
    comment: str | None = None


class CommitDetails(Commit):
    """A change, and where to read it, if its host is known."""

    link_url: str | None = None


class WorkItem(Wire):
    """What a change was made for."""

    id: str
    link_url: str | None = None
    source: str | None = None
    description: str | None = None


class OctopusBuildInformation(Wire):
    """What a build server says of a build."""

    build_environment: str | None = None
    build_number: str | None = None
    build_url: str | None = None
    branch: str | None = None
    vcs_type: str | None = None
    vcs_root: str | None = None
    vcs_commit_number: str | None = None
    commits: list[Commit] = msgspec.field(default_factory=list)
    work_items: list[WorkItem] = msgspec.field(default_factory=list)
    issue_tracker_name: str | None = None


class PushedBuildInformation(Wire):
    """What is pushed. Older clients call the inner part OctopusPackageMetadata."""

    package_id: str
    version: str
    octopus_build_information: OctopusBuildInformation | None = None
    octopus_package_metadata: OctopusBuildInformation | None = None
    overwrite_mode: OverwriteMode | None = None


class BuildInformation(Wire, kw_only=True):
    """Build information of one version, flat. Links to commits are there for hosts that are known."""

    id: str
    package_id: str
    version: str
    build_environment: str | None = None
    build_number: str | None = None
    build_url: str | None = None
    branch: str | None = None
    vcs_type: str | None = None
    vcs_root: str | None = None
    vcs_commit_number: str | None = None
    vcs_commit_url: str | None = None
    issue_tracker_name: str | None = None
    issue_tracker_id: str | None = None
    work_items: list[WorkItem] = msgspec.field(default_factory=list)
    commits: list[CommitDetails] = msgspec.field(default_factory=list)
    incomplete_data_warning: str | None = None
    created: Moment
    links: dict[str, str] = msgspec.field(default_factory=dict)


class BuildInformationQuery(ListQuery):
    """`filter` is part of a package's id; `package_id` all of it; `latest` shows the newest version of each only."""

    filter: str = ""
    package_id: str = ""
    latest: bool = False


class BuildInformationPushQuery(Wire):
    """What happens when there is some already; `replace` is the old way to say OverwriteExisting."""

    overwrite_mode: OverwriteMode | None = None
    replace: bool = False


class BuildInformationBulkQuery(Wire):
    """What to delete."""

    ids: list[str] = msgspec.field(default_factory=list)
