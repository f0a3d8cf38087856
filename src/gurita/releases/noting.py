"""The notes of a release: as they are given, else the project's template, with variables filled in when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.build_information import service as build_information
from gurita.library import service as library
from gurita.releases.rules import filled
from gurita.releases.rules.packages import wanted_packages
from gurita.variables import service as variables
from gurita.variables.rules import evaluate, here

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.lifecycles.resources import Channel
    from gurita.projects.resources import DeploymentProcess, Project
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["notes_in", "plain_values_in"]


def plain_values_in(tx: Tx, ctx: Context, project: Project, channel: Channel) -> dict[str, str]:
    """The project's variables that hold before a release goes anywhere, without secrets."""
    at = here(channel=channel.id, process=project.id)
    found = evaluate(variables.values_in(tx, ctx, library.sets_of(project)), at)
    return {
        name: each.value
        for name, each in found.items()
        if isinstance(each.value, str) and not each.is_sensitive
    }


def notes_in(
    tx: Tx, ctx: Context, project: Project, channel: Channel, process: DeploymentProcess, release: Release
) -> str:
    """The notes of a new release. What cannot be filled in stays as it is written."""
    text = release.release_notes or project.release_notes_template or ""
    if "#{" not in text:
        return text
    known = plain_values_in(tx, ctx, project, channel) | {
        "Octopus.Project.Id": project.id,
        "Octopus.Project.Name": project.name,
        "Octopus.Project.Slug": project.slug,
        "Octopus.Release.Number": release.number,
        "Octopus.Release.Channel.Id": channel.id,
        "Octopus.Release.Channel.Name": channel.name,
        "Octopus.Space.Id": ctx.space,
    }
    used = [
        (wanted.package.package_id, one.version)
        for wanted in wanted_packages(process, channel.id)
        for one in release.selected_packages
        if wanted.package.package_id and wanted.is_chosen_by(one)
    ]
    said = build_information.for_packages_in(tx, ctx.space, used) if used else {}
    return filled(text, known | build_information.release_facts(used, said))
