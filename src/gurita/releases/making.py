"""How a release comes into being: its number, channel, packages and snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import ColumnElement, func, select

from gurita.catalog.visibility import must_at
from gurita.kernel.clock import iso
from gurita.kernel.errors import Conflict, Invalid
from gurita.kernel.ids import folded
from gurita.kernel.paging import Paging
from gurita.library import service as library
from gurita.lifecycles.channels import service as channels
from gurita.lifecycles.resources import Channel
from gurita.lifecycles.rules import Chosen, channel_rule_problems
from gurita.projects import service as projects
from gurita.projects.resources import DEFAULT_TEMPLATE, DeploymentProcess, Project
from gurita.releases.noting import notes_in, plain_values_in
from gurita.releases.records import RELEASES
from gurita.releases.resources import GitReference, Release, SelectedPackage
from gurita.releases.rules import Numbering, is_pre_release, next_version, sort_key, version_problems
from gurita.releases.rules.packages import missing, resolved, wanted_packages
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["channel_in", "completed_in", "highest_in", "next_number_in", "packages_of_in", "since_in"]


def completed_in(tx: Tx, ctx: Context, wanted: Release) -> Release:
    """A new release with everything filled in and frozen. Raises Invalid, Conflict for a disabled project."""
    project = projects.find_in(tx, ctx.whole, wanted.project_id)
    if project is None:
        raise Invalid(
            f"ProjectId: '{wanted.project_id}' does not exist in this space. Use a project of this space."
        )
    must_at(tx, ctx, "ReleaseCreate", RELEASES, replace(wanted, project_id=project.id))
    ctx = ctx.whole
    if project.is_disabled:
        raise Conflict(f"Project '{project.name}' is disabled. Enable it to create releases.")
    process = projects.process_in(tx, ctx, project.deployment_process_id)
    channel = channel_in(tx, ctx, project, wanted.channel_id)
    selected = packages_of_in(tx, ctx, project, channel, process, wanted)
    number = wanted.number.strip() or next_number_in(tx, ctx, project, channel, selected)
    if problems := version_problems(number):
        raise Invalid(*problems)
    notes = notes_in(
        tx, ctx, project, channel, process, replace(wanted, number=number, selected_packages=selected)
    )
    return replace(
        wanted,
        number=number,
        project_id=project.id,
        channel_id=channel.id,
        release_notes=notes,
        build_information=[],
        lifecycle_id="",
        version_control_reference=GitReference(),
        selected_packages=selected,
        assembled=iso(ctx.services.clock.now()),
        project_deployment_process_snapshot_id=projects.snapshot_process_in(tx, ctx, project.id),
        project_variable_set_snapshot_id=variables.snapshot_in(tx, ctx, project.variable_set_id),
        library_variable_set_snapshot_ids=library.snapshots_in(tx, ctx, project),
    )


def channel_in(tx: Tx, ctx: Context, project: Project, wanted: str, member: str = "ChannelId") -> Channel:
    """A channel of the project by id, slug or name; the default one if none is wanted. Raises Invalid."""
    if not wanted:
        return channels.default_in(tx, ctx.whole, project.id)
    found = channels.channels.open(tx, ctx.whole).find(wanted, project.id)
    if found is None:
        raise Invalid(
            f"{member}: project '{project.name}' has no channel '{wanted}'. Use one of its channels."
        )
    return found


def packages_of_in(
    tx: Tx, ctx: Context, project: Project, channel: Channel, process: DeploymentProcess, release: Release
) -> list[SelectedPackage]:
    """The package versions of a release: one for every package of the process that runs in its channel, and all of them
    as the channel's rules want them. Raises Invalid."""
    packages = wanted_packages(process, channel.id)
    selected = resolved(packages, release.selected_packages)
    if problems := missing(packages, selected):
        raise Invalid(*problems)
    problems = channel_rule_problems(
        channel,
        [Chosen(one.action_name, one.package_reference_name or "", one.version) for one in selected],
        projects.rule_packages_in(tx, ctx, process) if channel.rules else [],
        ignore=release.ignore_channel_rules,
        may_ignore=project.allow_ignore_channel_rules,
    )
    if problems:
        raise Invalid(*problems)
    return selected


def highest_in(tx: Tx, ctx: Context, *where: ColumnElement[bool]) -> str | None:
    """The highest version of the releases that `where` lets through."""
    query = select(RELEASES.c.name).where(RELEASES.c.space_id == ctx.space, *where)
    found = tx.scalar(query.order_by(RELEASES.c.sort_key.desc()).limit(1))
    return None if found is None else str(found)


def since_in(tx: Tx, ctx: Context, release: Release, there: str | None, most: int) -> list[Release]:
    """A release and those of its project between it and the one that is `there`, the highest first; pre-releases do not
    count. One that is no higher, or is a pre-release itself, stands alone."""
    c, key = RELEASES.c, sort_key(release.number)
    before = tx.scalar(select(c.sort_key).where(c.id == there)) if there else None
    if before is None or before >= key or is_pre_release(release.number):
        return [release]
    full = func.substr(c.sort_key, 33, 1) == "f"
    where = [c.project_id == release.project_id, c.sort_key > before, c.sort_key < key, full]
    page = RELEASES.open(tx, ctx.space).list(Paging(0, most - 1), where=where, order=("-sort_key", "-number"))
    return [release, *page.items]


def next_number_in(
    tx: Tx, ctx: Context, project: Project, channel: Channel, selected: list[SelectedPackage]
) -> str:
    """The number of the next release: a donor package's version, or the project's template. Raises Invalid."""
    donor = project.versioning_strategy.donor_package
    if donor is not None and donor.deployment_action:
        for package in selected:
            names = (package.action_name, package.package_reference_name or "")
            if tuple(map(folded, names)) == (
                folded(donor.deployment_action),
                folded(donor.package_reference or ""),
            ):
                return package.version
    of_project = RELEASES.c.project_id == project.id
    by_channel: dict[str, str] = {}
    if "channel[" in (project.versioning_strategy.template or "").lower():
        for one in channels.of_project_in(tx, ctx.whole, project.id):
            if last := highest_in(tx, ctx, of_project, RELEASES.c.channel_id == one.id):
                by_channel[one.name] = last
    plain = {n.casefold(): value for n, value in plain_values_in(tx, ctx, project, channel).items()}
    numbering = Numbering(
        ctx.services.clock.now(),
        highest_in(tx, ctx, of_project),
        by_channel,
        lambda name: plain.get(name.casefold()),
        lambda: tx.run(select(RELEASES.c.name).where(RELEASES.c.space_id == ctx.space, of_project)).scalars(),
    )
    try:
        return next_version(project.versioning_strategy.template or DEFAULT_TEMPLATE, numbering)
    except ValueError as error:
        raise Invalid(
            f"Version: the project's template leads to no version: {error}. Give a version."
        ) from None
