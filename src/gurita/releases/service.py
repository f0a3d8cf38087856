"""Releases: made, found, changed and deleted; what deployments ask of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, select

from gurita.catalog.collection import Collection
from gurita.catalog.rules import text_problems
from gurita.catalog.visibility import must_at
from gurita.http.query import ListQuery
from gurita.kernel.errors import Invalid
from gurita.library import service as library
from gurita.packages import service as packages
from gurita.projects import service as projects
from gurita.projects.resources import DeploymentProcess, Project
from gurita.releases.making import channel_in, completed_in, packages_of_in, since_in
from gurita.releases.presenting import build_information_in, note_packages_in, present_in
from gurita.releases.records import RELEASES
from gurita.releases.resources import Release
from gurita.releases.rules import version_problems
from gurita.variables import service as variables
from gurita.variables.rules import ScopedVariable

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.kernel.paging import Page, Paging
    from gurita.store.tx import Tx

__all__ = [
    "ReleaseQuery",
    "build_information_in",
    "find_in",
    "get_in",
    "goes_with_releases",
    "of_channel",
    "of_project",
    "process_in",
    "releases",
    "since_in",
    "snapshot_variables_in",
    "using_in",
    "values_in",
]

Leave = Callable[["Tx", "Context", Release], None]
_LEAVES: list[Leave] = []
MOST_FIELDS = 10
LONGEST_FIELD = 150


class ReleaseQuery(ListQuery):
    """What releases may be filtered by."""

    search_by_version: str = ""


class Releases(Collection[Release]):
    """The releases of a space, newest first. `where` narrows the list."""

    kind, body, item, query = RELEASES, Release, "Release", ReleaseQuery
    path, permission = "releases", "Release"
    template = "{/id}{?skip,ignoreChannelRules,take,ids}"

    def __init__(self, *where: ColumnElement[bool]) -> None:
        self._where = where

    def problems(self, doc: Release) -> Sequence[str]:
        found = text_problems(doc.release_notes, "ReleaseNotes", 1_000_000)
        if len(doc.custom_fields) > MOST_FIELDS:
            found.append(f"CustomFields: has {len(doc.custom_fields)} entries. Use at most {MOST_FIELDS}.")
        for name, value in doc.custom_fields.items():
            found += text_problems(value, f"CustomFields[{name}]", LONGEST_FIELD)
        return found

    def prepare(self, tx: Tx, ctx: Context, before: Release | None, after: Release) -> Release:
        if before is None:
            return completed_in(tx, ctx, after)
        number = after.number.strip() or before.number
        if problems := version_problems(number):
            raise Invalid(*problems)
        project = projects.get_in(tx, ctx.whole, before.project_id)
        channel = channel_in(tx, ctx, project, after.channel_id or before.channel_id)
        selected = after.selected_packages
        if selected != before.selected_packages or channel.id != before.channel_id:
            selected = packages_of_in(tx, ctx, project, channel, process_in(tx, ctx, before), after)
        return replace(
            before,
            number=number,
            channel_id=channel.id,
            release_notes=after.release_notes,
            ignore_channel_rules=after.ignore_channel_rules,
            selected_packages=selected,
            selected_git_resources=after.selected_git_resources,
            custom_fields=after.custom_fields,
        )

    def get_in(self, tx: Tx, ctx: Context, id: str) -> Release:
        return get_in(tx, ctx, id)

    def created(self, tx: Tx, ctx: Context, doc: Release) -> None:
        note_packages_in(tx, ctx, doc)

    def present(self, tx: Tx, ctx: Context, docs: list[Release]) -> list[Release]:
        return present_in(tx, ctx, docs)

    def save_in(self, tx: Tx, ctx: Context, before: Release, after: Release) -> Release:
        version = tx.scalar(select(RELEASES.c.version).where(RELEASES.c.id == before.id))
        after = self.kind.open(tx, ctx.space).update(after, int(version))
        self._record(tx, ctx, "Modified", after, before=before, after=after)
        if before.selected_packages != after.selected_packages:
            note_packages_in(tx, ctx, after)
        return after

    def deleting(self, tx: Tx, ctx: Context, doc: Release) -> None:
        for leave in _LEAVES:
            leave(tx, ctx.whole, doc)
        packages.forget_release_in(tx, ctx.space, doc.id)

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        part = getattr(query, "search_by_version", "").strip().casefold()
        found = [RELEASES.c.folded.contains(part, autoescape=True)] if part else []
        return [*self._where, *found]

    def links_of(self, links: Links, doc: Release) -> dict[str, str]:
        own = f"releases/{doc.id}"
        return {
            **super().links_of(links, doc),
            "Project": links.space(f"projects/{doc.project_id}"),
            "Channel": links.space(f"channels/{doc.channel_id}"),
            "Progression": links.space(f"{own}/progression"),
            "Deployments": links.space(f"{own}/deployments{{?skip,take}}"),
            "DeploymentTemplate": links.space(f"{own}/deployments/template"),
            "Artifacts": links.space(f"artifacts?regarding={doc.id}"),
            "ProjectVariableSnapshot": links.space(f"variables/{doc.project_variable_set_snapshot_id}"),
            "ProjectDeploymentProcessSnapshot": links.space(
                f"deploymentprocesses/{doc.project_deployment_process_snapshot_id}"
            ),
            "SnapshotVariables": links.space(f"{own}/snapshot-variables"),
            "DeploymentVariables": links.space(f"variables/{doc.project_variable_set_snapshot_id}"),
            "LibraryVariableSetSnapshots": links.space(
                f"projects/{doc.project_id}/releases/{doc.id}/variables"
            ),
            "Defects": links.space(f"{own}/defects"),
            "ReportDefect": links.space(f"{own}/defects"),
            "ResolveDefect": links.space(f"{own}/defects/resolve"),
            "MissingPackages": links.space(f"{own}/missingpackages"),
            "Web": links.web(f"{links.space_id}/releases/{doc.id}"),
        }


releases = Releases()


def of_project(project_id: str) -> Releases:
    """The releases of one project."""
    return Releases(RELEASES.c.project_id == project_id)


def of_channel(channel_id: str) -> Releases:
    """The releases of one channel."""
    return Releases(RELEASES.c.channel_id == channel_id)


def get_in(tx: Tx, ctx: Context, id: str) -> Release:
    """A release by its id. Raises NotFound."""
    return RELEASES.open(tx, ctx.space, ctx.viewer).get(id)


def find_in(tx: Tx, ctx: Context, project_id: str, text: str) -> Release | None:
    """A release of a project by version or id."""
    return RELEASES.open(tx, ctx.space, ctx.viewer).find(text, project_id)


def process_in(tx: Tx, ctx: Context, release: Release) -> DeploymentProcess:
    """The process as it was frozen with a release."""
    return projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id)


def values_in(tx: Tx, ctx: Context, release: Release) -> list[ScopedVariable]:
    """The variables as they were frozen with a release; sensitive ones as `SecretRef`."""
    ids = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    return variables.values_in(tx, ctx, ids)


def snapshot_variables_in(tx: Tx, ctx: Context, id: str) -> Release:
    """Freezes the variables of a release anew; deployments from now on use them, the process stays as it was."""
    before = get_in(tx, ctx, id)
    must_at(tx, ctx, "ReleaseEdit", RELEASES, before)
    project = projects.get_in(tx, ctx.whole, before.project_id)
    after = replace(
        before,
        project_variable_set_snapshot_id=variables.snapshot_in(tx, ctx, project.variable_set_id),
        library_variable_set_snapshot_ids=library.snapshots_in(tx, ctx, project),
    )
    return before if after == before else releases.save_in(tx, ctx, before, after)


def using_in(tx: Tx, ctx: Context, package_id: str, version: str, paging: Paging) -> Page[Release]:
    """The releases the viewer sees that use a version of a package of any feed, newest first."""
    using = packages.releases_using(ctx.space, package_id, version)
    return RELEASES.open(tx, ctx.space, ctx.viewer).list(paging, where=[RELEASES.c.id.in_(using)])


def goes_with_releases(leave: Leave) -> None:
    """Says what goes before a release does, or why it must stay. Called once, at import."""
    _LEAVES.append(leave)


def _leave_project(tx: Tx, ctx: Context, project: Project) -> None:
    """Releases of a project that goes. Nobody is told of each: the project's own event says enough."""
    repository = RELEASES.open(tx, ctx.space)
    for release in repository.all(where=[RELEASES.c.project_id == project.id]):
        releases.deleting(tx, ctx, release)
        repository.delete(release.id)


projects.goes_with_projects(_leave_project)
