"""The way back in for whoever has the host: somebody administers again, whatever happened to those who did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import update

from gurita.access import users
from gurita.access.passwords import check, hash_password
from gurita.access.records import user_account
from gurita.access.resources import User
from gurita.access.teams.builtin import ADMINISTRATORS
from gurita.access.teams.service import ensure_built_in_in, join_in
from gurita.access.ways import settings_in
from gurita.audit.service import mention, record
from gurita.configuration.service import change_in
from gurita.kernel.errors import Invalid, NotFound
from gurita.kernel.sensitive import Sensitive

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Administrator", "let_back_in"]


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who administers now. `password` is None where it was given."""

    username: str
    is_new: bool
    password: Sensitive | None


async def let_back_in(system: Context, username: str, password: str = "") -> Administrator:
    """Makes somebody an administrator who signs in with a new password: a user there is, enabled again, or a new one.

    An empty password is drawn. Signing in by password is switched on again. All sessions of the user end; API keys and
    identities stay. Raises Invalid for a password that
    is too weak, the guest, or a service account, and changes nothing then.
    """
    services = system.services
    if password:
        check(password, username)
    told = password or services.random.token(15)
    stored = await hash_password(told)

    def unit(tx: Tx) -> tuple[str, bool]:
        row, is_new = _user_in(tx, username, stored, services.milliseconds())
        ensure_built_in_in(tx)
        change_in(tx, system, replace(settings_in(tx), is_password_sign_in_enabled=True))
        join_in(tx, ADMINISTRATORS, row["number"])
        id = users.user_id(row["number"])
        what = f"{mention(id, row['username'])} was made an administrator with a new password, on the host"
        record(tx, system, "AdministratorLetBackIn", what, [id], space="")
        return str(row["username"]), is_new

    name, is_new = await services.store.write(unit)
    return Administrator(name, is_new, None if password else Sensitive(told))


def _user_in(tx: Tx, username: str, password: str, now: int) -> tuple[RowMapping, bool]:
    try:
        row = users.find(tx, username)
    except NotFound:
        return users.create(tx, User(username=username), password, now), True
    if users.is_guest(row) or row["is_service"]:
        kind = "the guest" if users.is_guest(row) else "a service account"
        raise Invalid(f"Username: '{row['username']}' is {kind}, and cannot sign in. Name a person.")
    tx.run(update(user_account).where(user_account.c.number == row["number"]).values(is_active=True))
    users.set_password(tx, row, password)
    return users.find(tx, users.user_id(row["number"])), False
