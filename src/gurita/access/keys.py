"""API keys, inside a unit. The key itself is in the answer that made it and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import RowMapping, bindparam, delete, insert, select, update

from gurita.access.credentials import digest, hint
from gurita.access.records import api_key, api_key_use
from gurita.access.resources import ApiKey
from gurita.access.users import CHANGED, user_id
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import NotFound
from gurita.store.tx import Tx

__all__ = ["as_key", "create_key", "find_key", "key_id", "keys_of", "note_use", "remove_key"]

_ID = re.compile(r"apikeys-(\d{1,18})", re.IGNORECASE)
_insert = insert(api_key).returning(api_key.c.number)
_insert_use = insert(api_key_use)
_all = select(api_key, api_key_use.c.used).join_from(
    api_key, api_key_use, api_key.c.number == api_key_use.c.key
)
_of_user = _all.where(api_key.c.user == bindparam("u")).order_by(api_key.c.number)
_one = _all.where(api_key.c.user == bindparam("u"), api_key.c.number == bindparam("n"))
_use = update(api_key_use).where(api_key_use.c.key == bindparam("k"))
_delete = delete(api_key).where(api_key.c.number == bindparam("n"))


def key_id(number: int) -> str:
    return f"ApiKeys-{number}"


def as_key(row: RowMapping) -> ApiKey:
    """The resource of a row."""
    expires, used = row["expires"], row["used"]
    return ApiKey(
        id=key_id(row["number"]),
        purpose=row["purpose"],
        user_id=user_id(row["user"]),
        created=iso_of(row["created"]),
        expires=iso_of(expires) if expires else None,
        last_used=iso_of(used) if used else None,
        api_key=SensitiveValue(has_value=True, hint=row["hint"]),
    )


def create_key(tx: Tx, user: int, key: str, purpose: str, expires: int | None, now: int) -> int:
    """Stores a key's digest for a user and returns the row's number."""
    values = {
        "user": user,
        "digest": digest(key),
        "hint": hint(key),
        "purpose": purpose,
        "created": now,
        "expires": expires,
    }
    number: int = tx.scalar(_insert, values)
    tx.run(_insert_use, {"key": number, "used": None})
    return number


def note_use(tx: Tx, number: int, now: int) -> None:
    """Remembers that a key was used."""
    tx.run(_use.values(used=now), {"k": number})


def keys_of(tx: Tx, user: int) -> Sequence[RowMapping]:
    """A user's keys, oldest first."""
    return tx.all(_of_user, {"u": user})


def find_key(tx: Tx, user: int, id: str) -> RowMapping:
    """One key of a user. Raises NotFound."""
    match = _ID.fullmatch(id)
    row = tx.one(_one, {"u": user, "n": int(match[1])}) if match else None
    if row is None:
        raise NotFound(id)
    return row


def remove_key(tx: Tx, row: RowMapping) -> None:
    """Revokes a key, at once on this node and within seconds on all."""
    tx.run(_delete, {"n": row["number"]})
    tx.notify(CHANGED)
