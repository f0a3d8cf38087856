"""What a user was given, read from teams, roles and scoped roles: a few statements, whoever they are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from gurita.access.identities.records import user_group
from gurita.access.rules.evaluating import NO_GRANTS, Grant, Grants
from gurita.access.teams.builtin import EVERYONE
from gurita.access.teams.private_spaces import private_spaces_in
from gurita.access.teams.records import SCOPED_USER_ROLES, USER_ROLES, team_group, team_member
from gurita.access.teams.resources import ScopedUserRole, UserRole
from gurita.kernel.places import Scope
from gurita.store.tx import Tx

__all__ = ["grants_in", "grants_of_in", "scope_of", "teams_of_in"]


_by_group = (
    select(team_group.c.team, user_group.c.name)
    .join(user_group, user_group.c.group_id == team_group.c.external)
    .where(user_group.c.user == bindparam("u"))
    .order_by(user_group.c.name)
)


def teams_of_in(tx: Tx, user: int) -> dict[str, list[str]]:
    """The ids of a user's teams, with the external groups that brought them in (none: they are a member themselves)."""
    found: dict[str, list[str]] = {EVERYONE: []}
    for row in tx.all(select(team_member.c.team).where(team_member.c.user == user)):
        found[row["team"]] = []
    for row in tx.all(_by_group, {"u": user}):
        if found.get(row["team"], [""]):
            found.setdefault(row["team"], []).append(row["name"])
    return found


def grants_in(tx: Tx, user: int, *, active: bool) -> Grants:
    """All that a user was given. Somebody who is disabled has nothing."""
    return grants_of_in(tx, teams_of_in(tx, user)) if active else NO_GRANTS


def grants_of_in(tx: Tx, teams: Iterable[str]) -> Grants:
    """All that teams were given together."""
    c = SCOPED_USER_ROLES.c
    given = [_scoped(row["body"]) for row in tx.all(select(c.body).where(c.team.in_(sorted(teams))))]
    if not given:
        return NO_GRANTS
    roles = _roles(tx, {each.user_role_id for each in given})
    found = tuple(_grant(each, roles[each.user_role_id]) for each in given if each.user_role_id in roles)
    administrator = any("AdministerSystem" in one.permissions and not one.space for one in found)
    return Grants(administrator, found, private_spaces_in(tx) if administrator else frozenset())


def scope_of(given: ScopedUserRole) -> Scope:
    """How far a scoped role reaches."""
    return Scope(
        projects=frozenset(given.project_ids),
        groups=frozenset(given.project_group_ids),
        environments=frozenset(given.environment_ids),
        tenants=frozenset(given.tenant_ids),
    )


def _grant(given: ScopedUserRole, role: UserRole) -> Grant:
    space = given.space_id or ""
    names = role.granted_space_permissions if space else role.granted_system_permissions
    return Grant(frozenset(names), space, scope_of(given), given.team_id, role.id)


def _roles(tx: Tx, ids: set[str]) -> dict[str, UserRole]:
    c = USER_ROLES.c
    rows = tx.all(select(c.id, c.body).where(c.id.in_(sorted(ids))))
    return {row["id"]: USER_ROLES.codec.read(row["body"], UserRole) for row in rows}


def _scoped(body: str) -> ScopedUserRole:
    return SCOPED_USER_ROLES.codec.read(body, ScopedUserRole)
