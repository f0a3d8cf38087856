"""What must stay true of teams and roles: nobody gives what they lack, and somebody administers the server."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import RowMapping, func, or_, select

from gurita.access.identities.records import user_group
from gurita.access.providers.records import IDENTITY_PROVIDERS
from gurita.access.records import user_account
from gurita.access.rules.escalation import lacking
from gurita.access.teams.builtin import EVERYONE
from gurita.access.teams.reading import scope_of, teams_of_in
from gurita.access.teams.records import SCOPED_USER_ROLES, USER_ROLES, team_group, team_member
from gurita.access.teams.resources import ScopedUserRole, UserRole
from gurita.access.users import user_id
from gurita.http.context import Context
from gurita.kernel.errors import Conflict, Forbidden
from gurita.kernel.places import Scope
from gurita.store.tx import Tx

__all__ = [
    "given_to_in",
    "must_be_below_in",
    "must_hold",
    "must_hold_all_of_in",
    "must_hold_what_in",
    "must_stay_administered_in",
    "role_in",
]

_MOST_NAMED = 5
_ALONE = select(func.pg_advisory_xact_lock(0x6775726974610003))


def role_in(tx: Tx, id: str) -> UserRole | None:
    """A role by its id, as it is stored."""
    body = tx.scalar(select(USER_ROLES.c.body).where(USER_ROLES.c.id == id))
    return None if body is None else USER_ROLES.codec.read(body, UserRole)


def given_to_in(tx: Tx, *, team: str = "", role: str = "") -> list[ScopedUserRole]:
    """What a team was given, or where a role is given, in every space."""
    c = SCOPED_USER_ROLES.c
    where = c.team == team if team else c.role == role
    rows = tx.all(select(c.body).where(where).order_by(c.number))
    return [SCOPED_USER_ROLES.codec.read(row["body"], ScopedUserRole) for row in rows]


def must_hold(ctx: Context, permissions: Iterable[str], space: str, scope: Scope) -> None:
    """Raises Forbidden naming what the viewer would give and does not hold there.

    Who administers the system may give what lies in private spaces, too: it is how one lets oneself in, and told of in the
    audit trail.
    """
    if ctx.viewer.may("AdministerSystem", ""):
        return
    missing = lacking(ctx.viewer.scopes, permissions, space, scope)
    if not missing:
        return
    named = ", ".join(missing[:_MOST_NAMED]) + (" and more" if len(missing) > _MOST_NAMED else "")
    where = f"in {space}" if space else "in the system"
    raise Forbidden(
        missing[0],
        f"You cannot give what you do not hold yourself: {named} {where}, in the same scope.",
        space=space,
    )


def must_hold_all_of_in(tx: Tx, ctx: Context, team: str) -> None:
    """For whoever lets somebody into a team: they give all that the team was given. Raises Forbidden."""
    for given in given_to_in(tx, team=team):
        role = role_in(tx, given.user_role_id)
        if role is not None:
            space = given.space_id or ""
            names = role.granted_space_permissions if space else role.granted_system_permissions
            must_hold(ctx, names, space, scope_of(given))


def must_hold_what_in(tx: Tx, ctx: Context, row: RowMapping) -> None:
    """For whoever could act as somebody else afterwards: with their password, a key or an identity. Raises Forbidden."""
    if user_id(row["number"]) != ctx.viewer.user_id:
        for team in teams_of_in(tx, row["number"]):
            must_hold_all_of_in(tx, ctx, team)


def must_be_below_in(tx: Tx, ctx: Context, row: RowMapping) -> None:
    """For whoever changes, disables or deletes somebody else: who holds more in the system is out of reach. Raises Forbidden."""
    if user_id(row["number"]) == ctx.viewer.user_id:
        return
    roles = (
        role_in(tx, given.user_role_id)
        for team in teams_of_in(tx, row["number"])
        for given in given_to_in(tx, team=team)
        if not given.space_id
    )
    names = {name for role in roles if role is not None for name in role.granted_system_permissions}
    if missing := lacking(ctx.viewer.scopes, names, "", Scope()):
        named = ", ".join(missing[:_MOST_NAMED]) + (" and more" if len(missing) > _MOST_NAMED else "")
        raise Forbidden(
            missing[0], f"{row['username']} holds what you do not: {named}. Ask somebody who does.", space=""
        )


def must_stay_administered_in(tx: Tx) -> None:
    """Raises Conflict when a change leaves nobody who can sign in and administer this server.

    Who belongs to a team by a group counts as long as the group's provider is enabled. On PostgreSQL changes of two nodes
    wait for each other here: each counts what the other left.
    """
    if tx.dialect == "postgresql":
        tx.scalar(_ALONE)
    c = SCOPED_USER_ROLES.c
    roles = [
        row["id"]
        for row in tx.all(select(USER_ROLES.c.id, USER_ROLES.c.body))
        if "AdministerSystem" in USER_ROLES.codec.read(row["body"], UserRole).granted_system_permissions
    ]
    teams = [row["team"] for row in tx.all(select(c.team).where(c.space_id == "", c.role.in_(roles)))]
    enabled = [doc.id for doc in IDENTITY_PROVIDERS.open(tx, "").all() if doc.is_enabled]
    direct = select(team_member.c.user).where(team_member.c.team.in_(teams))
    by_group = (
        select(user_group.c.user)
        .join(team_group, team_group.c.external == user_group.c.group_id)
        .where(team_group.c.team.in_(teams), user_group.c.provider.in_(enabled))
    )
    number = user_account.c.number
    people = select(func.count(number)).where(user_account.c.is_active, user_account.c.is_service.is_(False))
    if EVERYONE not in teams:
        people = people.where(or_(number.in_(direct), number.in_(by_group)))
    if not tx.scalar(people):
        raise Conflict("This would leave no administrator who can sign in. Make another one first.")
