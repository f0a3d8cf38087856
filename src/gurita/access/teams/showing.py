"""What somebody may do, as the API tells it."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from gurita.access import users
from gurita.access.resources import PermissionSet, Restriction, TeamName
from gurita.access.rules.evaluating import Grants, may, scopes_of
from gurita.access.teams.reading import grants_in, teams_of_in
from gurita.access.teams.records import TEAMS
from gurita.access.teams.resources import Team
from gurita.kernel.permissions import PERMISSIONS
from gurita.kernel.places import Scope
from gurita.store.kinds import KINDS
from gurita.store.tx import Tx

__all__ = ["held_in", "permission_set_in", "teams_in"]


def held_in(tx: Tx, row: RowMapping) -> Grants:
    """What the user of a row was given."""
    return grants_in(tx, row["number"], active=row["is_active"])


def teams_in(tx: Tx, row: RowMapping) -> list[TeamName]:
    """The teams of the user of a row, by name."""
    why = teams_of_in(tx, row["number"])
    rows = tx.all(select(TEAMS.c.body).where(TEAMS.c.id.in_(sorted(why))).order_by(TEAMS.c.folded))
    found = [TEAMS.codec.read(each["body"], Team) for each in rows]
    return [
        TeamName(
            id=team.id,
            name=team.name,
            space_id=team.space_id,
            is_directly_assigned=not why[team.id],
            external_group_names=why[team.id],
        )
        for team in found
    ]


def permission_set_in(tx: Tx, row: RowMapping, links: dict[str, str]) -> PermissionSet:
    """All that the user of a row may do, and where."""
    grants = held_in(tx, row)
    spaces = _spaces_in(tx) if grants.private else sorted({one.space for one in grants.given if one.space})
    held = {name: _restrictions(grants, name, spaces) for name, one in PERMISSIONS.items() if one.space}
    return PermissionSet(
        id=users.user_id(row["number"]),
        space_permissions={name: found for name, found in held.items() if found},
        system_permissions=[
            name for name, one in PERMISSIONS.items() if one.system and may(grants, name, "")
        ],
        teams=teams_in(tx, row),
        links=links,
    )


def _spaces_in(tx: Tx) -> list[str]:
    c = KINDS["Spaces"].c
    return [row["id"] for row in tx.all(select(c.id).order_by(c.number))]


def _restrictions(grants: Grants, permission: str, spaces: list[str]) -> list[Restriction]:
    if grants.administrator and not grants.private:
        return [Restriction()]
    return [_restriction(scope, space) for space in spaces for scope in scopes_of(grants, permission, space)]


def _restriction(scope: Scope, space: str) -> Restriction:
    return Restriction(
        space_id=space,
        restricted_to_project_ids=sorted(scope.projects),
        restricted_to_project_group_ids=sorted(scope.groups),
        restricted_to_environment_ids=sorted(scope.environments),
        restricted_to_tenant_ids=sorted(scope.tenants),
    )
