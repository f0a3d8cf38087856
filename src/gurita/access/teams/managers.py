"""The team that manages a space: made with it, led by whoever made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from gurita.access.teams.builtin import SPACE_MANAGER, managers_team
from gurita.access.teams.guards import must_hold, must_hold_all_of_in, role_in
from gurita.access.teams.reading import scope_of
from gurita.access.teams.records import SCOPED_USER_ROLES, TEAMS
from gurita.access.teams.resources import ScopedUserRole, Team
from gurita.access.teams.service import keep_members_in, people_in
from gurita.access.users import CHANGED
from gurita.kernel.errors import Invalid
from gurita.kernel.places import Scope

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "ensure_managers_in",
    "make_managers_in",
    "managers_in",
    "managing_teams_in",
    "set_managers_in",
    "set_managing_teams_in",
]


def make_managers_in(tx: Tx, space: str, name: str, members: Iterable[str]) -> None:
    """The team that manages a new space; whoever makes a space belongs to it."""
    team = Team(
        id=managers_team(space),
        name=f"{name} managers",
        description="May do everything in this space.",
        space_id=space,
        member_user_ids=people_in(tx, members),
        can_be_deleted=False,
        can_change_roles=False,
    )
    keep_members_in(tx, TEAMS.open(tx, space).insert(team))
    given = ScopedUserRole(user_role_id=SPACE_MANAGER, team_id=team.id, space_id=space)
    SCOPED_USER_ROLES.open(tx, space).insert(given)


def ensure_managers_in(tx: Tx, space: str, name: str) -> None:
    """The same for a space that was made before there were teams."""
    if tx.scalar(select(TEAMS.c.id).where(TEAMS.c.id == managers_team(space))) is None:
        make_managers_in(tx, space, name, ())


def managers_in(tx: Tx, spaces: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the users who manage each of the spaces as members of its own team."""
    wanted = [managers_team(space) for space in spaces]
    rows = tx.all(select(TEAMS.c.space_id, TEAMS.c.body).where(TEAMS.c.id.in_(wanted)))
    return {row["space_id"]: TEAMS.codec.read(row["body"], Team).member_user_ids for row in rows}


def set_managers_in(tx: Tx, ctx: Context, space: str, members: Iterable[str]) -> None:
    """Replaces the members of a space's own team. Raises Invalid for who is no user, Forbidden."""
    found = TEAMS.open(tx, space).get(managers_team(space))
    wanted = people_in(tx, members)
    if set(wanted) - set(found.member_user_ids):
        must_hold_all_of_in(tx, ctx, found.id)
    keep_members_in(tx, TEAMS.open(tx, space).update(replace(found, member_user_ids=wanted), found.version))


def managing_teams_in(tx: Tx, spaces: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the teams that manage each of the spaces: its own first, then those that were given all of it."""
    found: dict[str, list[str]] = {space: [managers_team(space)] for space in spaces}
    for space, given in _given_in(tx, spaces):
        if given.team_id not in found[space]:
            found[space].append(given.team_id)
    return found


def set_managing_teams_in(
    tx: Tx, ctx: Context, space: str, teams: Sequence[str], *, fresh: bool = False
) -> None:
    """Lets these teams manage a space, and no others but its own. `fresh`: whoever makes the space decides.

    Raises Invalid for a team that is neither of the space nor of the system, Forbidden for who would give what they lack.
    """
    wanted = [team for team in dict.fromkeys(teams) if team != managers_team(space)]
    had = {given.team_id: given for _, given in _given_in(tx, [space])}
    added = [team for team in wanted if team not in had]
    if added and not fresh and (role := role_in(tx, SPACE_MANAGER)) is not None:
        must_hold(ctx, role.granted_space_permissions, space, Scope())
    for team in added:
        if tx.scalar(select(TEAMS.c.id).where(TEAMS.c.id == team, TEAMS.c.space_id.in_(["", space]))) is None:
            raise Invalid(
                f"SpaceManagersTeams[{list(teams).index(team)}]: there is no team '{team}' in this space or the system."
            )
        given = ScopedUserRole(user_role_id=SPACE_MANAGER, team_id=team, space_id=space)
        SCOPED_USER_ROLES.open(tx, space).insert(given)
    for team, given in had.items():
        if team != managers_team(space) and team not in wanted:
            SCOPED_USER_ROLES.open(tx, space).delete(given.id)
    tx.notify(CHANGED)


def _given_in(tx: Tx, spaces: Sequence[str]) -> list[tuple[str, ScopedUserRole]]:
    """Where a team may do everything in one of the spaces, without any narrowing."""
    c = SCOPED_USER_ROLES.c
    rows = tx.all(
        select(c.space_id, c.body).where(c.role == SPACE_MANAGER, c.space_id.in_(spaces)).order_by(c.number)
    )
    found = [(row["space_id"], SCOPED_USER_ROLES.codec.read(row["body"], ScopedUserRole)) for row in rows]
    return [(space, given) for space, given in found if scope_of(given).everything]
