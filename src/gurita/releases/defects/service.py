"""Defects: reported, resolved, and asked for by whoever lets a release go on."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.kernel.errors import Conflict, Invalid
from gurita.kernel.places import Place
from gurita.releases import service as releases
from gurita.releases.defects.records import DEFECTS
from gurita.releases.defects.resources import Defect
from gurita.store.within import group_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.kernel.paging import Page, Paging
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["list_in", "report_in", "resolve_in", "unresolved_in"]


def list_in(tx: Tx, ctx: Context, release_id: str, paging: Paging) -> Page[Defect]:
    """The defects of a release, the newest first. Raises NotFound."""
    release = releases.get_in(tx, ctx, release_id)
    return DEFECTS.open(tx, ctx.space).list(paging, where=[DEFECTS.c.release_id == release.id])


def unresolved_in(tx: Tx, ctx: Context, release_ids: Collection[str]) -> dict[str, str]:
    """What is wrong with those of the releases that must not go further, by their ids. One statement for all."""
    if not release_ids:
        return {}
    where = [DEFECTS.c.release_id.in_(release_ids), DEFECTS.c.status == "Unresolved"]
    return {one.release_id: one.description for one in DEFECTS.open(tx, ctx.space).all(where=where)}


def report_in(tx: Tx, ctx: Context, release_id: str, body: Defect) -> Defect:
    """Holds a release back. Raises NotFound, Invalid without a description, Conflict if it is held back already."""
    release = releases.get_in(tx, ctx, release_id)
    ctx.must("DefectReport", Place(release.project_id, group_in(tx, release.project_id)))
    description = body.description.strip()
    if not description:
        raise Invalid("Description: must not be empty. Say what is wrong with the release.")
    if known := unresolved_in(tx, ctx, [release.id]):
        raise Conflict(
            f"Release {release.number} has an unresolved defect already: {known[release.id]} "
            "Resolve it before another is reported."
        )
    new = Defect(release_id=release.id, description=description)
    made = DEFECTS.open(tx, ctx.space).insert(new)
    _record(tx, ctx, release, made, "was blocked by the defect", "Created")
    return made


def resolve_in(tx: Tx, ctx: Context, release_id: str) -> Defect:
    """Lets a release go on. Raises NotFound, Conflict if nothing holds it back."""
    release = releases.get_in(tx, ctx, release_id)
    ctx.must("DefectResolve", Place(release.project_id, group_in(tx, release.project_id)))
    repository = DEFECTS.open(tx, ctx.space)
    found = repository.all(where=[DEFECTS.c.release_id == release.id, DEFECTS.c.status == "Unresolved"])
    if not found:
        raise Conflict(f"Release {release.number} has no unresolved defect.")
    before = found[0]
    after = repository.update(replace(before, status="Resolved"), 1)
    _record(tx, ctx, release, after, "goes on after the defect", "Modified", before)
    return after


def _record(
    tx: Tx,
    ctx: Context,
    release: Release,
    defect: Defect,
    verb: str,
    category: str,
    before: Defect | None = None,
) -> None:
    name = audit.mention(release.id, release.number)
    message = f"Release {name} {verb}: {defect.description[:200]}"
    related = [release.id, release.project_id, defect.id]
    audit.record(tx, ctx, category, message, related, before=before, after=defect)


def _leave_release(tx: Tx, ctx: Context, release: Release) -> None:
    repository = DEFECTS.open(tx, ctx.space)
    for defect in repository.all(where=[DEFECTS.c.release_id == release.id]):
        repository.delete(defect.id)


releases.goes_with_releases(_leave_release)
