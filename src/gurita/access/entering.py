"""Letting somebody in whoever vouched for them: the session and its event, inside a unit; and refusals, told alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy import RowMapping
from starlette.requests import HTTPConnection

from gurita.access import sessions, users
from gurita.access.rules.evaluating import may
from gurita.access.sessions import NewSession
from gurita.access.teams.reading import grants_in
from gurita.audit.service import mention, record
from gurita.http.context import Context, Services, Viewer
from gurita.store.tx import Tx

__all__ = ["Arrival", "enter_in", "refuse_in"]

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """From where somebody comes."""

    ip: str
    agent: str

    @classmethod
    def of(cls, connection: HTTPConnection) -> Arrival:
        """What the connection and its headers say."""
        ip = connection.client.host if connection.client else ""
        return cls(ip, connection.headers.get("user-agent", ""))


def enter_in(
    tx: Tx, services: Services, row: RowMapping, new: NewSession, arrival: Arrival, *, through: str = ""
) -> None:
    """Begins a session, with its event. `through` names the provider that vouched; "" for a password of ours."""
    id = users.user_id(row["number"])
    kind = "Bearer" if not new.csrf else "Session"
    granted = partial(may, grants_in(tx, row["number"], active=True))
    viewer = Viewer(
        id, row["username"], row["display_name"], kind, arrival.agent, arrival.ip, row["is_service"], granted
    )
    sessions.begin(tx, row["number"], new, kind, services.milliseconds(), arrival.ip, arrival.agent)
    message = f"{mention(id, row['username'])} signed in" + (f" with {through}" if through else "")
    record(tx, Context(services, viewer, ""), "LoginSucceeded", message, [id])


def refuse_in(
    tx: Tx, services: Services, name: str, arrival: Arrival, message: str, how: str = "Password"
) -> None:
    """The event of a sign-in that was refused. `name` is whom they said they are."""
    nobody = Viewer("", name[:_LONGEST_NAME], "", how, arrival.agent, arrival.ip, False, lambda *_: False)
    record(tx, Context(services, nobody, ""), "LoginFailed", message)
