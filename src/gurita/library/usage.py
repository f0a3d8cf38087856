"""Who uses a library variable set: projects that include it, releases it is frozen in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gurita.library.resources import ProjectUsage, ReleaseUsage, Usages
from gurita.store.kinds import KINDS
from gurita.store.references import users_in
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["usages_in"]

MOST_RELEASES = 1000
"""Releases named at most; the newest."""


def usages_in(tx: Tx, ctx: Context, id: str) -> Usages:
    """What uses the set with this id."""
    including = {row["from_id"] for row in users_in(tx, id) if row["from_kind"] == "Projects"}
    frozen = _frozen_in(tx, ctx, id)
    seen = _seen_projects_in(tx, ctx, {*including, *(row["project_id"] for row in frozen)})
    visible = _seen_in(tx, ctx, "Releases", [row["id"] for row in frozen])
    found = Usages(count_of_projects_user_cannot_see=len(including - seen.keys()))
    for project, (name, slug) in sorted(seen.items(), key=lambda item: item[1]):
        shown = [r for r in frozen if r["project_id"] == project and r["id"] in visible]
        if project in including or shown:
            releases = [ReleaseUsage(release_id=r["id"], release_version=r["name"]) for r in shown]
            usage = ProjectUsage(
                project_id=project,
                project_name=name,
                project_slug=slug,
                is_currently_being_used_in_project=project in including,
                releases=releases,
            )
            found.projects.append(usage)
    listed = sum(len(each.releases) for each in found.projects)
    found.count_of_releases_user_cannot_see = len(frozen) - listed
    return found


def _frozen_in(tx: Tx, ctx: Context, id: str) -> list[dict[str, str]]:
    """The releases with a frozen copy of the set: those whose document names one."""
    c = KINDS["Releases"].c
    named = f'"{variables.id_of(id)}-s-'
    query = (
        select(c.id, c.name, c.parent.label("project_id"))
        .where(c.space_id == ctx.space, c.body.contains(named, autoescape=True))
        .order_by(c.number.desc())
        .limit(MOST_RELEASES)
    )
    return [dict(row) for row in tx.all(query)]


def _seen_projects_in(tx: Tx, ctx: Context, ids: set[str]) -> dict[str, tuple[str, str]]:
    c = KINDS["Projects"].c
    seen = _seen_in(tx, ctx, "Projects", ids)
    rows = tx.all(select(c.id, c.name, c.slug).where(c.id.in_(sorted(seen))))
    return {row["id"]: (row["name"], row["slug"]) for row in rows}


def _seen_in(tx: Tx, ctx: Context, kind: str, ids: set[str] | list[str]) -> set[str]:
    """Those of the documents that the viewer sees."""
    known = KINDS[kind]
    query = select(known.c.id).where(known.c.space_id == ctx.space, known.c.id.in_(sorted(ids)))
    limits = known.visible(ctx.viewer, known.c, ctx.space) if known.visible else None
    rows = tx.all(query if limits is None else query.where(limits))
    return {row["id"] for row in rows}
