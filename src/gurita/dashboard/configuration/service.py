"""The configurations of dashboards, and which part of a dashboard they leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gurita.audit import service as audit
from gurita.catalog import single
from gurita.catalog.rules import LONGEST_LIST
from gurita.catalog.stale import check_version
from gurita.dashboard.configuration.records import CONFIGURATIONS, id_of
from gurita.dashboard.configuration.resources import DashboardConfiguration
from gurita.kernel.errors import Invalid

if TYPE_CHECKING:
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.projects.resources import Project
    from gurita.store.tx import Tx

__all__ = ["get_in", "projects_shown", "save_in", "shown_environments"]


def get_in(tx: Tx, ctx: Context) -> DashboardConfiguration:
    """What the viewer wants to see in the space; everything, unless they said otherwise."""
    return single.get_in(tx, ctx, CONFIGURATIONS, id_of(ctx.space, ctx.viewer.user_id))


def save_in(tx: Tx, ctx: Context, wanted: DashboardConfiguration) -> DashboardConfiguration:
    """Keeps what the viewer wants to see. Raises Invalid, Conflict if stale."""
    before = get_in(tx, ctx)
    check_version(tx, "dashboard configuration", before, wanted)
    for name, value in ((f, getattr(wanted, f)) for f in wanted.__struct_fields__):
        if isinstance(value, list) and len(value) > LONGEST_LIST:
            raise Invalid(f"{name}: has {len(value)} entries. Use at most {LONGEST_LIST}.")
    who = audit.mention(ctx.viewer.user_id, ctx.viewer.username or ctx.viewer.user_id)
    return single.save_in(tx, ctx, CONFIGURATIONS, before, wanted, f"Dashboard of {who} was configured")


def projects_shown(wanted: DashboardConfiguration, rows: Sequence[Project]) -> list[Project]:
    """Those of the projects a configuration lets through."""
    ids, groups = set(wanted.included_project_ids), set(wanted.included_project_group_ids)
    tags = {tag.casefold() for tag in wanted.included_project_tags}
    found = [
        each
        for each in rows
        if not (ids or groups or tags)
        or each.id in ids
        or each.project_group_id in groups
        or tags & {tag.casefold() for tag in each.project_tags}
    ]
    return found[: wanted.project_limit] if wanted.project_limit else found


def shown_environments(wanted: DashboardConfiguration, columns: Sequence[Environment]) -> list[str]:
    """The ids of the environments a configuration lets through; empty if it names none."""
    tags = {tag.casefold() for tag in wanted.included_environment_tags}
    return [
        each.id
        for each in columns
        if each.id in wanted.included_environment_ids
        or tags & {tag.casefold() for tag in each.environment_tags}
    ]
