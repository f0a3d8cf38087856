"""Which tasks somebody sees or may do something with: by the project, environment and tenant of a task's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, RowMapping, select

from gurita.audit import service as audit
from gurita.catalog.visibility import Lying
from gurita.engine.tables import artifact, interruption, task
from gurita.kernel.places import Place
from gurita.store.kinds import KINDS
from gurita.store.within import seen, seen_across, spot
from gurita.tasks.rules import number_of

if TYPE_CHECKING:
    from gurita.http.context import Context, Viewer
    from gurita.store.tx import Tx

__all__ = ["across", "asked_for", "must_in", "sees_change_in", "sees_in", "within"]

Row = RowMapping | Mapping[str, Any]

_COLUMNS = {"project": task.c.project, "environment": task.c.environment, "tenant": task.c.tenant}
_DOCUMENTS = {one.kind: name for name, one in audit.SHOWN.items()}
_LIBRARY = ("variableset-LibraryVariableSets-", "LibraryVariableSetView")
"""Variables of the library take a permission more, as reading them does."""
_READING = {"TaskView", "TaskViewLog"}
_OF_TASKS = {"artifact": (artifact, "Artifacts"), "interruption": (interruption, "Interruptions")}


def across(viewer: Viewer, permission: str, spaces: Iterable[str]) -> ColumnElement[bool]:
    """The condition for rows of `task` of several spaces the viewer holds a permission of."""
    scopes = {space: viewer.scopes(permission, space) for space in spaces}
    return seen_across(scopes, task.c.space, **_COLUMNS)


def within(viewer: Viewer, permission: str, space: str) -> ColumnElement[bool] | None:
    """The same for rows of one space; None for all of them."""
    return seen(viewer.scopes(permission, space), **_COLUMNS)


def _place_in(tx: Tx, row: Row) -> Place:
    return spot(tx, row["project"], row["environment"], row["tenant"])


def asked_for(viewer: Viewer, row: Row) -> bool:
    """Whether it was the viewer who asked the server for this: whoever deletes a space follows that when nothing is left of it.

    Tasks of spaces are not meant: who has no permission in a space any more sees nothing of it.
    """
    return bool(viewer.user_id) and not row["space"] and row["origin"] == viewer.user_id


def sees_in(tx: Tx, viewer: Viewer, permission: str, row: Row) -> bool:
    """Whether a permission is held where the task of a row lies, or it is about reading what one asked for oneself."""
    if permission in _READING and asked_for(viewer, row):
        return True
    if any(scope.everything for scope in viewer.scopes(permission, row["space"])):
        return True
    return viewer.may(permission, row["space"]) and viewer.may_at(
        permission, row["space"], _place_in(tx, row)
    )


def must_in(tx: Tx, ctx: Context, permission: str, row: Row) -> None:
    """Raises Forbidden unless a permission is held where the task of a row lies."""
    if not sees_in(tx, ctx.viewer, permission, row):
        raise ctx.viewer.refusal(permission, row["space"], _place_in(tx, row))


def sees_change_in(tx: Tx, viewer: Viewer, permission: str, change: Row) -> bool:
    """Whether a viewer may be told of a change. What is gone meanwhile lies nowhere: only who sees all is told."""
    space = change["space"]
    if change["subject"].startswith(_LIBRARY[0]) and not viewer.scopes(_LIBRARY[1], space):
        return False
    if not _lies(change["kind"]):
        return viewer.may(permission, space)
    scopes = viewer.scopes(permission, space)
    if any(scope.everything for scope in scopes):
        return True
    place = _place_of_change_in(tx, change) if scopes else None
    return place is not None and viewer.may_at(permission, space, place, somewhere=True)


def _lies(kind: str) -> bool:
    """Whether it counts where something of this kind lies. Nothing restricts who sees e.g. a lifecycle."""
    return kind not in _DOCUMENTS or isinstance(KINDS[_DOCUMENTS[kind]].visible, Lying)


def _place_of_change_in(tx: Tx, change: Row) -> Place | None:
    kind, subject = change["kind"], change["subject"]
    if kind in _DOCUMENTS:
        found = KINDS[_DOCUMENTS[kind]]
        body = tx.scalar(
            select(found.c.body).where(found.c.id == subject, found.c.space_id == change["space"])
        )
        lying = found.visible
        if body is None or not isinstance(lying, Lying):
            return None
        return lying.place(tx, found, found.codec.read(body, found.struct))
    number = number_of(subject)
    if kind in _OF_TASKS:
        table, name = _OF_TASKS[kind]
        number = tx.scalar(select(table.c.task).where(table.c.number == number_of(subject, name)))
        if number is None:
            number = number_of(str(msgspec.json.decode(change["detail"]).get("task", "")))
    row = None if number is None else tx.one(select(*_COLUMNS.values()).where(task.c.number == number))
    return None if row is None else _place_in(tx, row)
