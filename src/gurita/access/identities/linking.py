"""From somebody a provider knows to a user of this server, inside a unit.

The provider's subject is the only link. A name or an e-mail address never is one, verified or not: who may choose theirs at
some provider would choose an administrator's. An identity is added by an administrator, by its user while signed in, or
with the user, where the provider may make users.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from gurita.access import sessions, users
from gurita.access.identities.person import MOST_GROUPS, ExternalGroup, ExternalPerson
from gurita.access.identities.records import user_group, user_identity
from gurita.access.records import session
from gurita.access.resources import User
from gurita.kernel.errors import Conflict, Invalid, Refused
from gurita.store.tx import Tx

__all__ = [
    "NotAdmitted",
    "admit_in",
    "forget_groups_in",
    "forget_in",
    "group_ids_in",
    "identities_in",
    "link_in",
]


class NotAdmitted(Refused):
    """The provider knows them, and this server does not let them in. The reason is told: they proved who they are."""

    status = 403
    headline = "You cannot sign in here."


def admit_in(
    tx: Tx, provider: str, person: ExternalPerson, now: int, *, create: bool
) -> tuple[RowMapping, bool]:
    """The user of somebody a provider vouches for, with their groups as they are now, and whether the user is new.

    Raises NotAdmitted.
    """
    known = _identity(tx, provider, person.subject)
    made = known is None
    if known is None:
        if not create:
            raise NotAdmitted(
                "There is no user for you. Ask an administrator to make one with this identity, or sign in as you do "
                "otherwise and add it to yourself."
            )
        row = _create(tx, person, now)
    else:
        row = users.find(tx, users.user_id(known["user"]))
    if not row["is_active"]:
        raise NotAdmitted("Your user is disabled.")
    if row["is_service"]:
        raise NotAdmitted("A service account does not sign in; it has keys and tokens.")
    _note(tx, row["number"], provider, person, now)
    _refresh_groups(tx, row["number"], provider, person.groups)
    return row, made


def link_in(tx: Tx, user: int, provider: str, person: ExternalPerson, now: int) -> None:
    """Adds an identity to a user. Raises Conflict when it is somebody else's."""
    known = _identity(tx, provider, person.subject)
    if known is not None and known["user"] != user:
        raise Conflict("This identity belongs to another user.")
    _note(tx, user, provider, person, now)
    _refresh_groups(tx, user, provider, person.groups)


def identities_in(tx: Tx, numbers: Sequence[int]) -> dict[int, list[RowMapping]]:
    """The identities of users, by the users' numbers."""
    found: dict[int, list[RowMapping]] = {}
    if not numbers:
        return found
    c = user_identity.c
    for row in tx.all(select(user_identity).where(c.user.in_(numbers)).order_by(c.number)):
        found.setdefault(row["user"], []).append(row)
    return found


def group_ids_in(tx: Tx, user: int) -> list[str]:
    """The groups of all providers a user belongs to, by the ids teams name."""
    rows = tx.all(select(user_group.c.group_id).where(user_group.c.user == user).distinct())
    return [row["group_id"] for row in rows]


def forget_in(tx: Tx, number: int) -> None:
    """Removes an identity, and the groups that came with it."""
    row = tx.one(select(user_identity).where(user_identity.c.number == number))
    if row is None:
        return
    tx.run(delete(user_identity).where(user_identity.c.number == number))
    c = user_identity.c
    if tx.one(select(c.number).where(c.user == row["user"], c.provider == row["provider"])) is None:
        _refresh_groups(tx, row["user"], row["provider"], ())
    sessions.end_all(tx, row["user"])


def forget_groups_in(tx: Tx, provider: str) -> None:
    """What a provider said counts no more: its groups go, and the sessions of all it vouched for."""
    tx.run(delete(user_group).where(user_group.c.provider == provider))
    vouched = select(user_identity.c.user).where(user_identity.c.provider == provider)
    tx.run(delete(session).where(session.c.user.in_(vouched)))
    tx.notify(users.CHANGED)


def _identity(tx: Tx, provider: str, subject: str) -> RowMapping | None:
    c = user_identity.c
    return tx.one(select(user_identity).where(c.provider == provider, c.subject == subject))


def _create(tx: Tx, person: ExternalPerson, now: int) -> RowMapping:
    if not person.username:
        raise NotAdmitted(
            "The provider told no username for you. Ask an administrator to look at its settings."
        )
    body = User(
        username=person.username[:200], display_name=person.display_name[:200], email_address=person.email
    )
    try:
        return users.create(tx, body, None, now)
    except Conflict:
        raise NotAdmitted(
            f"A user called '{person.username}' exists already, and having the same name does not make it yours. If it "
            "is, sign in as you do otherwise and add this identity to yourself, or ask an administrator to."
        ) from None
    except Invalid as refused:
        raise NotAdmitted(*refused.errors) from None


def _note(tx: Tx, user: int, provider: str, person: ExternalPerson, now: int) -> None:
    values: dict[str, Any] = {
        "username": person.username,
        "email": person.email,
        "display_name": person.display_name,
        "used": now,
    }
    known = _identity(tx, provider, person.subject)
    if known is None:
        whole = {"user": user, "provider": provider, "subject": person.subject, "created": now, **values}
        tx.run(insert(user_identity), whole)
    else:
        tx.run(update(user_identity).where(user_identity.c.number == known["number"]).values(**values))


def _refresh_groups(tx: Tx, user: int, provider: str, groups: Iterable[ExternalGroup]) -> None:
    c = user_group.c
    mine = c.user == user, c.provider == provider
    wanted = {one.id: one.name for one in list(groups)[:MOST_GROUPS] if one.id}
    present = {row["group_id"]: row["name"] for row in tx.all(select(c.group_id, c.name).where(*mine))}
    if wanted == present:
        return
    tx.run(delete(user_group).where(*mine))
    for id, name in wanted.items():
        tx.run(insert(user_group), {"user": user, "provider": provider, "group_id": id, "name": name})
    tx.notify(users.CHANGED)
