"""One-time tokens with which a machine registers itself, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
from sqlalchemy import RowMapping, bindparam, delete, insert, select, update

from gurita.access.credentials import REGISTRATION, digest
from gurita.access.errors import InvalidCredentials
from gurita.access.records import registration_token
from gurita.http.context import Context
from gurita.store.tx import Tx

__all__ = ["RegisteredAs", "add_token", "new_token", "redeem", "token_id"]

_ID = re.compile(r"RegistrationTokens-(\d+)")
_insert = insert(registration_token).returning(registration_token.c.number)
_use = (
    update(registration_token)
    .where(registration_token.c.number == bindparam("n"), registration_token.c.used.is_(None))
    .values(used=bindparam("now"))
)
_find = select(registration_token).where(registration_token.c.number == bindparam("n"))
_purge = delete(registration_token).where(registration_token.c.expires < bindparam("now"))


@dataclass(frozen=True, slots=True)
class RegisteredAs:
    """What the token says its machine becomes: target tags and ids of environments."""

    roles: tuple[str, ...]
    environment_ids: tuple[str, ...]


def token_id(number: int) -> str:
    return f"RegistrationTokens-{number}"


def new_token(ctx: Context) -> str:
    """A token to be shown once."""
    return REGISTRATION + ctx.services.random.token(32)


def add_token(tx: Tx, ctx: Context, user: int, token: str, becomes: RegisteredAs, expires: int) -> int:
    """Stores a token's digest for the context's space and returns the row's number."""
    now = ctx.services.milliseconds()
    tx.run(_purge, {"now": now})
    values = {
        "user": user,
        "digest": digest(token),
        "space": ctx.space,
        "roles": msgspec.json.encode(becomes.roles).decode(),
        "environments": msgspec.json.encode(becomes.environment_ids).decode(),
        "created": now,
        "expires": expires,
    }
    number: int = tx.scalar(_insert, values)
    return number


def redeem(tx: Tx, ctx: Context) -> RegisteredAs | None:
    """Inside the unit that adds a machine: uses up the token the viewer came with, and says what the machine becomes.

    None when the viewer came with something else. Raises InvalidCredentials when another machine was quicker.
    """
    match = _ID.fullmatch(ctx.viewer.credential)
    if match is None:
        return None
    number = int(match[1])
    now = ctx.services.milliseconds()
    row: RowMapping | None = tx.one(_find, {"n": number})
    if tx.run(_use, {"n": number, "now": now}).rowcount != 1 or row is None:
        raise InvalidCredentials("This registration token has been used already.")
    if row["space"] != ctx.space or row["expires"] <= now:
        raise InvalidCredentials
    return RegisteredAs(
        tuple(msgspec.json.decode(row["roles"])), tuple(msgspec.json.decode(row["environments"]))
    )
