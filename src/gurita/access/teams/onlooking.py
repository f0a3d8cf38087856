"""Teams that are told of things: what they may see as teams, and the people in them who can be written to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from gurita.access.identities.records import user_group
from gurita.access.records import user_account
from gurita.access.rules.evaluating import may, scopes_of
from gurita.access.teams.builtin import EVERYONE
from gurita.access.teams.guards import must_hold
from gurita.access.teams.reading import grants_of_in
from gurita.access.teams.records import team_group, team_member
from gurita.access.users import number_of, user_id
from gurita.http.context import Viewer
from gurita.kernel.places import Scope

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["TeamPerson", "must_see_all_of_in", "people_of_in", "user_exists_in", "viewer_of_in"]


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """An active user with an e-mail address, and those of the teams asked for that they belong to."""

    number: int
    name: str
    email: str
    teams: frozenset[str]


def viewer_of_in(tx: Tx, teams: Iterable[str]) -> Viewer:
    """Somebody who may do exactly what these teams together were given."""
    grants = grants_of_in(tx, teams)
    return Viewer("", "", "", "System", "", "", True, partial(may, grants), held=partial(scopes_of, grants))


def people_of_in(tx: Tx, teams: Iterable[str]) -> list[TeamPerson]:
    """Who belongs to the teams, directly or by a group of a provider, and can be written to."""
    wanted = sorted(set(teams))
    belonging: dict[int, set[str]] = {}
    direct = select(team_member.c.user, team_member.c.team).where(team_member.c.team.in_(wanted))
    by_group = (
        select(user_group.c.user, team_group.c.team)
        .join(team_group, team_group.c.external == user_group.c.group_id)
        .where(team_group.c.team.in_(wanted))
    )
    for row in (*tx.all(direct), *tx.all(by_group)):
        belonging.setdefault(row["user"], set()).add(row["team"])
    c = user_account.c
    rows = tx.all(
        select(c.number, c.username, c.display_name, c.email)
        .where(c.is_active, c.email != "")
        .order_by(c.number)
    )
    always = {EVERYONE} & set(wanted)
    return [
        TeamPerson(row["number"], row["display_name"] or row["username"], row["email"], frozenset(inside))
        for row in rows
        if (inside := always | belonging.get(row["number"], set()))
    ]


def must_see_all_of_in(tx: Tx, ctx: Context, permission: str, teams: Iterable[str]) -> None:
    """For whoever has something sent elsewhere that these teams see: raises Forbidden unless they see it all themselves.

    No team means everything in the context's space.
    """
    named = list(teams)
    scopes = viewer_of_in(tx, named).scopes(permission, ctx.space) if named else [Scope()]
    for scope in scopes:
        must_hold(ctx, [permission], ctx.space, scope)


def user_exists_in(tx: Tx, id: str) -> bool:
    """Whether there is a user with exactly this id."""
    number = number_of(id)
    if number is None or user_id(number) != id:
        return False
    return tx.scalar(select(user_account.c.number).where(user_account.c.number == number)) is not None
