"""The route that makes tokens for machines."""

from __future__ import annotations

from gurita.access import users
from gurita.access.registration import RegisteredAs, add_token, new_token, token_id
from gurita.access.resources import Registration, RegistrationToken
from gurita.audit.service import mention, record
from gurita.http.api import Call
from gurita.http.routes import Routes
from gurita.store.tx import Tx

__all__ = ["space"]

space = Routes("space")


@space.post("/gurita/registration-tokens", permission="MachineCreate", replayable=False)
async def post_token(call: Call, body: Registration) -> RegistrationToken:
    """A token with which one machine registers itself in this space, shown once.

    Its environments are checked when it is used.
    """
    ctx, viewer = call.context, call.viewer
    token = new_token(ctx)
    expires = call.services.milliseconds() + body.expires_in_minutes * 60_000
    becomes = RegisteredAs(tuple(body.roles), tuple(body.environment_ids))

    def unit(tx: Tx) -> str:
        row = users.find(tx, viewer.user_id)
        id = token_id(add_token(tx, ctx, row["number"], token, becomes, expires))
        message = f"{mention(viewer.user_id, viewer.username)} made a registration token for one machine"
        record(tx, ctx, "Created", message, [id, *body.environment_ids])
        return id

    return RegistrationToken(
        id=await call.services.store.write(unit),
        token=token,
        space_id=call.space,
        roles=body.roles,
        environment_ids=body.environment_ids,
        expires=users.iso_of(expires),
    )
