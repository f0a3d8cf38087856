"""The system variables that stay the same during a deployment (runtime formats 1.2), and those of a place without one.

Dates are written as the API writes them. Collections are JSON, which the variable language reads: `#{Octopus.Deployment.Changes[0].Version}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from gurita.deployments.resources import ReleaseChanges

if TYPE_CHECKING:
    from gurita.deployments.resources import Deployment
    from gurita.environments.resources import Environment
    from gurita.lifecycles.resources import Channel
    from gurita.projects.resources import Project
    from gurita.releases.resources import Release

__all__ = [
    "History",
    "Person",
    "Surrounding",
    "change_values",
    "deployment_values",
    "place_values",
    "release_values",
]


@dataclass(frozen=True, slots=True)
class Person:
    """Who deploys, as they are now."""

    id: str
    username: str
    display_name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What came before: ids and version numbers of releases, ids of deployments; empty where there is none."""

    previous: tuple[str, str] = ("", "")
    previous_here: tuple[str, str] = ("", "")
    current_here: tuple[str, str] = ("", "")
    successful_deployment: str = ""


@dataclass(frozen=True, slots=True)
class Surrounding:
    """Where a deployment happens. `web` is the server's address, `prefix` the path it runs under."""

    space: str
    space_name: str
    project: Project
    group_name: str = ""
    environment: Environment | None = None
    channel: Channel | None = None
    web: str = ""
    prefix: str = ""

    def link(self, path: str) -> str:
        """The path of a page of the portal, from the server's address on."""
        return f"{self.prefix}/app#/{self.space}/{path}"


def place_values(at: Surrounding) -> dict[str, str]:
    """What is known of a place, whatever is deployed there."""
    project = at.project
    found = {
        "Octopus.Space.Id": at.space,
        "Octopus.Space.Name": at.space_name,
        "Octopus.Project.Id": project.id,
        "Octopus.Project.Name": project.name,
        "Octopus.Project.Slug": project.slug,
        "Octopus.ProjectGroup.Id": project.project_group_id,
        "Octopus.ProjectGroup.Name": at.group_name,
        "Octopus.Web.ServerUri": at.web,
        "Octopus.Web.BaseUrl": at.web.removesuffix(
            at.prefix
        ),  # what links are put behind, which begin with the prefix
        "Octopus.Web.ProjectLink": at.link(f"projects/{project.slug or project.id}"),
    }
    if at.environment is not None:
        found |= {
            "Octopus.Environment.Id": at.environment.id,
            "Octopus.Environment.Name": at.environment.name,
            "Octopus.Environment.SortOrder": str(at.environment.sort_order),
        }
    if at.channel is not None:
        found |= {
            "Octopus.Release.Channel.Id": at.channel.id,
            "Octopus.Release.Channel.Name": at.channel.name,
        }
    return found


def release_values(release: Release, at: Surrounding, history: History = History()) -> dict[str, str]:
    """What is known of a release. Those before it are in `history`, as they were for its deployment."""
    found = {
        "Octopus.Release.Id": release.id,
        "Octopus.Release.Number": release.number,
        "Octopus.Release.Notes": release.release_notes or "",
        "Octopus.Release.Created": str(release.assembled or ""),
        "Octopus.Web.ReleaseLink": at.link(f"releases/{release.id}"),
    }
    for name, (id, number) in (
        ("Previous", history.previous),
        ("PreviousForEnvironment", history.previous_here),
        ("CurrentForEnvironment", history.current_here),
    ):
        found |= {f"Octopus.Release.{name}.Id": id, f"Octopus.Release.{name}.Number": number}
    for name, value in release.custom_fields.items():
        found[f"Octopus.Release.CustomFields[{name}]"] = value
    git = release.version_control_reference
    if git is None:
        return found
    if isinstance(git.git_ref, str) and git.git_ref:
        found["Octopus.Release.Git.Ref"] = git.git_ref
        found["Octopus.Release.Git.BranchName"] = git.git_ref.removeprefix("refs/heads/")
    if isinstance(git.git_commit, str) and git.git_commit:
        found["Octopus.Release.Git.CommitHash"] = git.git_commit
    return found


def deployment_values(
    deployment: Deployment, at: Surrounding, by: Person, history: History, *, description: str, tag: str
) -> dict[str, str]:
    """What is known of a deployment and its task. `description` is the task's, `tag` what only one task at a time has."""
    return {
        "Octopus.Deployment.Id": deployment.id,
        "Octopus.Deployment.Name": deployment.name,
        "Octopus.Deployment.Comments": deployment.comments or "",
        "Octopus.Deployment.Created": str(deployment.created),
        "Octopus.Deployment.CreatedBy.Id": by.id,
        "Octopus.Deployment.CreatedBy.Username": by.username,
        "Octopus.Deployment.CreatedBy.DisplayName": by.display_name or by.username,
        "Octopus.Deployment.CreatedBy.EmailAddress": by.email,
        "Octopus.Deployment.ForcePackageDownload": str(deployment.force_package_download),
        "Octopus.Deployment.SpecificMachines": ",".join(deployment.specific_machine_ids),
        "Octopus.Deployment.ExcludedMachines": ",".join(deployment.excluded_machine_ids),
        "Octopus.Deployment.PreviousSuccessful.Id": history.successful_deployment,
        "Octopus.Task.Id": deployment.task_id,
        "Octopus.Task.Name": description,
        "Octopus.Task.Argument[DeploymentId]": deployment.id,
        "Octopus.Task.QueueTime": str(deployment.queue_time or deployment.created),
        "Octopus.Task.QueueTimeExpiry": str(deployment.queue_time_expiry or ""),
        "Octopus.Task.ConcurrencyTag": tag,
        "Octopus.Web.DeploymentLink": at.link(f"deployments/{deployment.id}"),
        **change_values(deployment.changes),
        "Octopus.Deployment.ChangesMarkdown": deployment.changes_markdown or "",
    }


def change_values(changes: list[ReleaseChanges]) -> dict[str, str]:
    """What a deployment brings, as build servers told it; each work item and package once. A package's own work items and
    commits are with it; those of the whole release stand in for what was kept without them."""
    items = {item.get("Id"): item for one in changes for item in one.work_items}
    packages = {
        (info.get("PackageId"), info.get("Version")): {"WorkItems": one.work_items, "Commits": one.commits}
        | info
        for one in changes
        for info in one.build_information
    }
    return {
        "Octopus.Deployment.Changes": _json(_named(msgspec.to_builtins(one)) for one in changes),
        "Octopus.Deployment.WorkItems": _json(items.values()),
        "Octopus.Deployment.PackageBuildInformation": _json(map(_named, packages.values())),
    }


def _named(holder: dict[str, Any]) -> dict[str, Any]:
    """The commits also by the name they have in notes, `CommitId`, here and in what is told of each package."""
    named = dict(holder)
    if "Commits" in holder:
        named["Commits"] = [{"CommitId": each.get("Id"), **each} for each in holder["Commits"]]
    if "BuildInformation" in holder:
        named["BuildInformation"] = [_named(each) for each in holder["BuildInformation"]]
    return named


def _json(items: Iterable[Any]) -> str:
    return msgspec.json.encode(list(items)).decode()
