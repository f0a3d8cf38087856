"""Deployments over REST."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from gurita.deployments import service
from gurita.deployments.executions import create_untenanted_in
from gurita.deployments.linking import deployment_body
from gurita.deployments.overview import here
from gurita.deployments.records import DEPLOYMENTS
from gurita.deployments.release_routes import routes as release_routes
from gurita.deployments.resources import (
    CreatedDeployments,
    CreateDeploymentTenantedV1,
    CreateDeploymentUntenantedV1,
    Deployment,
)
from gurita.engine.tables import task
from gurita.http.api import Call
from gurita.http.envelope import Listing, envelope
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import Page
from gurita.releases import service as releases
from gurita.store.tx import Tx

__all__ = ["routes"]

space = Routes("space")
_TEMPLATE = "{/id}{?skip,take,ids,projects,environments,tenants,channels,taskState,partialName}"


class DeploymentQuery(ListQuery):
    """What a list of deployments may be filtered by."""

    projects: list[str] = []
    environments: list[str] = []
    tenants: list[str] = []
    channels: list[str] = []
    releases: list[str] = []
    task_state: list[str] = []


@space.get("/deployments", permission="DeploymentView", returns=Listing[Deployment])
async def list_deployments(call: Call, query: DeploymentQuery) -> bytes:
    """The newest first."""
    return _listed(call, await _page(call, query), "deployments", _TEMPLATE)


@space.get("/releases/{id}/deployments", permission="DeploymentView", returns=Listing[Deployment])
async def deployments_of_release(call: Call, id: str, query: DeploymentQuery) -> bytes:
    """The deployments of one release, the newest first."""
    await call.services.store.read(lambda tx: releases.get_in(tx, call.context, id))
    query.releases = [id]
    return _listed(call, await _page(call, query), f"releases/{id}/deployments", "{?skip,take}")


@space.get("/deployments/{id}", permission="DeploymentView", returns=Deployment)
async def get_deployment(call: Call, id: str) -> bytes:
    """One deployment."""
    ctx = call.context
    found = await call.services.store.read(
        lambda tx: service.present_in(tx, ctx, [service.get_in(tx, ctx, id)])[0]
    )
    return deployment_body(call, found)


@space.post("/deployments", permission="DeploymentCreate", returns=Deployment)
async def create_deployment(call: Call, body: Deployment) -> bytes:
    """Queues a deployment of a release to an environment."""
    ctx = call.context

    def write(tx: Tx) -> Deployment:
        return service.present_in(tx, ctx, [service.create_in(tx, ctx, body)])[0]

    made = await call.services.store.write(write)
    return deployment_body(call, made)


@space.delete("/deployments/{id}", permission="DeploymentDelete")
async def delete_deployment(call: Call, id: str) -> dict[str, str]:
    """Removes the record of a deployment that has ended."""
    await call.services.store.write(lambda tx: service.delete_in(tx, call.context, id))
    return {}


@space.post("/deployments/create/untenanted/v1", permission="DeploymentCreate", status=200)
async def create_untenanted(call: Call, body: CreateDeploymentUntenantedV1) -> CreatedDeployments:
    """Queues a release in several environments at once, by names."""
    return await call.services.store.write(lambda tx: create_untenanted_in(tx, call.context, body))


@space.post("/deployments/create/tenanted/v1", permission="DeploymentCreate", status=200)
async def create_tenanted(_call: Call, body: CreateDeploymentTenantedV1) -> CreatedDeployments:
    """Queues a release for several tenants at once, by names. Refused as long as this server has no tenants."""
    raise Invalid(
        f"Tenants: this server has no tenants yet, so '{body.project_name}' cannot be deployed to any. "
        "Use deployments/create/untenanted/v1 with EnvironmentNames."
    )


async def _page(call: Call, query: DeploymentQuery) -> Page[Deployment]:
    ctx = call.context

    def read(tx: Tx) -> Page[Deployment]:
        page = DEPLOYMENTS.open(tx, ctx.space, ctx.viewer).list(
            query.paging, ids=query.ids, where=_where(query)
        )
        return Page(service.present_in(tx, ctx, page.items), page.total, page.paging)

    return await call.services.store.read(read)


def _where(query: DeploymentQuery) -> list[ColumnElement[bool]]:
    c = DEPLOYMENTS.c
    found: list[ColumnElement[bool]] = []
    for column, ids in (
        (c.project_id, query.projects),
        (c.environment_id, query.environments),
        (c.tenant_id, query.tenants),
        (c.channel_id, query.channels),
        (c.release_id, query.releases),
    ):
        if ids:
            found.append(column.in_(ids))
    if query.task_state:
        states = [state.lower() for state in query.task_state]
        found.append(c.task.in_(select(task.c.number).where(func.lower(task.c.state).in_(states))))
    if part := query.partial_name or query.name:
        named = task.c.description.icontains(part, autoescape=True)
        found.append(c.task.in_(select(task.c.number).where(task.c.name == "Deploy", named)))
    return found


def _listed(call: Call, page: Page[Deployment], path: str, template: str) -> bytes:
    return envelope(
        "Deployment",
        [deployment_body(call, each) for each in page.items],
        page.total,
        page.paging,
        path=call.links.space(path),
        template=template,
        filters=call.filters(),
    )


routes = [*release_routes, *space.items, *here.routes]
