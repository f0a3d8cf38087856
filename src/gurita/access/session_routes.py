"""Routes of signing in and out, bearer tokens, the ways to sign in, and the table of permissions."""

from __future__ import annotations

from sqlalchemy import RowMapping
from starlette.responses import Response

from gurita.access import sessions, users
from gurita.access.cross_site import check_origin
from gurita.access.resources import (
    AccessToken,
    Authentication,
    AuthenticationProvider,
    Login,
    LoginInitiated,
    PasswordChange,
    PermissionDescription,
    User,
    UserAuthentication,
)
from gurita.access.service import change_password, sign_in
from gurita.access.ways import ways_in
from gurita.audit.service import mention, record
from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.kernel.errors import Forbidden
from gurita.kernel.permissions import PERMISSIONS
from gurita.store.tx import Tx

__all__ = ["system"]

system = Routes("system")


def _cookie_path(call: Call) -> str:
    return call.api.prefix or "/"


@system.post("/users/login", permission=PUBLIC, status=200, returns=User, body_limit=64 << 10)
async def login(call: Call, body: Login) -> Response:
    """Signs in with a password; the session is in the cookies."""
    check_origin(call.request, call.services)
    new, user = await sign_in(call.services, call.request, body)
    content = with_links(write(user), {"Self": call.links.system(f"users/{user.id}")})
    response = Response(content, media_type="application/json")
    sessions.add_cookies(response, call.request, new, call.services.installation_id, _cookie_path(call))
    return response


@system.post("/gurita/password", permission=SIGNED_IN, status=200, returns=dict[str, str], replayable=False)
async def password(call: Call, body: PasswordChange) -> Response:
    """Gives oneself a new password. All sessions end; the browser that asked gets a new one."""
    new = await change_password(call.context, call.request, body)
    response = Response(b"{}", media_type="application/json")
    sessions.add_cookies(response, call.request, new, call.services.installation_id, _cookie_path(call))
    return response


@system.post("/users/logout", permission=SIGNED_IN, status=200, returns=dict[str, str])
async def logout(call: Call) -> Response:
    """Ends the session of the cookie."""
    installation = call.services.installation_id
    token = call.request.cookies.get(sessions.identity_cookie(installation), "")
    viewer = call.viewer

    def unit(tx: Tx) -> None:
        sessions.end(tx, token)
        record(
            tx,
            call.context,
            "Logout",
            f"{mention(viewer.user_id, viewer.username)} signed out",
            [viewer.user_id],
        )

    await call.services.store.write(unit)
    response = Response(b"{}", media_type="application/json")
    sessions.drop_cookies(response, installation, _cookie_path(call))
    return response


@system.post("/users/access-token", permission=SIGNED_IN, status=200, replayable=False)
async def access_token(call: Call) -> AccessToken:
    """A bearer token for the viewer, good for an hour. A bearer token cannot prolong itself."""
    viewer = call.viewer
    if viewer.established_with == "Bearer":
        raise Forbidden("a session or an API key", "A bearer token cannot be had with a bearer token.")
    new = sessions.NewSession.bearer(call.services.random)
    now = call.services.milliseconds()

    def unit(tx: Tx) -> None:
        row = users.find(tx, viewer.user_id)
        sessions.begin(tx, row["number"], new, "Bearer", now, viewer.ip, viewer.user_agent)
        message = f"{mention(viewer.user_id, viewer.username)} took an access token"
        record(tx, call.context, "LoginSucceeded", message, [viewer.user_id])

    await call.services.store.write(unit)
    return AccessToken(access_token=new.token)


@system.get("/authentication", permission=PUBLIC)
async def authentication(call: Call) -> Authentication:
    """The ways to sign in."""
    own = {"Self": call.links.system("authentication")}
    found = await call.services.store.read(lambda tx: ways_in(tx, call.links))
    local = any(one.identity_type == "UsernamePassword" for one in found)
    return Authentication(
        authentication_providers=found,
        any_authentication_providers_support_password_management=local,
        links=own,
    )


@system.post("/authentication/checklogininitiated", permission=PUBLIC, status=200)
async def login_initiated(_call: Call) -> LoginInitiated:
    """Whether the address a client arrived at means that signing in has begun elsewhere: that is only in cookies here."""
    return LoginInitiated()


@system.get("/users/authentication", permission=SIGNED_IN)
async def own_authentication(call: Call) -> UserAuthentication:
    """How the viewer may sign in."""
    found = await call.services.store.read(lambda tx: ways_in(tx, call.links))
    return UserAuthentication(
        id=call.viewer.user_id,
        authentication_providers=found,
        can_current_user_edit_identities_for_user=call.viewer.may("UserEdit", ""),
    )


@system.get("/users/authentication/{id}", permission="UserView")
async def user_authentication(call: Call, id: str) -> UserAuthentication:
    """How a user may sign in: with a password, unless it is a service account."""

    def read(tx: Tx) -> tuple[RowMapping, list[AuthenticationProvider]]:
        row = users.find(tx, id)
        return row, [] if row["is_service"] else ways_in(tx, call.links)

    row, found = await call.services.store.read(read)
    return UserAuthentication(
        id=users.user_id(row["number"]),
        authentication_providers=found,
        can_current_user_edit_identities_for_user=call.viewer.may("UserEdit", ""),
    )


@system.get("/permissions/all", permission=SIGNED_IN)
async def permissions(_call: Call) -> dict[str, PermissionDescription]:
    """Every permission: what it allows, and what it may be restricted to."""
    return {
        name: PermissionDescription(
            description=one.description,
            supported_restrictions=list(one.restrictions),
            can_apply_at_system_level=one.system,
            can_apply_at_space_level=one.space,
        )
        for name, one in PERMISSIONS.items()
    }
