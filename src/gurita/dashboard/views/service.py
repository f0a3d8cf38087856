"""The saved views of dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.catalog.stale import check_version
from gurita.dashboard.views.records import VIEWS, id_of
from gurita.dashboard.views.resources import DashboardViews
from gurita.dashboard.views.rules import problems
from gurita.kernel.errors import Invalid, NotFound

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["get_in", "save_in"]


def get_in(tx: Tx, ctx: Context) -> DashboardViews:
    """The viewer's views of the space."""
    id = id_of(ctx.space, ctx.viewer.user_id)
    try:
        return VIEWS.open(tx, ctx.space).get(id)
    except NotFound:
        return DashboardViews(id=id, space_id=ctx.space)


def save_in(tx: Tx, ctx: Context, wanted: DashboardViews) -> DashboardViews:
    """Keeps the viewer's views. Raises Invalid, Conflict if stale."""
    before = get_in(tx, ctx)
    check_version(tx, "saved views of the dashboard", before, wanted)
    if wrong := problems(wanted.views):
        raise Invalid(*wrong)
    wanted = replace(wanted, id=before.id, space_id=ctx.space, version=before.version)
    if wanted == before:
        return before
    repository = VIEWS.open(tx, ctx.space)
    after = repository.update(wanted, before.version) if before.version else repository.insert(wanted)
    who = audit.mention(ctx.viewer.user_id, ctx.viewer.username or ctx.viewer.user_id)
    audit.record(
        tx,
        ctx,
        "Modified",
        f"Saved views of the dashboard of {who} were changed",
        [after.id],
        before=before,
        after=after,
    )
    return after
