"""The team that manages a space: made with it, led by whoever made it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from gurita.access.teams.builtin import SPACE_MANAGER, managers_team
from gurita.access.teams.guards import must_hold_all_of_in
from gurita.access.teams.records import SCOPED_USER_ROLES, TEAMS
from gurita.access.teams.resources import ScopedUserRole, Team
from gurita.access.teams.service import keep_members_in, people_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["ensure_managers_in", "make_managers_in", "managers_in", "set_managers_in"]


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
