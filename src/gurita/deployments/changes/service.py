"""What a deployment brings: the releases since the one that is there, with what build servers said of them.

A pre-release stands for itself: several may be deployed side by side, so nothing is summed up over them. A release that is
not higher than the one that is there brings only itself, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from gurita.deployments.facts import change_values
from gurita.deployments.records import DEPLOYMENTS
from gurita.deployments.resources import ReleaseChanges
from gurita.engine.tables import task
from gurita.releases import service as releases
from gurita.releases.rules import filled

if TYPE_CHECKING:
    from gurita.build_information.resources import BuildInformation
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.projects.resources import Project
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["MOST_RELEASES", "changes_in", "changes_markdown"]

MOST_RELEASES = 100
"""Releases one deployment sums up; older ones are left out."""

_MOST_TEXT = 500_000
_MOST_ITEMS = 1000


def changes_in(
    tx: Tx, ctx: Context, release: Release, environment_id: str, tenant_id: str | None = None
) -> list[ReleaseChanges]:
    """The releases a deployment brings, the highest first."""
    there = _there_in(tx, ctx, release, environment_id, tenant_id)
    brought = releases.since_in(tx, ctx, release, there, MOST_RELEASES)
    said = releases.build_information_in(tx, ctx, brought)
    found: list[ReleaseChanges] = []
    left = _MOST_TEXT
    for one in brought:
        left -= len(one.release_notes or "")
        if found and left < 0:
            break
        found.append(_changes(one, said[one.id]))
    return found


def _there_in(tx: Tx, ctx: Context, release: Release, environment: str, tenant: str | None) -> str | None:
    """The release of the last successful deployment of the project there."""
    c = DEPLOYMENTS.c
    last = (
        select(c.release_id)
        .join(task, task.c.number == c.task)
        .where(
            c.space_id == ctx.space,
            c.project_id == release.project_id,
            c.environment_id == environment,
            c.tenant_id == (tenant or ""),
            task.c.state == "Success",
        )
    )
    found = tx.scalar(last.order_by(c.number.desc()).limit(1))
    return None if found is None else str(found)


def _changes(release: Release, said: list[BuildInformation]) -> ReleaseChanges:
    return ReleaseChanges(
        version=release.number,
        release_notes=release.release_notes or "",
        build_information=[
            {
                "PackageId": each.package_id,
                "Version": each.version,
                "BuildNumber": each.build_number,
                "BuildUrl": each.build_url,
                "Branch": each.branch,
                "BuildEnvironment": each.build_environment,
                "VcsType": each.vcs_type,
                "VcsRoot": each.vcs_root,
                "VcsCommitNumber": each.vcs_commit_number,
                "VcsCommitUrl": each.vcs_commit_url,
                "WorkItems": _each_once(each.work_items),
                "Commits": _each_once(each.commits),
            }
            for each in said
        ],
        work_items=_each_once(item for each in said for item in each.work_items),
        commits=_each_once(commit for each in said for commit in each.commits),
    )


def _each_once(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Items of several packages, each id once: packages of one build name the same commits."""
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        if item.id not in found and len(found) < _MOST_ITEMS:
            found[item.id] = msgspec.to_builtins(item)
    return list(found.values())


def changes_markdown(
    project: Project, release: Release, environment: Environment, changes: list[ReleaseChanges]
) -> str:
    """The changes as text: by the project's template with what is known filled in, else a heading and notes each."""
    template = project.deployment_changes_template
    if not (template or "").strip():
        return "\n\n".join(f"# {one.version}\n\n{one.release_notes}".strip() for one in changes)
    known = {
        **change_values(changes),
        "Octopus.Environment.Id": environment.id,
        "Octopus.Environment.Name": environment.name,
        "Octopus.Project.Id": project.id,
        "Octopus.Project.Name": project.name,
        "Octopus.Project.Slug": project.slug,
        "Octopus.Release.Id": release.id,
        "Octopus.Release.Notes": release.release_notes or "",
        "Octopus.Release.Number": release.number,
    }
    return filled(template or "", known)
