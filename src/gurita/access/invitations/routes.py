"""Routes of invitations: `users/invitations` and `users/register`."""

from __future__ import annotations

from starlette.responses import Response

from gurita.access import sessions
from gurita.access.cross_site import check_origin
from gurita.access.entering import Arrival
from gurita.access.invitations.resources import Invitation, Registering
from gurita.access.invitations.service import invite, register
from gurita.access.resources import User
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.permissions import PUBLIC
from gurita.http.routes import Routes
from gurita.http.wire import write

__all__ = ["routes"]

_system = Routes("system")


@_system.post("/users/invitations", permission="UserInvite", replayable=False)
async def post_invitation(call: Call, body: Invitation) -> Invitation:
    """A code with which somebody becomes a user, once, within 48 hours."""
    return await invite(call.context, body)


@_system.post("/users/register", permission=PUBLIC, returns=User, body_limit=64 << 10)
async def post_registration(call: Call, body: Registering) -> Response:
    """Becomes a user with an invitation's code; the session is in the cookies."""
    check_origin(call.request, call.services)
    new, user = await register(call.services, Arrival.of(call.request), body)
    content = with_links(write(user), {"Self": call.links.system(f"users/{user.id}")})
    response = Response(content, 201, media_type="application/json")
    installation = call.services.installation_id
    sessions.add_cookies(response, call.request, new, installation, call.api.prefix or "/")
    return response


routes = _system.items
