"""Routes of users: `users/me`, list, get, create, change, delete."""

from __future__ import annotations

from typing import Any

from gurita.access import sessions, users
from gurita.access.identities.showing import shown_in
from gurita.access.resources import User, UserQuery
from gurita.access.seeing import seen
from gurita.access.service import change_user, create_user, delete_user
from gurita.audit.service import mention, record
from gurita.http.api import Call
from gurita.http.envelope import envelope
from gurita.http.links import with_links
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.kernel.errors import Forbidden
from gurita.store.tx import Tx

__all__ = ["system"]

system = Routes("system")


def _json(call: Call, user: User) -> bytes:
    own = call.links.system(f"users/{user.id}")
    return with_links(
        write(user),
        {
            "Self": own,
            "Permissions": own + "/permissions{?spaces,includeSystem}",
            "PermissionsConfiguration": own + "/permissions/configuration{?spaces,includeSystem}",
            "Spaces": own + "/spaces",
            "ApiKeys": own + "/apikeys{/id}{?skip,take}",
            "Teams": own + "/teams{?spaces,includeSystem}",
            "RevokeSessions": own + "/revoke-sessions",
        },
    )


@system.get("/users/me", permission=SIGNED_IN, returns=User)
async def get_me(call: Call) -> bytes:
    """Who is asking."""

    def read(tx: Tx) -> User:
        return shown_in(tx, [users.as_user(users.find(tx, call.viewer.user_id), call.viewer.user_id)])[0]

    return _json(call, await call.services.store.read(read))


@system.get("/users", permission="UserView", returns=dict[str, Any])
async def list_users(call: Call, query: UserQuery) -> bytes:
    """Users by name."""
    found, total = await _listed(call, query)
    items = [_json(call, one) for one in found]
    path, template = call.links.system("users"), "{/id}{?skip,take,ids,filter}"
    return envelope("User", items, total, query.paging, path=path, template=template, filters=call.filters())


@system.get("/users/all", permission="UserView", returns=list[User])
async def all_users(call: Call, query: UserQuery) -> bytes:
    """All users, without envelope."""
    found, _ = await _listed(call, query, whole=True)
    return b"[" + b",".join(_json(call, one) for one in found) + b"]"


async def _listed(call: Call, query: UserQuery, *, whole: bool = False) -> tuple[list[User], int]:
    def read(tx: Tx) -> tuple[list[User], int]:
        rows, total = users.list_users(tx, query, whole=whole)
        return shown_in(tx, [users.as_user(row, call.viewer.user_id) for row in rows]), total

    return await call.services.store.read(read)


@system.get("/users/{id}", permission=SIGNED_IN, returns=User)
async def get_user(call: Call, id: str) -> bytes:
    """A user by id or name: oneself, or with UserView anybody."""
    user = users.as_user(await seen(call, id), call.viewer.user_id)
    found = await call.services.store.read(lambda tx: shown_in(tx, [user]))
    return _json(call, found[0])


@system.post("/users", permission="UserEdit", returns=User)
async def post_user(call: Call, body: User) -> bytes:
    """Makes a user."""
    return _json(call, await create_user(call.context, body))


@system.put("/users/{id}", permission=SIGNED_IN, returns=User)
async def put_user(call: Call, id: str, body: User) -> bytes:
    """Changes a user: oneself, or with UserEdit anybody. Nobody disables or renames themselves without UserEdit."""
    row = await seen(call, id, "UserEdit")
    if not call.viewer.may("UserEdit", "") and (not body.is_active or body.username != row["username"]):
        raise Forbidden("UserEdit", space="")
    return _json(call, await change_user(call.context, users.user_id(row["number"]), body))


@system.delete("/users/{id}", permission="UserEdit")
async def remove_user(call: Call, id: str) -> dict[str, Any]:
    """Deletes a user, with all keys and sessions."""
    await delete_user(call.context, id)
    return {}


@system.put("/users/{id}/revoke-sessions", permission=SIGNED_IN)
async def revoke_sessions(call: Call, id: str) -> dict[str, Any]:
    """Ends all sessions and bearer tokens of a user, on every node."""
    row = await seen(call, id, "UserEdit")
    user = users.user_id(row["number"])

    def unit(tx: Tx) -> None:
        sessions.end_all(tx, row["number"])
        record(
            tx,
            call.context,
            "Modified",
            f"All sessions of {mention(user, row['username'])} were ended",
            [user],
        )

    await call.services.store.write(unit)
    return {}
