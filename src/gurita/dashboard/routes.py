"""`dashboard`, `dashboard/dynamic` and the progression of projects (api.md 5, 7)."""

from __future__ import annotations

import asyncio

from gurita.dashboard.board import Board, BoardQuery, Cells, CellsQuery, board_in, cells_in
from gurita.dashboard.configuration.routes import routes as configuration
from gurita.dashboard.progression import Progression, ProgressionQuery, progression_in
from gurita.dashboard.reporting import CountedProject, CountQuery, counted_in
from gurita.dashboard.resources import Dashboard
from gurita.dashboard.service import DashboardQuery, DynamicQuery, dashboard_in, dynamic_in
from gurita.dashboard.views.routes import routes as views
from gurita.http.call import Call
from gurita.http.routes import Routes

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/dashboard", permission="DeploymentView", returns=Dashboard)
async def dashboard(call: Call, query: DashboardQuery) -> bytes:
    """What is where: the last deployment of every project in every environment."""
    found = await call.services.store.read(
        lambda tx: dashboard_in(tx, call.context, call.links, query), long=True
    )
    return await asyncio.to_thread(found.encoded)


@_space.get("/dashboard/dynamic", permission="DeploymentView", returns=Dashboard)
async def dynamic(call: Call, query: DynamicQuery) -> bytes:
    """The same for some projects and environments, with what was there before if wanted."""
    found = await call.services.store.read(
        lambda tx: dynamic_in(tx, call.context, call.links, query), long=True
    )
    return await asyncio.to_thread(found.encoded)


@_space.get("/projects/{id}/progression", permission="ReleaseView")
async def progression(call: Call, id: str, query: ProgressionQuery) -> Progression:
    """The newest releases of a project, where they are and where they may go."""
    return await call.services.store.read(lambda tx: progression_in(tx, call, id, query))


@_space.get("/progression/{project_id}", permission="ReleaseView")
async def progression_of(call: Call, project_id: str, query: ProgressionQuery) -> Progression:
    """The same under its old address."""
    return await call.services.store.read(lambda tx: progression_in(tx, call, project_id, query))


@_space.get("/reporting/deployments-counted-by-week", permission="DeploymentView")
async def counted_by_week(call: Call, query: CountQuery) -> list[CountedProject]:
    """How often projects were deployed in each week of the last half year."""
    return await call.services.store.read(lambda tx: counted_in(tx, call.context, query))


@_space.get("/gurita/dashboard", permission="DeploymentView")
async def board(call: Call, query: BoardQuery) -> Board:
    """Rows and columns of the dashboard, without what is in the cells; also for very many projects."""
    return await call.services.store.read(lambda tx: board_in(tx, call.context, query))


@_space.get("/gurita/dashboard/cells", permission="DeploymentView")
async def cells(call: Call, query: CellsQuery) -> Cells:
    """What is where, for up to 200 projects: the last deployment of each in every environment, or in those named."""
    return await call.services.store.read(lambda tx: cells_in(tx, call.context, query))


routes = [*_space.items, *configuration, *views]
