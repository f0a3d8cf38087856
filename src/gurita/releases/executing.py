"""`releases/create/v1`: the way of build servers, with names instead of ids (api.md 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gurita.catalog.visibility import must_at
from gurita.kernel.errors import Invalid
from gurita.projects import service as projects
from gurita.releases.making import channel_in, next_number_in
from gurita.releases.records import RELEASES
from gurita.releases.resolving import Search, newest
from gurita.releases.resources import CreatedReleaseV1, CreateReleaseV1, Release, SelectedPackage
from gurita.releases.rules.packages import Wanted, chosen, wanted_packages, without
from gurita.releases.service import find_in, releases

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.lifecycles.resources import Channel
    from gurita.projects.resources import DeploymentProcess, Project
    from gurita.store.tx import Tx

__all__ = ["create"]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release that is to be made, as far as the database alone can tell."""

    project: Project
    channel: Channel
    search: Search
    number: str = ""
    selected: list[SelectedPackage] = field(default_factory=list)
    open: list[Wanted] = field(default_factory=list)


async def create(ctx: Context, wanted: CreateReleaseV1) -> CreatedReleaseV1:
    """Creates a release, or names the one that is there if that is to be ignored.

    Packages without a version get the newest their feed has and the channel's rules want. Raises Invalid, Conflict,
    FeedUnavailable.
    """
    store = ctx.services.store
    draft = await store.read(lambda tx: _drafted_in(tx, ctx, wanted))
    if isinstance(draft, CreatedReleaseV1):
        return draft
    selected = [*draft.selected, *(await newest(ctx, draft.open, draft.search) if draft.open else [])]
    return await store.write(lambda tx: _create_in(tx, ctx, wanted, draft, selected))


def _drafted_in(tx: Tx, ctx: Context, wanted: CreateReleaseV1) -> _Draft | CreatedReleaseV1:
    project = projects.find_in(tx, ctx.whole, wanted.project_name)
    if project is None:
        raise Invalid(
            f"ProjectName: there is no project '{wanted.project_name}' in this space. Use name, slug or id."
        )
    must_at(tx, ctx, "ReleaseCreate", RELEASES, Release(project_id=project.id))
    number = (wanted.release_version or "").strip()
    if known := _known_in(tx, ctx, wanted, project, number):
        return known
    channel = channel_in(tx, ctx, project, (wanted.channel_name or "").strip(), "ChannelName")
    process = projects.process_in(tx, ctx, project.deployment_process_id)
    packages = wanted_packages(process, channel.id)
    lines = [line for line in wanted.packages or [] if line]
    default = (wanted.package_version or "").strip() or None
    selected, problems = chosen(packages, lines, default)
    if problems := [*problems, *_git_problems(wanted, project, process)]:
        raise Invalid(*problems)
    search = Search(
        channel,
        projects.rule_packages_in(tx, ctx, process) if channel.rules else [],
        wanted.package_prerelease or "",
        ignore=bool(wanted.ignore_channel_rules) and project.allow_ignore_channel_rules,
    )
    return _Draft(project, channel, search, number, selected, without(packages, selected))


def _known_in(
    tx: Tx, ctx: Context, wanted: CreateReleaseV1, project: Project, number: str
) -> CreatedReleaseV1 | None:
    """The release of that number, if it may be taken for the wanted one."""
    found = find_in(tx, ctx.whole, project.id, number) if number and wanted.ignore_if_already_exists else None
    return CreatedReleaseV1(release_id=found.id, release_version=found.number) if found else None


def _git_problems(wanted: CreateReleaseV1, project: Project, process: DeploymentProcess) -> list[str]:
    """What is asked of Git that this project does not have; blank values ask for nothing."""
    found = [
        f"{member}: '{project.name}' is kept in the database, not in Git. Leave {member} out."
        for member, value in (("GitRef", wanted.git_ref), ("GitCommit", wanted.git_commit))
        if (value or "").strip()
    ]
    sources = [one for step in process.steps for action in step.actions for one in action.git_dependencies]
    if any(wanted.git_resources or []) and not sources:
        found.append(
            f"GitResources: no step of '{project.name}' takes files from a Git repository. Leave it out."
        )
    return found


def _create_in(
    tx: Tx, ctx: Context, wanted: CreateReleaseV1, draft: _Draft, selected: list[SelectedPackage]
) -> CreatedReleaseV1:
    number = draft.number or next_number_in(tx, ctx, draft.project, draft.channel, selected)
    if known := _known_in(tx, ctx, wanted, draft.project, number):
        return known
    made = releases.create_in(
        tx,
        ctx,
        Release(
            number=number,
            project_id=draft.project.id,
            channel_id=draft.channel.id,
            release_notes=wanted.release_notes,
            ignore_channel_rules=bool(wanted.ignore_channel_rules),
            selected_packages=selected,
            custom_fields=wanted.custom_fields or {},
        ),
    )
    return CreatedReleaseV1(release_id=made.id, release_version=made.number)
