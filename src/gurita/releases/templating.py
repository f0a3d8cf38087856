"""What a new release would be (`deploymentprocesses/{id}/template`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.http.wire import Wire
from gurita.kernel.errors import Invalid
from gurita.projects import service as projects
from gurita.releases.making import channel_in, highest_in, next_number_in
from gurita.releases.records import RELEASES
from gurita.releases.resources import Release, ReleaseTemplate, TemplatePackage
from gurita.releases.rules.packages import Wanted, wanted_packages
from gurita.releases.service import get_in, process_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["TemplateQuery", "template_in"]


class TemplateQuery(Wire):
    """For which channel a release is to be made, or which release is edited."""

    channel: str = ""
    release_id: str = ""


def template_in(tx: Tx, ctx: Context, process_id: str, query: TemplateQuery) -> ReleaseTemplate:
    """The next version, and the packages a version must be chosen for."""
    process = projects.process_in(tx, ctx, process_id)
    project = projects.get_in(tx, ctx, process.project_id)
    channel = channel_in(tx, ctx, project, query.channel, "channel")
    of_project = RELEASES.c.project_id == project.id
    edited = get_in(tx, ctx, query.release_id) if query.release_id else None
    if edited is not None:
        process = process_in(tx, ctx, edited)
    last = _last_in(tx, ctx, project.id)
    try:
        following: str | None = next_number_in(tx, ctx, project, channel, [])
    except Invalid:
        following = None
    donor = project.versioning_strategy.donor_package
    return ReleaseTemplate(
        deployment_process_id=process.id,
        last_release_version=highest_in(tx, ctx, of_project),
        next_version_increment=following,
        versioning_package_step_name=(donor.deployment_action or None) if donor else None,
        versioning_package_reference_name=(donor.package_reference or None) if donor else None,
        packages=[_package(wanted, last) for wanted in wanted_packages(process)],
    )


def _last_in(tx: Tx, ctx: Context, project_id: str) -> Release | None:
    found = RELEASES.open(tx, ctx.space, ctx.viewer).all(where=[RELEASES.c.project_id == project_id])[:1]
    return found[0] if found else None


def _package(wanted: Wanted, last: Release | None) -> TemplatePackage:
    package = wanted.package
    before = (
        next((s.version for s in last.selected_packages if wanted.is_chosen_by(s)), None) if last else None
    )
    named = [package.package_id or "", package.feed_id or ""]
    return TemplatePackage(
        step_name=wanted.step.name,
        action_name=wanted.action.name,
        package_id=package.package_id,
        nu_get_package_id=package.package_id,
        package_reference_name=wanted.reference,
        feed_id=package.feed_id,
        nu_get_feed_id=package.feed_id,
        version_selected_last_release=before,
        fixed_version=wanted.fixed or None,
        is_resolvable=not any("#{" in text for text in named),
    )
