"""`gurita/releases/{id}/variable-changes`: our own, beside the contract's `snapshot-variables`, which takes all."""

from __future__ import annotations

from gurita.catalog.serving import body_of
from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.releases.refreezing import service
from gurita.releases.refreezing.resources import TakeVariableChanges, VariableChanges
from gurita.releases.resources import Release
from gurita.releases.service import releases
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/gurita/releases/{id}/variable-changes", permission="ReleaseView")
async def variable_changes(call: Call, id: str) -> VariableChanges:
    """Every value that is not as the release froze it, as it was and as it is now."""
    return await call.services.store.read(lambda tx: service.changes_in(tx, call.context, id))


@_space.post("/gurita/releases/{id}/variable-changes", permission="ReleaseEdit", status=200, returns=Release)
async def take_variable_changes(call: Call, id: str, body: TakeVariableChanges) -> bytes:
    """Gives the release the chosen values as they are now, for deployments from now on; the others stay as they were."""

    def write(tx: Tx) -> Release:
        found = service.take_in(tx, call.context, id, body)
        return releases.present(tx, call.context, [found])[0]

    return body_of(call, releases, await call.services.store.write(write))


routes = _space.items
