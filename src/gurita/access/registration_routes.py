"""The route that makes tokens for machines."""

from __future__ import annotations

from gurita.access import users
from gurita.access.registration import RegisteredAs, add_token, becomes_in, find_token, new_token, token_id
from gurita.access.resources import Registration, RegistrationState, RegistrationToken
from gurita.audit.service import mention, record
from gurita.http.api import Call
from gurita.http.routes import Routes
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import Invalid
from gurita.store.tx import Tx

__all__ = ["space"]

space = Routes("space")


@space.post("/gurita/registration-tokens", permission="MachineCreate", replayable=False)
async def post_token(call: Call, body: Registration) -> RegistrationToken:
    """A token with which one machine registers itself in this space, shown once.

    Its environments and pools are checked when it is used.
    """
    ctx, viewer = call.context, call.viewer
    if body.worker_pool_ids:
        ctx.must("WorkerEdit")
        if body.roles or body.environment_ids:
            raise Invalid(
                "WorkerPoolIds: a worker has no target tags and no environments. Leave out Roles and EnvironmentIds, "
                "or WorkerPoolIds."
            )
    token = new_token(ctx)
    expires = call.services.milliseconds() + body.expires_in_minutes * 60_000
    becomes = RegisteredAs(tuple(body.roles), tuple(body.environment_ids), tuple(body.worker_pool_ids))

    def unit(tx: Tx) -> str:
        row = users.find(tx, viewer.user_id)
        id = token_id(add_token(tx, ctx, row["number"], token, becomes, expires))
        message = f"{mention(viewer.user_id, viewer.username)} made a registration token for one machine"
        record(tx, ctx, "Created", message, [id, *body.environment_ids, *body.worker_pool_ids])
        return id

    return RegistrationToken(
        id=await call.services.store.write(unit),
        token=token,
        space_id=call.space,
        roles=body.roles,
        environment_ids=body.environment_ids,
        worker_pool_ids=body.worker_pool_ids,
        expires=iso_of(expires),
    )


@space.get("/gurita/registration-tokens/{id}", permission="MachineCreate")
async def get_token(call: Call, id: str) -> RegistrationState:
    """What became of a registration token: whether a machine came with it, and which. Never the token itself."""
    row = await call.services.store.read(lambda tx: find_token(tx, call.space, id))
    call.context.must("MachineCreate", becomes_in(row))
    used = row["used"]
    return RegistrationState(
        id=id,
        space_id=call.space,
        expires=iso_of(row["expires"]),
        is_expired=row["expires"] <= call.services.milliseconds(),
        used=iso_of(used) if used is not None else None,
        machine_id=row["machine"] or None,
    )
