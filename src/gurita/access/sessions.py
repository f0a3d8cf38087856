"""Sessions by cookie and bearer tokens, inside a unit; and the cookies themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, or_, select
from starlette.requests import HTTPConnection
from starlette.responses import Response

from gurita.access.credentials import digest
from gurita.access.records import session, session_token
from gurita.access.users import CHANGED
from gurita.kernel.ids import Randomness
from gurita.store.tx import Tx

__all__ = [
    "BEARER_LIFE",
    "CSRF_HEADER",
    "NewSession",
    "add_cookie",
    "add_cookies",
    "begin",
    "csrf_cookie",
    "drop_cookies",
    "end",
    "end_all",
    "identity_cookie",
]

LIFE = timedelta(hours=24)
REMEMBERED_LIFE = timedelta(days=30)
BEARER_LIFE = timedelta(hours=1)
CSRF_HEADER = "x-octopus-csrf-token"

_insert = insert(session)
_beside = select(session_token.c.session).where(session_token.c.digest == bindparam("d"))
_delete = delete(session).where(or_(session.c.digest == bindparam("d"), session.c.number.in_(_beside)))
_delete_all = delete(session).where(session.c.user == bindparam("u"))
_purge = delete(session).where(session.c.expires < bindparam("now"))


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session's secrets, as the client gets them once."""

    token: str
    csrf: str
    life: timedelta
    remembered: bool = False

    @classmethod
    def drawn(cls, random: Randomness, *, remember: bool = False) -> NewSession:
        life = REMEMBERED_LIFE if remember else LIFE
        return cls(random.token(32), random.token(32), life, remember)

    @classmethod
    def bearer(cls, random: Randomness) -> NewSession:
        return cls("BEARER-" + random.token(32), "", BEARER_LIFE)

    def __repr__(self) -> str:
        return "NewSession()"


def begin(tx: Tx, user: int, new: NewSession, kind: str, now: int, ip: str, user_agent: str) -> None:
    """Stores a session; those that ended by themselves go."""
    tx.run(_purge, {"now": now})
    values = {
        "user": user,
        "digest": digest(new.token),
        "kind": kind,
        "csrf": digest(new.csrf),
        "created": now,
        "expires": now + int(new.life.total_seconds() * 1000),
        "ip": ip,
        "user_agent": user_agent[:500].replace("\x00", ""),
    }
    tx.run(_insert, values)


def end(tx: Tx, token: str) -> None:
    """Ends one session."""
    tx.run(_delete, {"d": digest(token)})
    tx.notify(CHANGED)


def end_all(tx: Tx, user: int) -> None:
    """Ends all sessions and bearer tokens of a user."""
    tx.run(_delete_all, {"u": user})
    tx.notify(CHANGED)


def identity_cookie(installation: str) -> str:
    return f"OctopusIdentificationToken_{installation}"


def csrf_cookie(installation: str) -> str:
    return f"Octopus-Csrf-Token_{installation}"


def add_cookies(
    response: Response, connection: HTTPConnection, new: NewSession, installation: str, path: str
) -> None:
    """Sets the cookies of a session: the one that proves it is out of reach of scripts, the other is for them."""
    age = int(new.life.total_seconds()) if new.remembered else None
    for name, value in ((identity_cookie(installation), new.token), (csrf_cookie(installation), new.csrf)):
        add_cookie(response, connection, name, value, age, path)


def add_cookie(
    response: Response, connection: HTTPConnection, name: str, value: str, age: int | None, path: str
) -> None:
    """Sets one of the two cookies, for `age` seconds, or until the browser is closed."""
    secure = connection.scope["scheme"] == "https"
    hidden = not name.startswith("Octopus-Csrf")
    response.set_cookie(name, value, max_age=age, path=path, secure=secure, httponly=hidden, samesite="lax")


def drop_cookies(response: Response, installation: str, path: str) -> None:
    """Takes both cookies away."""
    response.delete_cookie(identity_cookie(installation), path=path, httponly=True, samesite="lax")
    response.delete_cookie(csrf_cookie(installation), path=path, samesite="lax")
