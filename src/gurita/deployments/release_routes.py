"""What becomes of a release: how far it is, where it may go, and what a deployment of it would do (api.md 5)."""

from __future__ import annotations

from gurita.deployments import previewing, promoting
from gurita.deployments.differences.routes import routes as difference_routes
from gurita.deployments.resources import DeploymentPreview, DeploymentTemplate, PreviewsRequest
from gurita.deployments.uses.routes import routes as use_routes
from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.kernel.errors import Invalid, NotFound
from gurita.releases import service as releases
from gurita.releases.resources import ReleaseProgression
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/releases/{id}/progression", permission="ReleaseView")
async def progression(call: Call, id: str) -> ReleaseProgression:
    """How far a release is in its lifecycle."""
    return await call.services.store.read(lambda tx: promoting.progression_in(tx, call, id))


@_space.get("/releases/{id}/deployments/template", permission="ReleaseView")
async def deployment_template(call: Call, id: str) -> DeploymentTemplate:
    """Where a release may go."""
    return await call.services.store.read(lambda tx: promoting.template_in(tx, call.context, call.links, id))


@_space.get("/releases/{id}/deployments/preview/{environment}", permission="DeploymentView")
async def deployment_preview(
    call: Call, id: str, environment: str, query: previewing.PreviewQuery
) -> DeploymentPreview:
    """What a deployment of a release to an environment would do."""
    ctx = call.context
    return await call.services.store.read(
        lambda tx: previewing.preview_in(tx, ctx, id, environment, query), long=True
    )


@_space.get("/releases/{id}/deployments/preview/{environment}/{tenant}", permission="DeploymentView")
async def tenant_preview(
    call: Call, id: str, environment: str, tenant: str, query: previewing.PreviewQuery
) -> DeploymentPreview:
    """The same for a tenant, of which there are none yet."""
    await deployment_preview(call, id, environment, query)
    raise NotFound(tenant)


async def _previews(call: Call, id: str, body: PreviewsRequest) -> list[DeploymentPreview]:
    query = previewing.PreviewQuery(include_disabled_steps=body.include_disabled_steps)

    def read(tx: Tx) -> list[DeploymentPreview]:
        if tenants := [one.tenant_id for one in body.deployment_previews if one.tenant_id]:
            raise NotFound(tenants[0])
        releases.get_in(tx, call.context, id)
        places = [one.environment_id for one in body.deployment_previews]
        return [previewing.preview_in(tx, call.context, id, place, query) for place in places]

    return await call.services.store.read(read, long=True)


@_space.post("/releases/{id}/deployments/previews", permission="DeploymentView", status=200)
async def deployment_previews(call: Call, id: str, body: PreviewsRequest) -> list[DeploymentPreview]:
    """What deployments of a release to several environments would do."""
    return await _previews(call, id, body)


@_space.post("/deployments/previews", permission="DeploymentView", status=200)
async def previews(call: Call, body: PreviewsRequest) -> list[DeploymentPreview]:
    """The same, with the release named in the body."""
    if not body.release_id:
        raise Invalid("ReleaseId: must not be empty. Name the release that would be deployed.")
    return await _previews(call, body.release_id, body)


routes = [*_space.items, *difference_routes, *use_routes]
