"""Whom a viewer may look at, and which spaces somebody reaches."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import RowMapping

from gurita.access import users
from gurita.access.teams.showing import held_in
from gurita.http.api import Call
from gurita.kernel.errors import Forbidden, NotFound
from gurita.kernel.permissions import PERMISSIONS
from gurita.store.tx import Tx

__all__ = ["own_or", "reaches_in", "seen"]


def own_or(call: Call, row: RowMapping, permission: str) -> RowMapping:
    """The row, when it is the viewer's own or the viewer has the permission. Raises Forbidden."""
    if users.user_id(row["number"]) != call.viewer.user_id and not call.viewer.may(permission, ""):
        raise Forbidden(permission, space="")
    return row


async def seen(call: Call, id: str, permission: str = "UserView") -> RowMapping:
    """Somebody the viewer may see; `me` is the viewer. Without the permission every other id is answered alike. Raises NotFound, Forbidden."""
    wanted = call.viewer.user_id if id.lower() == "me" else id
    try:
        row = await call.services.store.read(lambda tx: users.find(tx, wanted))
    except NotFound:
        if not call.viewer.may(permission, ""):
            raise Forbidden(permission, space="") from None
        raise
    return own_or(call, row, permission)


def reaches_in(tx: Tx, row: RowMapping) -> Callable[[str], bool]:
    """Tells of a space's id whether the user of a row may do anything in it."""
    grants = held_in(tx, row)

    def reaches(space: str) -> bool:
        named = (name for grant in grants.given if grant.space == space for name in grant.permissions)
        return (grants.administrator and space not in grants.private) or any(
            PERMISSIONS[name].space for name in named if name in PERMISSIONS
        )

    return reaches
