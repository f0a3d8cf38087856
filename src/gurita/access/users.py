"""Users, inside a unit: finding, listing, making, changing, deleting."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, or_, select, update

from gurita.access.credentials import name_key
from gurita.access.records import api_key, session, user_account
from gurita.access.resources import User, UserQuery
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.store.tx import Tx

__all__ = [
    "CHANGED",
    "GUEST",
    "as_user",
    "change",
    "create",
    "find",
    "is_guest",
    "is_user",
    "list_users",
    "number_of",
    "remove",
    "set_password",
    "user_id",
]

GUEST = "guest"
CHANGED = "access"
"""Notified whenever a user, key or session changed: whoever remembers any of them forgets."""

_ID = re.compile(r"users-(\d{1,18})", re.IGNORECASE)
_RESERVED = {"me", "all", "system", "users-system", GUEST}
_by_number = select(user_account).where(user_account.c.number == bindparam("n"))
_by_name = select(user_account).where(user_account.c.name_key == bindparam("k"))
_insert = insert(user_account).returning(user_account.c.number)


def user_id(number: int) -> str:
    return f"Users-{number}"


def number_of(id: str) -> int | None:
    """The number in a user's id, in any case; None for what is no user's id."""
    match = _ID.fullmatch(id)
    return int(match[1]) if match else None


def is_user(id: str) -> bool:
    """Whether an id is a user's, rather than the server's own or nobody's."""
    return number_of(id) is not None


def is_guest(row: RowMapping) -> bool:
    """Whether a user is the guest, whom anybody may be; not one who was called so before there was any."""
    return bool(row["name_key"] == GUEST and row["password"] is None and not row["is_service"])


def as_user(row: RowMapping, viewer_id: str = "") -> User:
    """The resource of a row; its identities are filled in by `identities.showing`."""
    id = user_id(row["number"])
    return User(
        id=id,
        username=row["username"],
        display_name=row["display_name"],
        email_address=row["email"],
        is_active=row["is_active"],
        is_service=row["is_service"],
        can_password_be_edited=not row["is_service"],
        is_requestor=id == viewer_id,
        identities=[],
        created=iso_of(row["created"]),
        version=row["version"],
    )


def find(tx: Tx, id_or_name: str) -> RowMapping:
    """The row of a user by id or username in any case. Raises NotFound."""
    number = number_of(id_or_name)
    row = tx.one(_by_number, {"n": number}) if number is not None else None
    row = row or tx.one(_by_name, {"k": name_key(id_or_name)})
    if row is None:
        raise NotFound(id_or_name)
    return row


def list_users(tx: Tx, query: UserQuery, *, whole: bool = False) -> tuple[list[RowMapping], int]:
    """Users by name, and how many there are in all."""
    conditions: list[Any] = []
    if query.ids:
        numbers = [number for id in query.ids if (number := number_of(id)) is not None]
        conditions.append(user_account.c.number.in_(numbers))
    if wanted := name_key(query.filter or query.partial_name):
        found = [
            user_account.c.name_key.contains(wanted, autoescape=True),
            func.lower(user_account.c.display_name).contains(wanted, autoescape=True),
            func.lower(user_account.c.email).contains(wanted, autoescape=True),
        ]
        conditions.append(or_(*found))
    if query.name:
        conditions.append(user_account.c.name_key == name_key(query.name))
    total = tx.scalar(select(func.count()).select_from(user_account).where(*conditions))
    rows = select(user_account).where(*conditions).order_by(user_account.c.name_key)
    return list(tx.all(rows if whole else rows.offset(query.skip).limit(query.take))), total


def create(tx: Tx, body: User, password: str | None, now: int, *, reserved: bool = False) -> RowMapping:
    """The row of a new user. `reserved` is for who may have a name that is kept for them. Raises Invalid, Conflict."""
    key = name_key(body.username) if reserved else _checked_name(tx, body.username, 0)
    number = tx.scalar(
        _insert,
        {
            "username": body.username.strip(),
            "name_key": key,
            "display_name": body.display_name.strip() or body.username.strip(),
            "email": body.email_address or "",
            "is_active": body.is_active,
            "is_service": body.is_service,
            "password": password,
            "created": now,
            "version": 1,
        },
    )
    tx.notify(CHANGED)
    row = tx.one(_by_number, {"n": number})
    if row is None:
        raise NotFound(user_id(number))
    return row


def change(tx: Tx, row: RowMapping, body: User, password: str | None) -> RowMapping:
    """The row after it was changed as the body says; disabling ends all sessions. Raises Invalid, Conflict."""
    number: int = row["number"]
    if body.version and body.version != row["version"]:
        raise Conflict(
            f"Version: you changed version {body.version}, but this user is at {row['version']}. Load it again."
        )
    values: dict[str, Any] = {
        "username": body.username.strip(),
        "name_key": _checked_name(tx, body.username, number),
        "display_name": body.display_name.strip() or body.username.strip(),
        "email": body.email_address or "",
        "is_active": body.is_active,
        "version": row["version"] + 1,
    }
    if password is not None:
        values["password"] = password
    tx.run(update(user_account).where(user_account.c.number == number).values(values))
    if password is not None or not body.is_active:
        tx.run(delete(session).where(session.c.user == number))
    tx.notify(CHANGED)
    return find(tx, user_id(number))


def set_password(tx: Tx, row: RowMapping, password: str) -> None:
    """A new password; all sessions end."""
    number: int = row["number"]
    version = user_account.c.version + 1
    tx.run(
        update(user_account).where(user_account.c.number == number).values(password=password, version=version)
    )
    tx.run(delete(session).where(session.c.user == number))
    tx.notify(CHANGED)


def remove(tx: Tx, row: RowMapping) -> None:
    """Deletes a user with all keys and sessions."""
    number: int = row["number"]
    for table in (session, api_key):
        tx.run(delete(table).where(table.c.user == number))
    tx.run(delete(user_account).where(user_account.c.number == number))
    tx.notify(CHANGED)


def _checked_name(tx: Tx, username: str, number: int) -> str:
    key = name_key(username)
    if not key:
        raise Invalid("Username: must not be empty.")
    other = tx.one(_by_name, {"k": key})
    its_own = other is not None and other["number"] == number
    if number_of(key) is not None or (key in _RESERVED and not its_own):
        raise Invalid(f"Username: '{username}' has a meaning of its own. Choose another.")
    if other is not None and other["number"] != number:
        raise Conflict(f"Username: '{other['username']}' exists already. Choose another.")
    return key
