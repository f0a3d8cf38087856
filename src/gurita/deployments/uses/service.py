"""Reads the uses of a package version in a fixed number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.deployments.overview import service as overview
from gurita.deployments.uses.resources import PackageUse, UsedAt
from gurita.environments import service as environments
from gurita.kernel.errors import NotFound
from gurita.kernel.paging import Page
from gurita.packages import service as packages
from gurita.projects import service as projects
from gurita.releases import service as releases
from gurita.tasks.rules.words import moment_of

if TYPE_CHECKING:
    from gurita.deployments.overview.service import Placed
    from gurita.http.context import Context
    from gurita.kernel.paging import Paging
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["uses_in"]


def uses_in(tx: Tx, ctx: Context, package_id: str, version: str, paging: Paging) -> Page[PackageUse]:
    """The releases the viewer sees that use a version of a package of any feed, newest first, and their deployments.

    Raises NotFound for a version that is neither in the repository nor in a release.
    """
    page = releases.using_in(tx, ctx, package_id, version, paging)
    if not page.total and packages.find_in(tx, ctx.space, package_id, version) is None:
        raise NotFound(f"{package_id} {version}")
    placed = overview.of_releases_in(tx, ctx, [one.id for one in page.items])
    names = {one.id: one.name for one in projects.all_in(tx, ctx)} if page.items else {}
    at = _at_in(tx, ctx, placed)
    uses = [_use(one, names, at.get(one.id, [])) for one in page.items]
    return Page(uses, page.total, page.paging)


def _at_in(tx: Tx, ctx: Context, placed: list[Placed]) -> dict[str, list[UsedAt]]:
    """Where releases are, by their ids, in the order of the environments' names."""
    if not placed:
        return {}
    of_projects = {one.project_id for one in placed}
    of_environments = {one.environment_id for one in placed}
    last = {each.deployment_id for each in overview.brief_in(tx, ctx, of_projects, of_environments)}
    names = environments.names_in(tx, ctx, sorted(of_environments))
    found: dict[str, list[UsedAt]] = {}
    for one in sorted(placed, key=lambda one: names.get(one.environment_id, one.environment_id).casefold()):
        found.setdefault(one.release_id, []).append(
            UsedAt(
                environment_id=one.environment_id,
                environment_name=names.get(one.environment_id, one.environment_id),
                deployment_id=one.deployment_id,
                task_id=f"ServerTasks-{one.task}",
                state=one.state,
                has_pending_interruptions=one.interruptions > 0,
                has_warnings_or_errors=one.warnings,
                completed_time=None if one.completed is None else moment_of(one.completed),
                is_last=one.deployment_id in last,
            )
        )
    return found


def _use(release: Release, names: dict[str, str], places: list[UsedAt]) -> PackageUse:
    return PackageUse(
        release_id=release.id,
        release_version=release.number,
        project_id=release.project_id,
        project_name=names.get(release.project_id, release.project_id),
        assembled=release.assembled,
        places=places,
    )
