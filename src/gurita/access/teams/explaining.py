"""Why somebody may or may not do something: every grant that was considered, and the teams that would do.

One statement reads all grants of a space with the names of their teams and roles, however many teams there are.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from gurita.access.rules.evaluating import Grant, teams_that_may
from gurita.access.rules.explaining import level_of
from gurita.access.teams.private_spaces import private_spaces_in
from gurita.access.teams.reading import scope_of
from gurita.access.teams.records import SCOPED_USER_ROLES, TEAMS, USER_ROLES
from gurita.access.teams.resources import ScopedUserRole, UserRole
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import Place
from gurita.store.among import among
from gurita.store.tx import Tx

if TYPE_CHECKING:
    from gurita.http.context import Context, Viewer
    from gurita.kernel.errors import Forbidden

__all__ = ["Considered", "considered_in", "known_in", "teams_for", "teams_in"]

MOST_GRANTS = 2_000
MOST_TEAMS = 5


@dataclass(frozen=True, slots=True)
class Considered:
    """A grant with the names people know it by."""

    grant: Grant
    team: str
    role: str


def known_in(tx: Tx, space: str, teams: Iterable[str] | None = None) -> list[Considered]:
    """All that teams (or some of them) were given in a space and in the system, at most 2,000 of it. One statement."""
    given, role, team = SCOPED_USER_ROLES.c, USER_ROLES.c, TEAMS.c
    query = (
        select(given.body, role.body.label("role"), team.name.label("team"))
        .select_from(SCOPED_USER_ROLES.table)
        .join(USER_ROLES.table, role.id == given.role)
        .join(TEAMS.table, team.id == given.team)
        .where(given.space_id.in_({space, ""}))
    )
    if teams is not None:
        query = query.where(among(given.team, teams))
    rows = tx.all(query.order_by(given.number).limit(MOST_GRANTS))
    roles: dict[str, UserRole] = {}
    found = []
    for row in rows:
        one = SCOPED_USER_ROLES.codec.read(row["body"], ScopedUserRole)
        if one.user_role_id not in roles:
            roles[one.user_role_id] = USER_ROLES.codec.read(row["role"], UserRole)
        found.append(_considered(one, roles[one.user_role_id], row["team"]))
    return found


def considered_in(tx: Tx, space: str, teams: Iterable[str]) -> list[Considered]:
    """The same of some teams only."""
    return known_in(tx, space, teams)


def _considered(given: ScopedUserRole, role: UserRole, team: str) -> Considered:
    space = given.space_id or ""
    names = role.granted_space_permissions if space else role.granted_system_permissions
    return Considered(
        Grant(frozenset(names), space, scope_of(given), given.team_id, role.id), team, role.name
    )


def teams_in(tx: Tx, permission: str, space: str, place: Place) -> dict[str, str]:
    """The teams that may do something somewhere, by id: their names. Administrators only where no other may, and never in
    a private space."""
    known, level = known_in(tx, space), level_of(permission, space)
    names = {one.grant.team: one.team for one in known}
    found = teams_that_may([one.grant for one in known], permission, level, place)
    if not found and level not in private_spaces_in(tx):
        found = [
            one.grant.team
            for one in known
            if not one.grant.space and "AdministerSystem" in one.grant.permissions
        ]
    return {id: names[id] for id in found}


def teams_for(context: Context) -> Callable[[Viewer, Forbidden], Awaitable[None]]:
    """Adds to refusals which teams may do what was refused, for viewers who belong to the space."""

    async def advise(viewer: Viewer, refused: Forbidden) -> None:
        space = refused.space
        if space is None or refused.permission not in PERMISSIONS or not _belongs(viewer, space):
            return
        found = await context.services.store.read(
            lambda tx: teams_in(tx, refused.permission, space, refused.place)
        )
        named = list(found.items())[:MOST_TEAMS]
        if named:
            words = ", ".join(f"'{name}'" for _, name in named)
            more = f" and {len(found) - len(named)} more" if len(found) > len(named) else ""
            refused.errors.append(f"Teams that may: {words}{more}. Ask to become a member of one of them.")
        refused.details = {
            "Permission": refused.permission,
            "SpaceId": space or None,
            "Teams": [{"Id": id, "Name": name} for id, name in named],
        }

    return advise


def _belongs(viewer: Viewer, space: str) -> bool:
    """Whether somebody may do anything there: strangers are not told who does."""
    return any(
        viewer.may(name, space) for name, one in PERMISSIONS.items() if (one.space if space else one.system)
    )
