"""The identities of service accounts, inside a unit."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import RowMapping, delete, func, insert, select, update

from gurita.access import users
from gurita.access.providers.oidc.discovery import issuer_problem
from gurita.access.workload.records import oidc_identity
from gurita.access.workload.resources import OidcIdentity
from gurita.access.workload.subjects import problem
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.store.tx import Tx

__all__ = [
    "account_in",
    "add_in",
    "as_identity",
    "change_in",
    "external_id",
    "find_in",
    "list_in",
    "remove_in",
]

_ID = re.compile(r"serviceaccountoidcidentities-(\d{1,18})", re.IGNORECASE)
_MOST = 100


def external_id(installation: str, number: int) -> str:
    """What tokens for a service account name as their audience: the same for ever, and another on every server."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"gurita:{installation}:service-account:{number}"))


def account_in(tx: Tx, id: str) -> RowMapping:
    """A service account. Raises NotFound, Conflict for a person."""
    row = users.find(tx, id)
    if not row["is_service"]:
        raise Conflict("OIDC identities belong to service accounts. People sign in with identity providers.")
    return row


def as_identity(row: RowMapping) -> OidcIdentity:
    """The resource of a row."""
    return OidcIdentity(
        id=f"ServiceAccountOidcIdentities-{row['number']}",
        service_account_id=users.user_id(row["user"]),
        name=row["name"],
        issuer=row["issuer"],
        subject=row["subject"],
        audience=row["audience"] or None,
    )


def list_in(tx: Tx, user: int, skip: int = 0, take: int = _MOST) -> tuple[list[RowMapping], int]:
    """A service account's identities, oldest first, and how many there are."""
    c = oidc_identity.c
    total = tx.scalar(select(func.count()).select_from(oidc_identity).where(c.user == user))
    rows = tx.all(select(oidc_identity).where(c.user == user).order_by(c.number).offset(skip).limit(take))
    return list(rows), int(total)


def find_in(tx: Tx, user: int, id: str) -> RowMapping:
    """One of them. Raises NotFound."""
    match = _ID.fullmatch(id)
    c = oidc_identity.c
    row = tx.one(select(oidc_identity).where(c.user == user, c.number == int(match[1]))) if match else None
    if row is None:
        raise NotFound(id)
    return row


def add_in(tx: Tx, user: int, body: OidcIdentity, now: int) -> RowMapping:
    """Adds one. Raises Invalid, Conflict."""
    _refuse(body)
    if list_in(tx, user)[1] >= _MOST:
        raise Conflict(f"A service account has at most {_MOST} identities.")
    values = {**_values(body), "user": user, "created": now}
    number = tx.scalar(insert(oidc_identity).returning(oidc_identity.c.number), values)
    return find_in(tx, user, f"ServiceAccountOidcIdentities-{number}")


def change_in(tx: Tx, row: RowMapping, body: OidcIdentity) -> RowMapping:
    """Replaces one. Raises Invalid."""
    _refuse(body)
    tx.run(update(oidc_identity).where(oidc_identity.c.number == row["number"]).values(**_values(body)))
    return find_in(tx, row["user"], f"ServiceAccountOidcIdentities-{row['number']}")


def remove_in(tx: Tx, row: RowMapping) -> None:
    """Removes one."""
    tx.run(delete(oidc_identity).where(oidc_identity.c.number == row["number"]))


def _values(body: OidcIdentity) -> dict[str, str]:
    return {
        "name": body.name.strip(),
        "issuer": body.issuer,
        "subject": body.subject,
        "audience": (body.audience or "").strip(),
    }


def _refuse(body: OidcIdentity) -> None:
    found = []
    if wrong := issuer_problem(body.issuer):
        found.append(f"Issuer: {wrong}")
    if wrong := problem(body.subject):
        found.append(f"Subject: {wrong}")
    if not (body.audience or "").isprintable():
        found.append("Audience: holds a control character.")
    if found:
        raise Invalid(*found)
