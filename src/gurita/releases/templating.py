"""What a new release would be (`deploymentprocesses/{id}/template`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.feeds import service as feeds
from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid, NotFound
from gurita.kernel.paging import Paging
from gurita.kernel.places import Place
from gurita.projects import service as projects
from gurita.releases.making import channel_in, highest_in, next_number_in
from gurita.releases.records import RELEASES
from gurita.releases.resources import Release, ReleaseTemplate, TemplateGitResource, TemplatePackage
from gurita.releases.rules.packages import Wanted, wanted_packages
from gurita.releases.service import get_in, process_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.projects.resources import DeploymentProcess, Project
    from gurita.store.tx import Tx

__all__ = ["TemplateQuery", "template_in"]


class TemplateQuery(Wire):
    """For which channel a release is to be made, or which release is edited."""

    channel: str = ""
    release_id: str = ""


def template_in(tx: Tx, ctx: Context, links: Links, process_id: str, query: TemplateQuery) -> ReleaseTemplate:
    """The next version, and the packages a version must be chosen for."""
    process = projects.process_in(tx, ctx, process_id)
    project = projects.get_in(tx, ctx.whole, process.project_id)
    ctx.must("ProcessView", Place(project.id, project.project_group_id))
    edited = get_in(tx, ctx, query.release_id) if query.release_id else None
    if edited is not None:
        process = process_in(tx, ctx, edited)
    channel = channel_in(tx, ctx, project, query.channel or (edited.channel_id if edited else ""), "channel")
    last = edited or _last_in(tx, ctx, project.id)
    try:
        following = next_number_in(tx, ctx, project, channel, [])
    except Invalid:
        following = ""
    donor = project.versioning_strategy.donor_package
    named = links.space(f"deploymentprocesses/{process.id}/template")
    return ReleaseTemplate(
        deployment_process_id=process.id,
        last_release_version=highest_in(tx, ctx, RELEASES.c.project_id == project.id),
        next_version_increment=None if donor and donor.deployment_action else following,
        versioning_package_step_name=(donor.deployment_action or None) if donor else None,
        versioning_package_reference_name=(donor.package_reference or "") if donor else None,
        packages=_packages_in(tx, ctx, project, wanted_packages(process, channel.id), last),
        git_resources=_git(process, last),
        links={"Self": named} | ({"LastRelease": links.space(f"releases/{last.id}")} if last else {}),
    )


def _last_in(tx: Tx, ctx: Context, project_id: str) -> Release | None:
    where = [RELEASES.c.project_id == project_id]
    found = RELEASES.open(tx, ctx.space, ctx.viewer).list(Paging(0, 1), where=where).items
    return found[0] if found else None


def _packages_in(
    tx: Tx, ctx: Context, project: Project, packages: list[Wanted], last: Release | None
) -> list[TemplatePackage]:
    names: dict[str, tuple[str, str]] = {}
    for each in packages:
        feed = each.package.feed_id or ""
        if feed not in names:
            names[feed] = _feed_in(tx, ctx, feed)
    return [_package(each, project, names[each.package.feed_id or ""], last) for each in packages]


def _feed_in(tx: Tx, ctx: Context, feed: str) -> tuple[str, str]:
    """Id and name of a feed; no name for one that is known only in a deployment."""
    try:
        found = feeds.feed_in(tx, ctx.space, feed or feeds.BUILT_IN_ID)
    except NotFound:
        return feed, ""
    return found.id, found.name


def _package(
    wanted: Wanted, project: Project, feed: tuple[str, str], last: Release | None
) -> TemplatePackage:
    package = wanted.package
    chosen = last.selected_packages if last else []
    return TemplatePackage(
        step_name=wanted.step.name,
        action_name=wanted.action.name,
        package_id=package.package_id,
        nu_get_package_id=package.package_id,
        package_reference_name=wanted.reference,
        feed_id=feed[0],
        nu_get_feed_id=feed[0],
        feed_name=feed[1],
        nu_get_feed_name=feed[1],
        version_selected_last_release=next((s.version for s in chosen if wanted.is_chosen_by(s)), None),
        fixed_version=wanted.fixed or None,
        is_resolvable=wanted.is_resolvable,
        project_name=project.name,
    )


def _git(process: DeploymentProcess, last: Release | None) -> list[TemplateGitResource]:
    chosen = {
        (one.action_name, one.git_resource_reference_name or ""): one.git_reference_resource
        for one in (last.selected_git_resources if last else ())
    }
    return [
        TemplateGitResource(
            action_name=action.name,
            repository_uri=source.repository_uri,
            default_branch=source.default_branch,
            is_resolvable="#{" not in (source.repository_uri or ""),
            name=source.name,
            file_path_filters=source.file_path_filters,
            git_credential_id=source.git_credential_id,
            git_resource_selected_last_release=chosen.get((action.name, source.name or "")),
        )
        for step in process.steps
        for action in step.actions
        if not action.is_disabled
        for source in action.git_dependencies
    ]
