"""`releases/create/v1`: the way of build servers, with names instead of ids (api.md 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.kernel.errors import Invalid
from gurita.projects import service as projects
from gurita.releases.making import channel_in
from gurita.releases.resources import CreatedReleaseV1, CreateReleaseV1, Release
from gurita.releases.rules.packages import chosen
from gurita.releases.service import find_in, releases

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["create_in"]


def create_in(tx: Tx, ctx: Context, wanted: CreateReleaseV1) -> CreatedReleaseV1:
    """Creates a release, or names the one that is there if that is to be ignored. Raises Invalid, Conflict."""
    project = projects.find_in(tx, ctx, wanted.project_name)
    if project is None:
        raise Invalid(
            f"ProjectName: there is no project '{wanted.project_name}' in this space. Use name, slug or id."
        )
    number = (wanted.release_version or "").strip()
    if wanted.ignore_if_already_exists and number and (known := find_in(tx, ctx, project.id, number)):
        return CreatedReleaseV1(release_id=known.id, release_version=known.number)
    channel = channel_in(tx, ctx, project, (wanted.channel_name or "").strip(), "ChannelName")
    process = projects.process_in(tx, ctx, project.deployment_process_id)
    selected, problems = chosen(process, wanted.packages or [], wanted.package_version)
    if problems:
        raise Invalid(*problems)
    made = releases.create_in(
        tx,
        ctx,
        Release(
            number=number,
            project_id=project.id,
            channel_id=channel.id,
            release_notes=wanted.release_notes,
            ignore_channel_rules=bool(wanted.ignore_channel_rules),
            selected_packages=selected,
            custom_fields=wanted.custom_fields or {},
        ),
    )
    return CreatedReleaseV1(release_id=made.id, release_version=made.number)
