"""Why a document cannot go: the names of those that refer to it, as far as the viewer may see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from gurita.kernel.errors import Conflict
from gurita.store.kinds import KINDS, title_of
from gurita.store.references import users_in
from gurita.store.tx import Tx

__all__ = ["refuse"]

_NAMED = 5


def refuse(tx: Tx, what: str, id: str, viewer: Any) -> None:
    """Raises Conflict naming up to five users of a document by kind and name; does nothing if there are none."""
    users = users_in(tx, id)
    if not users:
        return
    named: list[dict[str, str]] = []
    for user in users:
        if len(named) == _NAMED:
            break
        if found := _visible(tx, user["from_kind"], user["from_id"], user["space_id"], viewer):
            named.append(found)
    words = [f"{each['Kind']} '{each['Name']}' ({each['Id']})" for each in named]
    if more := len(users) - len(named):
        words.append(f"{more} more" if named else f"{more} that you may not see")
    listed = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    raise Conflict(f"The {what} is used by {listed}. Change or delete that first.", details={"UsedBy": named})


def _visible(tx: Tx, kind: str, id: str, space: str, viewer: Any) -> dict[str, str] | None:
    known = KINDS.get(kind)
    if known is None:
        return {"Kind": title_of(kind), "Id": id, "Name": id}
    query = select(known.c.name).where(known.c.id == id)
    if viewer is not None and known.visible is not None:
        seen = known.visible(viewer, known.c, space)
        query = query if seen is None else query.where(seen)
    row = tx.one(query)
    return None if row is None else {"Kind": known.title, "Id": id, "Name": row["name"] or id}
