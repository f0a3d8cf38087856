"""The saved views of dashboards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.audit import service as audit
from gurita.catalog import single
from gurita.catalog.stale import check_version
from gurita.dashboard.views.records import VIEWS, id_of
from gurita.dashboard.views.resources import DashboardViews
from gurita.dashboard.views.rules import problems
from gurita.kernel.errors import Invalid

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["get_in", "save_in"]


def get_in(tx: Tx, ctx: Context) -> DashboardViews:
    """The viewer's views of the space."""
    return single.get_in(tx, ctx, VIEWS, id_of(ctx.space, ctx.viewer.user_id))


def save_in(tx: Tx, ctx: Context, wanted: DashboardViews) -> DashboardViews:
    """Keeps the viewer's views. Raises Invalid, Conflict if stale."""
    before = get_in(tx, ctx)
    check_version(tx, "saved views of the dashboard", before, wanted)
    if wrong := problems(wanted.views):
        raise Invalid(*wrong)
    who = audit.mention(ctx.viewer.user_id, ctx.viewer.username or ctx.viewer.user_id)
    message = f"Saved views of the dashboard of {who} were changed"
    return single.save_in(tx, ctx, VIEWS, before, wanted, message)
