"""The configurations of dashboards, and which part of a dashboard they leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.catalog.rules import LONGEST_LIST
from gurita.catalog.stale import check_version
from gurita.dashboard.configuration.records import CONFIGURATIONS, id_of
from gurita.dashboard.configuration.resources import DashboardConfiguration
from gurita.kernel.errors import Invalid, NotFound

if TYPE_CHECKING:
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.projects.resources import Project
    from gurita.store.tx import Tx

__all__ = ["get_in", "projects_shown", "save_in", "shown_environments"]


def get_in(tx: Tx, ctx: Context) -> DashboardConfiguration:
    """What the viewer wants to see in the space; everything, unless they said otherwise."""
    id = id_of(ctx.space, ctx.viewer.user_id)
    try:
        return CONFIGURATIONS.open(tx, ctx.space).get(id)
    except NotFound:
        return DashboardConfiguration(id=id, space_id=ctx.space)


def save_in(tx: Tx, ctx: Context, wanted: DashboardConfiguration) -> DashboardConfiguration:
    """Keeps what the viewer wants to see. Raises Invalid, Conflict if stale."""
    before = get_in(tx, ctx)
    check_version(tx, "dashboard configuration", before, wanted)
    wanted = replace(wanted, id=before.id, space_id=ctx.space, version=before.version)
    for name, value in ((f, getattr(wanted, f)) for f in wanted.__struct_fields__):
        if isinstance(value, list) and len(value) > LONGEST_LIST:
            raise Invalid(f"{name}: has {len(value)} entries. Use at most {LONGEST_LIST}.")
    if wanted == before:
        return before
    repository = CONFIGURATIONS.open(tx, ctx.space)
    after = repository.update(wanted, before.version) if before.version else repository.insert(wanted)
    who = audit.mention(ctx.viewer.user_id, ctx.viewer.username or ctx.viewer.user_id)
    message = f"Dashboard of {who} was configured"
    audit.record(tx, ctx, "Modified", message, [after.id], before=before, after=after)
    return after


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
