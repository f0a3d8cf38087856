"""The guest: a user anybody may sign in as where the switch is on, with no more than everyone has."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from gurita.access import users
from gurita.access.credentials import name_key
from gurita.access.entering import Arrival, enter_in
from gurita.access.identities.linking import NotAdmitted
from gurita.access.records import user_account
from gurita.access.resources import User
from gurita.access.sessions import NewSession
from gurita.access.sign_in_limit import count_address
from gurita.access.teams.builtin import EVERYONE
from gurita.access.teams.reading import teams_of_in
from gurita.access.users import GUEST
from gurita.access.ways import settings_in
from gurita.http.context import Services
from gurita.kernel.errors import Forbidden, NotFound
from gurita.store.tx import Tx

__all__ = ["enter_as_guest", "refuse_guest"]


async def enter_as_guest(services: Services, arrival: Arrival) -> tuple[NewSession, User]:
    """A session as the guest. Raises NotFound while the switch is off, NotAdmitted when the guest became more than that."""
    now = services.milliseconds()
    if refused := await services.store.write(lambda tx: count_address(tx, arrival.ip, now)):
        raise refused
    new = NewSession.drawn(services.random)

    def unit(tx: Tx) -> User:
        if not settings_in(tx).is_guest_sign_in_enabled:
            raise NotFound(GUEST)
        row = _row_in(tx, now)
        enter_in(tx, services, row, new, arrival, through="nothing, as the guest")
        return users.as_user(row, users.user_id(row["number"]))

    return new, await services.store.write(unit)


def refuse_guest(row: RowMapping) -> None:
    """Raises Forbidden for the guest: whatever one guest kept, the next one would have."""
    if users.is_guest(row):
        raise Forbidden("a user of one's own", "The guest changes nothing of itself and has no keys.")


def _row_in(tx: Tx, now: int) -> RowMapping:
    row = tx.one(select(user_account).where(user_account.c.name_key == name_key(GUEST)))
    if row is None:
        row = users.create(tx, User(username=GUEST, display_name="Guest"), None, now, reserved=True)
    if row["password"] is not None or row["is_service"] or set(teams_of_in(tx, row["number"])) != {EVERYONE}:
        raise NotAdmitted(f"The user '{GUEST}' is somebody: it has a password, or belongs to a team.")
    if not row["is_active"]:
        raise NotAdmitted("Signing in as a guest is disabled.")
    return row
