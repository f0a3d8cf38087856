"""The dashboard, in a handful of statements however many projects there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import field
from msgspec.structs import replace

from gurita.dashboard.configuration import service as configuration
from gurita.dashboard.items import Items, items_in
from gurita.dashboard.resources import (
    Dashboard,
    DashboardEnvironment,
    DashboardGroup,
    DashboardProject,
)
from gurita.dashboard.rules import environments_of
from gurita.deployments.overview import service as overview
from gurita.deployments.overview.service import Placed
from gurita.environments import service as environments
from gurita.http.wire import Wire, encode
from gurita.kernel.paging import MOST, Paging
from gurita.lifecycles import service as lifecycles
from gurita.lifecycles.channels import service as channels
from gurita.projects import service as projects
from gurita.projects.groups import service as groups
from gurita.projects.resources import Project

if TYPE_CHECKING:
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["DashboardQuery", "DynamicQuery", "Found", "dashboard_in", "dynamic_in"]


class DashboardQuery(Wire):
    """Which part of the dashboard is wanted. What concerns tenants does not narrow anything yet."""

    project_id: str = ""
    release_id: str = ""
    selected_tenants: list[str] = field(default_factory=list)
    selected_tags: list[str] = field(default_factory=list)
    show_all: bool = False
    highest_latest_version_per_project_and_environment: bool = False


class DynamicQuery(Wire):
    """Which projects and environments are wanted; none named means all."""

    projects: list[str] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)
    include_previous: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A dashboard as it was read. `encoded` is for a thread that may be busy for a while: there may be 50 MB of it."""

    board: Dashboard
    items: Sequence[Items]
    links: Links

    def encoded(self) -> bytes:
        """The JSON of the whole."""
        head, mark, tail = encode(self.board).partition(b'"Items":[')
        pieces = (piece for some in self.items for piece in some.encoded(self.links))
        return b"".join((head, mark, b",".join(pieces), tail))


def dashboard_in(tx: Tx, ctx: Context, links: Links, query: DashboardQuery) -> Found:
    """All projects with what is where, or one of them; of all, what the viewer wants to see of them."""
    columns, rows = environments.all_in(tx, ctx), projects.all_in(tx, ctx)
    shown: list[str] = []
    limit: int | None = None
    filtered = bool(query.project_id or query.release_id)
    if query.project_id:
        rows = [p for p in rows if query.project_id.casefold() in (p.id.casefold(), p.slug)]
    elif not query.show_all and not query.release_id:
        wanted = configuration.get_in(tx, ctx)
        some, limit = configuration.projects_shown(wanted, rows), wanted.project_limit
        shown = configuration.shown_environments(wanted, columns)
        filtered = len(some) < len(rows) or bool(shown)
        rows = some
    own = [p.id for p in rows] if filtered else []
    placed = overview.latest_in(tx, ctx, own, shown, query.release_id) if rows else []
    board = _dashboard(tx, ctx, links, rows, columns, shown, filtered=filtered)
    return Found(replace(board, project_limit=limit), [_items_in(tx, ctx, rows, placed)], links)


def dynamic_in(tx: Tx, ctx: Context, links: Links, query: DynamicQuery) -> Found:
    """The named projects and environments. Unknown ones are simply not there (api.md 15.18)."""
    columns = environments.all_in(tx, ctx)
    rows = [p for p in projects.all_in(tx, ctx) if not query.projects or p.id in query.projects]
    latest = overview.latest_in(tx, ctx, query.projects, query.environments)
    items = [_items_in(tx, ctx, rows, latest)]
    if query.include_previous:
        before = overview.previous_in(tx, ctx, query.projects, query.environments)
        items.append(_items_in(tx, ctx, rows, before, previous=True))
    filtered = bool(query.projects or query.environments)
    board = _dashboard(tx, ctx, links, rows, columns, query.environments, filtered=filtered)
    return Found(board, [some for some in items if some.placed], links)


def _items_in(
    tx: Tx, ctx: Context, rows: Sequence[Project], placed: Sequence[Placed], *, previous: bool = False
) -> Items:
    """Items of the projects that are shown."""
    shown = {p.id for p in rows}
    return items_in(tx, ctx, [one for one in placed if one.project_id in shown], previous=previous)


def _dashboard(
    tx: Tx,
    ctx: Context,
    links: Links,
    rows: Sequence[Project],
    columns: Sequence[Environment],
    only_environments: Sequence[str],
    *,
    filtered: bool,
) -> Dashboard:
    reach = environments_of(
        rows,
        channels.channels.open(tx, ctx).list(Paging(0, MOST)).items,
        {one.id: one for one in lifecycles.lifecycles.open(tx, ctx).list(Paging(0, MOST)).items},
        [e.id for e in columns],
    )
    shown = [e for e in columns if not only_environments or e.id in only_environments]
    if only_environments:
        reach = {project: [e for e in ids if e in only_environments] for project, ids in reach.items()}
    return Dashboard(
        projects=[_project(links, p, reach[p.id]) for p in rows],
        project_groups=_groups(tx, ctx, links, rows, reach, shown),
        environments=[_environment(links, e) for e in shown],
        is_filtered=filtered,
        links={"Self": links.space("dashboard")},
    )


def _groups(
    tx: Tx,
    ctx: Context,
    links: Links,
    rows: Sequence[Project],
    reach: dict[str, list[str]],
    shown: Sequence[Environment],
) -> list[DashboardGroup]:
    of_group: dict[str, set[str]] = {}
    for project in rows:
        of_group.setdefault(project.project_group_id, set()).update(reach[project.id])
    found = groups.groups.open(tx, ctx).list(Paging(0, MOST)).items
    return [
        DashboardGroup(
            id=group.id,
            name=group.name,
            environment_ids=[e.id for e in shown if e.id in of_group[group.id]],
            links={"Self": links.space(f"projectgroups/{group.id}")},
        )
        for group in found
        if group.id in of_group
    ]


def _project(links: Links, project: Project, reach: list[str]) -> DashboardProject:
    return DashboardProject(
        id=project.id,
        name=project.name,
        slug=project.slug,
        project_group_id=project.project_group_id,
        environment_ids=reach,
        tenanted_deployment_mode=project.tenanted_deployment_mode,
        can_perform_untenanted_deployment=project.tenanted_deployment_mode != "Tenanted",
        is_disabled=project.is_disabled,
        links={"Self": links.space(f"projects/{project.id}")},
    )


def _environment(links: Links, environment: Environment) -> DashboardEnvironment:
    found = {"Self": links.space(f"environments/{environment.id}")}
    return DashboardEnvironment(id=environment.id, name=environment.name, links=found)
