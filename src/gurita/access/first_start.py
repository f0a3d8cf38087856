"""The first administrator: from the environment, or drawn and told once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from gurita.access import users
from gurita.access.credentials import API_KEY
from gurita.access.keys import create_key
from gurita.access.passwords import check, hash_password
from gurita.access.records import user_account
from gurita.access.resources import User
from gurita.access.teams.builtin import ADMINISTRATORS
from gurita.access.teams.service import ensure_built_in_in, join_in
from gurita.audit.service import mention, record
from gurita.http.context import Context, Services, system_viewer
from gurita.kernel.errors import Invalid
from gurita.kernel.sensitive import Sensitive
from gurita.store.tx import Tx

__all__ = ["FirstAdministrator", "ensure_administrator"]


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who was made. `password` and `api_key` are None where the environment gave them, and told nowhere else."""

    username: str
    password: Sensitive | None
    api_key: Sensitive | None


async def ensure_administrator(services: Services, env: Mapping[str, str]) -> FirstAdministrator | None:
    """Makes an administrator when there are no users yet; None when there are.

    Reads GURITA_ADMIN_USERNAME (default `admin`), GURITA_ADMIN_PASSWORD and GURITA_ADMIN_API_KEY. Raises Invalid when
    one of them cannot be used.
    """
    if await services.store.read(_any_user):
        return None
    username = env.get("GURITA_ADMIN_USERNAME") or "admin"
    password, key = env.get("GURITA_ADMIN_PASSWORD"), env.get("GURITA_ADMIN_API_KEY")
    if password:
        check(password, username)
    if key and not API_KEY.fullmatch(key):
        raise Invalid("GURITA_ADMIN_API_KEY: must be 'API-' and at least 16 capital letters or digits.")
    the_password, the_key = password or services.random.token(15), key or services.random.api_key()
    stored = await hash_password(the_password)
    context = Context(services, system_viewer(), "")
    now = services.milliseconds()

    def unit(tx: Tx) -> bool:
        if _any_user(tx):
            return False
        ensure_built_in_in(tx)
        row = users.create(tx, User(username=username, display_name="Administrator"), stored, now)
        join_in(tx, ADMINISTRATORS, row["number"])
        create_key(tx, row["number"], the_key, "First start", None, now)
        id = users.user_id(row["number"])
        record(tx, context, "Created", f"The first administrator {mention(id, username)} was made", [id])
        return True

    if not await services.store.write(unit):
        return None
    return FirstAdministrator(
        username, None if password else Sensitive(the_password), None if key else Sensitive(the_key)
    )


def _any_user(tx: Tx) -> bool:
    return bool(tx.scalar(select(func.count()).select_from(user_account)))
