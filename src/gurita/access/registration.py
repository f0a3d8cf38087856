"""One-time tokens with which a machine registers itself, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
from sqlalchemy import RowMapping, bindparam, delete, insert, select, update

from gurita.access.credentials import REGISTRATION, digest
from gurita.access.errors import InvalidCredentials
from gurita.access.records import registration_token, registration_use
from gurita.http.context import Context
from gurita.kernel.errors import NotFound
from gurita.kernel.places import Place
from gurita.store.tx import Tx

__all__ = [
    "RegisteredAs",
    "add_token",
    "find_token",
    "gives_pools",
    "new_token",
    "note_registered_in",
    "redeem",
    "token_id",
]

_ID = re.compile(r"RegistrationTokens-(\d+)")
_insert = insert(registration_token).returning(registration_token.c.number)
_use = (
    update(registration_token)
    .where(registration_token.c.number == bindparam("n"), registration_token.c.used.is_(None))
    .values(used=bindparam("now"))
)
_find = (
    select(registration_token, registration_use.c.pools, registration_use.c.machine)
    .join(registration_use, registration_use.c.number == registration_token.c.number, isouter=True)
    .where(registration_token.c.number == bindparam("n"))
)
_note = (
    update(registration_use)
    .where(registration_use.c.number == bindparam("n"))
    .values(machine=bindparam("id"))
)
_purge = delete(registration_token).where(registration_token.c.expires < bindparam("now"))


@dataclass(frozen=True, slots=True)
class RegisteredAs:
    """What the token says its machine becomes: a target with tags and environments, or a worker of pools (ids)."""

    roles: tuple[str, ...]
    environment_ids: tuple[str, ...]
    worker_pool_ids: tuple[str, ...] = ()


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
    pools = msgspec.json.encode(becomes.worker_pool_ids).decode()
    tx.run(insert(registration_use).values(number=number, pools=pools, machine=""))
    return number


def find_token(tx: Tx, space: str, id: str) -> RowMapping:
    """The row of a token of the space, with `pools` and `machine`. Raises NotFound."""
    match = _ID.fullmatch(id)
    row = tx.one(_find, {"n": int(match[1])}) if match else None
    if row is None or row["space"] != space:
        raise NotFound(id[:80])
    return row


def becomes_in(row: RowMapping) -> Place:
    """Where the machine of a token's row lies: in its environments, without a tenant."""
    environments = frozenset(msgspec.json.decode(row["environments"], type=list[str]))
    return Place(environments=environments, tenants=frozenset())


def gives_pools(tx: Tx, number: int) -> bool:
    """Whether a token makes a worker, not a target."""
    found = tx.scalar(select(registration_use.c.pools).where(registration_use.c.number == number))
    return bool(found) and found != "[]"


def note_registered_in(tx: Tx, ctx: Context, machine: str) -> None:
    """Keeps which machine registered with the token the viewer came with."""
    if match := _ID.fullmatch(ctx.viewer.credential):
        tx.run(_note, {"n": int(match[1]), "id": machine})


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
        tuple(msgspec.json.decode(row["roles"])),
        tuple(msgspec.json.decode(row["environments"])),
        tuple(msgspec.json.decode(row["pools"] or "[]")),
    )
