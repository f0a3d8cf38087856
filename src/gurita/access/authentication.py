"""Who a request comes from: an API key, a bearer token, a registration token, or a session by cookie.

What was found is remembered for `REMEMBERED` seconds at most, and forgotten at once on every node when a user, key or
session changes: a disabled user's keys, sessions and streams are dead within seconds.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from sqlalchemy import RowMapping, bindparam, or_, select
from starlette.requests import HTTPConnection
from starlette.responses import Response

from gurita.access.credentials import REGISTRATION, digest
from gurita.access.cross_site import check_origin, check_token
from gurita.access.errors import InvalidCredentials
from gurita.access.keys import key_id, note_use
from gurita.access.records import (
    api_key,
    api_key_use,
    registration_token,
    session,
    session_token,
    user_account,
)
from gurita.access.registration import gives_pools
from gurita.access.rules.evaluating import Grant, Grants, Holding
from gurita.access.sessions import LIFE, add_cookie, identity_cookie
from gurita.access.teams.reading import grants_in
from gurita.access.turning import Turn, offer_in, take_in, turn_of
from gurita.access.users import CHANGED, user_id
from gurita.http.context import Services, Viewer
from gurita.store.tx import Tx

__all__ = ["REMEMBERED", "Authenticator"]

REMEMBERED = 2.0
_MOST_REMEMBERED = 10_000
_USED_EVERY_MS = 5 * 60_000

Kind = Literal["key", "session", "registration"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a credential proves: whose it is, until when, and what they may do."""

    user: RowMapping
    held: Holding
    credential: str
    established_with: str
    expires: int | None
    csrf: str = ""
    space: str = ""
    key: int = 0
    last_used: int = 0
    session: int = 0
    turn: Turn | None = None
    remembered: bool = False


def _joined(table: Any) -> Any:
    columns = [column.label(f"c_{column.name}") for column in table.c]
    joined = select(user_account, *columns).join_from(
        table, user_account, table.c.user == user_account.c.number
    )
    return joined.where(table.c.digest == bindparam("d"))


_of_key = (
    _joined(api_key)
    .add_columns(api_key_use.c.used.label("c_used"))
    .join(api_key_use, api_key_use.c.key == api_key.c.number)
)
_of_session, _of_registration = _joined(session), _joined(registration_token)
_beside = (
    select(user_account, *(column.label(f"c_{column.name}") for column in session.c))
    .join_from(session, user_account, session.c.user == user_account.c.number)
    .join(session_token, session_token.c.session == session.c.number)
    .where(
        session_token.c.digest == bindparam("d"),
        or_(session_token.c.ends.is_(None), session_token.c.ends > bindparam("now")),
    )
)
_NO_CSRF = digest("")


def _granted(tx: Tx, user: RowMapping) -> Holding:
    return Holding(grants_in(tx, user["number"], active=user["is_active"]))


def _prove_key(tx: Tx, secret: str, _now: int) -> Proof | None:
    row = tx.one(_of_key, {"d": digest(secret)})
    if row is None:
        return None
    id = key_id(row["c_number"])
    return Proof(
        row,
        _granted(tx, row),
        id,
        "API key",
        row["c_expires"],
        key=row["c_number"],
        last_used=row["c_used"] or 0,
    )


def _prove_session(tx: Tx, secret: str, now: int) -> Proof | None:
    row = tx.one(_of_session, {"d": digest(secret)}) or tx.one(_beside, {"d": digest(secret), "now": now})
    if row is None:
        return None
    number, life = row["c_number"], row["c_expires"] - row["c_created"]
    return Proof(
        row,
        _granted(tx, row),
        f"Sessions-{number}",
        row["c_kind"],
        row["c_expires"],
        row["c_csrf"],
        session=number if row["c_csrf"] != _NO_CSRF else 0,
        turn=turn_of(tx, number, row["c_created"], secret),
        remembered=life > LIFE.total_seconds() * 1000,
    )


def _prove_registration(tx: Tx, secret: str, _now: int) -> Proof | None:
    row = tx.one(_of_registration, {"d": digest(secret)})
    if row is None or row["c_used"] is not None:
        return None
    id, space = f"RegistrationTokens-{row['c_number']}", row["c_space"]
    gives = "WorkerEdit" if gives_pools(tx, row["c_number"]) else "MachineCreate"
    grants = Grants(given=(Grant(frozenset({gives}), space),))
    return Proof(row, Holding(grants), id, "Registration token", row["c_expires"], space=space)


_PROVERS = {"key": _prove_key, "session": _prove_session, "registration": _prove_registration}


class Authenticator:
    """Tells the viewer of a request; `Api` calls it for every route that is not public."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._changed = services.store.subscribe(CHANGED)
        self._known: dict[tuple[Kind, str], tuple[float, Proof]] = {}

    async def __call__(self, connection: HTTPConnection) -> Viewer | None:
        """None for nobody. Raises InvalidCredentials, ForgedRequest."""
        for kind, secret in _presented(connection, self._services):
            proof = await self._proof(kind, secret)
            if kind == "registration" and not _registers(connection):
                raise InvalidCredentials(
                    "A registration token is good for registering one machine, nothing else."
                )
            return _viewer(connection, proof)
        cookie = connection.cookies.get(identity_cookie(self._services.installation_id))
        if not cookie:
            return None
        try:
            proof = await self._proof("session", cookie)
        except InvalidCredentials:
            return None  # a page left open: ask to sign in again
        check_origin(connection, self._services)
        check_token(connection, proof.csrf)
        return _viewer(connection, proof)

    async def _proof(self, kind: Kind, secret: str) -> Proof:
        """What a secret proves now. Raises InvalidCredentials."""
        proof = await self._recalled(kind, secret)
        now = self._services.milliseconds()
        if (
            proof is None
            or not proof.user["is_active"]
            or (proof.expires is not None and proof.expires <= now)
        ):
            raise InvalidCredentials
        if proof.key and now - proof.last_used > _USED_EVERY_MS:
            await self._services.store.write(lambda tx: note_use(tx, proof.key, now))
            self._known.pop((kind, digest(secret)), None)
        return proof

    async def _recalled(self, kind: Kind, secret: str) -> Proof | None:
        if self._changed.take() or len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        at = self._services.clock.monotonic()
        key = kind, digest(secret)
        if (known := self._known.get(key)) and at - known[0] < REMEMBERED:
            return known[1]
        now = self._services.milliseconds()
        proof = await self._services.store.read(lambda tx: _PROVERS[kind](tx, secret, now))
        if proof is not None and kind != "registration":
            self._known[key] = at, proof
        return proof

    async def renew(self, connection: HTTPConnection, response: Response, path: str) -> None:
        """Gives the next token to the browser of a session whose present one is old, in a cookie of this answer."""
        name = identity_cookie(self._services.installation_id)
        token = connection.cookies.get(name)
        if not token or _sets(response, name) or next(_presented(connection, self._services), None):
            return
        try:
            proof = await self._proof("session", token)
        except InvalidCredentials:
            return
        now, turn, number = self._services.milliseconds(), proof.turn, proof.session
        if turn is None or not number or proof.expires is None:
            return
        if turn.waiting:
            await self._services.store.write(lambda tx: take_in(tx, number, token, now))
        elif turn.due(now):
            new = self._services.random.token(32)
            if await self._services.store.write(lambda tx: offer_in(tx, number, new, now)):
                age = (proof.expires - now) // 1000 if proof.remembered else None
                add_cookie(response, connection, name, new, age, path)

    def close(self) -> None:
        """Listens no longer for changes."""
        self._changed.close()


def _sets(response: Response, name: str) -> bool:
    """Whether an answer sets or drops a cookie by itself: signing in and out do."""
    return any(value.startswith(f"{name}=") for value in response.headers.getlist("set-cookie"))


def _presented(connection: HTTPConnection, services: Services) -> Iterator[tuple[Kind, str]]:
    """Keys and tokens the request carries, the most explicit first."""
    headers = connection.headers
    if token := headers.get("x-gurita-registration-token"):
        yield "registration", token.strip()
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    for text in (
        headers.get("x-octopus-apikey"),
        headers.get("x-nuget-apikey"),
        bearer if scheme.lower() == "bearer" else None,
        _password(connection, bearer, services.settings.prefix) if scheme.lower() == "basic" else None,
        _from_query(connection),
    ):
        if text and (text := text.strip()):
            yield _kind(text), text


def _password(connection: HTTPConnection, basic: str, prefix: str) -> str | None:
    """Package managers know names and passwords only: the password is the key.

    Only below `/nuget` and `/{space}/nuget`, since browsers send these unasked.
    """
    path: str = connection.scope["path"].lower().removeprefix(prefix.lower())
    first, *rest = path.strip("/").split("/")
    if first == "api" or "nuget" not in (first, *rest[:1]):
        return None
    try:
        return base64.b64decode(basic, validate=True).decode().partition(":")[2]
    except ValueError:
        return None


def _kind(text: str) -> Kind:
    if text.startswith(REGISTRATION):
        return "registration"
    return "session" if text.startswith("BEARER-") else "key"


def _from_query(connection: HTTPConnection) -> str | None:
    query: bytes = connection.scope["query_string"]
    if b"apikey" not in query.lower():
        return None
    return next(
        (value for name, value in parse_qsl(query.decode("latin-1")) if name.lower() == "apikey"), None
    )


def _registers(connection: HTTPConnection) -> bool:
    path: bytes = connection.scope.get("raw_path") or connection.scope["path"].encode()
    path = path.partition(b"?")[0].rstrip(b"/").lower()
    return connection.scope.get("method") == "POST" and path.endswith((b"/machines", b"/workers"))


def _viewer(connection: HTTPConnection, proof: Proof) -> Viewer:
    user = proof.user
    return Viewer(
        user_id=user_id(user["number"]),
        username=user["username"],
        display_name=user["display_name"],
        established_with=proof.established_with,
        user_agent=connection.headers.get("user-agent", "")[:500],
        ip=connection.client.host if connection.client else "",
        is_service=user["is_service"],
        may=proof.held.may,
        credential=proof.credential,
        held=proof.held,
        inside=proof.held.inside,
    )
