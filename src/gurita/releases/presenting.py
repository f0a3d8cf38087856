"""What of a release is kept elsewhere, and filled in when it is shown. A few statements, however many releases there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from gurita.build_information import service as build_information
from gurita.feeds import service as feeds
from gurita.lifecycles.channels import service as channels
from gurita.packages import service as packages
from gurita.projects import service as projects
from gurita.releases.resources import MissingPackage, Release
from gurita.releases.rules.packages import wanted_packages

if TYPE_CHECKING:
    from gurita.build_information.resources import BuildInformation
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["build_information_in", "missing_in", "note_packages_in", "present_in"]


def present_in(tx: Tx, ctx: Context, docs: list[Release]) -> list[Release]:
    """Releases with the build information of their packages, and the lifecycle they go through now."""
    if not docs:
        return docs
    found = build_information_in(tx, ctx, docs)
    of_channel = channels.lifecycle_ids_in(tx, ctx, {one.channel_id for one in docs})
    of_project = projects.lifecycle_ids_in(tx, ctx, {one.project_id for one in docs})
    return [
        replace(
            one,
            build_information=[msgspec.to_builtins(each) for each in found[one.id]],
            lifecycle_id=of_channel.get(one.channel_id) or of_project.get(one.project_id, ""),
        )
        for one in docs
    ]


def build_information_in(tx: Tx, ctx: Context, releases: list[Release]) -> dict[str, list[BuildInformation]]:
    """What build servers said of the packages of each release, by its id."""
    selected = packages.of_releases_in(tx, ctx.space, [one.id for one in releases])
    pairs = sorted({pair for each in selected.values() for pair in each})
    known = build_information.for_packages_in(tx, ctx.space, pairs) if pairs else {}
    return {one.id: [known[pair] for pair in selected.get(one.id, ()) if pair in known] for one in releases}


def note_packages_in(tx: Tx, ctx: Context, release: Release) -> None:
    """Keeps which package versions the release uses, so that retention leaves them alone."""
    process = projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id)
    used = [
        (wanted.package.package_id, one.version)
        for wanted in wanted_packages(process)
        for one in release.selected_packages
        if wanted.package.package_id and wanted.is_chosen_by(one)
    ]
    packages.note_release_in(tx, ctx.space, release.id, used)


def missing_in(tx: Tx, ctx: Context, release: Release) -> list[MissingPackage]:
    """Versions the release uses that the built-in repository no longer has. Other feeds are not asked."""
    process = projects.process_in(tx, ctx, release.project_deployment_process_snapshot_id)
    built_in = {"", feeds.BUILT_IN_ID, feeds.built_in_in(tx, ctx.space).id}
    return [
        MissingPackage(
            action_name=wanted.action.name,
            package_reference_name=wanted.reference,
            package_id=wanted.package.package_id or "",
            version=one.version,
            feed_id=wanted.package.feed_id or "",
        )
        for wanted in wanted_packages(process, release.channel_id)
        for one in release.selected_packages
        if wanted.is_chosen_by(one)
        and wanted.is_resolvable
        and (wanted.package.feed_id or "") in built_in
        and packages.find_in(tx, ctx.space, wanted.package.package_id or "", one.version) is None
    ]
