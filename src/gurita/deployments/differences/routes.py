"""`gurita/releases/{id}/differences`: our own."""

from __future__ import annotations

from gurita.deployments.differences import service
from gurita.deployments.differences.resources import Differences, DifferencesQuery
from gurita.http.call import Call
from gurita.http.routes import Routes

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/gurita/releases/{id}/differences", permission="DeploymentView")
async def differences(call: Call, id: str, query: DifferencesQuery) -> list[Differences]:
    """What a deployment to each of the environments would change on each target, against what ran there last."""
    ctx = call.context
    return await call.services.store.read(
        lambda tx: service.differences_in(tx, ctx, id, query.environments), long=True
    )


routes = _space.items
