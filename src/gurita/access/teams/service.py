"""Teams, user roles and scoped user roles: what every one of them must be, and those every server has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import delete, insert, select

from gurita.access import users
from gurita.access.teams import builtin
from gurita.access.teams.guards import (
    given_to_in,
    must_hold,
    must_hold_all_of_in,
    must_stay_administered_in,
    role_in,
)
from gurita.access.teams.reading import scope_of
from gurita.access.teams.records import SCOPED_USER_ROLES, TEAMS, USER_ROLES, team_group, team_member
from gurita.access.teams.resources import ScopedUserRole, Team, UserRole
from gurita.catalog.collection import Collection
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.kernel.ids import folded
from gurita.kernel.permissions import PERMISSIONS

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = [
    "ensure_built_in_in",
    "join_in",
    "keep_members_in",
    "leave_all_in",
    "people_in",
    "scoped_user_roles",
    "teams",
    "user_roles",
]


class Teams(Collection[Team]):
    """Teams of spaces and of the system."""

    kind, body, item = TEAMS, Team, "Team"
    path, permission = "teams", "Team"
    template = "{/id}{?skip,take,ids,partialName,spaces,includeSystem}"

    def prepare(self, tx: Tx, ctx: Context, before: Team | None, after: Team) -> Team:
        after = replace(
            after, member_user_ids=people_in(tx, after.member_user_ids), space_id=ctx.space or None
        )
        if before is None:
            return replace(
                after,
                can_be_deleted=True,
                can_be_renamed=True,
                can_change_roles=True,
                can_change_members=True,
            )
        after = replace(
            after,
            can_be_deleted=before.can_be_deleted,
            can_be_renamed=before.can_be_renamed,
            can_change_roles=before.can_change_roles,
            can_change_members=before.can_change_members,
        )
        if not before.can_be_renamed and after.name != before.name:
            raise Invalid(f"Name: '{before.name}' comes with the server and keeps its name.")
        changed = _belonging(before) != _belonging(after)
        if changed and not before.can_change_members:
            raise Invalid(
                f"MemberUserIds: everybody belongs to '{before.name}'; it has no members of its own."
            )
        if _belonging(after) - _belonging(before):
            must_hold_all_of_in(tx, ctx, before.id)
        return after

    def created(self, tx: Tx, ctx: Context, doc: Team) -> None:
        keep_members_in(tx, doc)

    def modified(self, tx: Tx, ctx: Context, before: Team, after: Team) -> None:
        if _belonging(before) != _belonging(after):
            keep_members_in(tx, after)
            must_stay_administered_in(tx)

    def deleting(self, tx: Tx, ctx: Context, doc: Team) -> None:
        if not doc.can_be_deleted:
            raise Conflict(f"The team '{doc.name}' comes with the server or its space and stays.")
        for given in given_to_in(tx, team=doc.id):
            scoped_user_roles.delete_in(tx, ctx.within(given.space_id or ""), given.id)
        tx.run(delete(team_member).where(team_member.c.team == doc.id))
        tx.run(delete(team_group).where(team_group.c.team == doc.id))
        must_stay_administered_in(tx)
        tx.notify(users.CHANGED)

    def links_of(self, links: Links, doc: Team) -> dict[str, str]:
        own = links.system(f"teams/{doc.id}")
        return {"Self": own, "ScopedUserRoles": f"{own}/scopeduserroles{{?skip,take}}"}


class UserRoles(Collection[UserRole]):
    """Roles of the system; where they reach, scoped user roles say."""

    kind, body, item, level = USER_ROLES, UserRole, "UserRole", "system"
    path, permission, words = "userroles", "UserRole", "user role"
    template = "{/id}{?skip,take,ids,partialName}"

    def permission_to(self, verb: str) -> str:
        return "UserRoleView" if verb == "View" else "UserRoleEdit"

    def problems(self, doc: UserRole) -> Sequence[str]:
        return [
            *_unknown("GrantedSpacePermissions", doc.granted_space_permissions, space=True),
            *_unknown("GrantedSystemPermissions", doc.granted_system_permissions, space=False),
        ]

    def prepare(self, tx: Tx, ctx: Context, before: UserRole | None, after: UserRole) -> UserRole:
        after = replace(
            after,
            granted_space_permissions=sorted(set(after.granted_space_permissions)),
            granted_system_permissions=sorted(set(after.granted_system_permissions)),
            space_permission_descriptions=[],
            system_permission_descriptions=[],
            supported_restrictions=[],
            can_be_deleted=before.can_be_deleted if before else True,
        )
        for given in given_to_in(tx, role=before.id) if before else ():
            space = given.space_id or ""
            added = set(_granted(after, space)) - set(_granted(before, space) if before else ())
            must_hold(ctx, added, space, scope_of(given))
        return after

    def modified(self, tx: Tx, ctx: Context, before: UserRole, after: UserRole) -> None:
        must_stay_administered_in(tx)
        tx.notify(users.CHANGED)

    def deleting(self, tx: Tx, ctx: Context, doc: UserRole) -> None:
        if not doc.can_be_deleted:
            raise Conflict(f"The user role '{doc.name}' comes with the server and stays.")

    def present(self, tx: Tx, ctx: Context, docs: list[UserRole]) -> list[UserRole]:
        return [_described(doc) for doc in docs]


class ScopedUserRoles(Collection[ScopedUserRole]):
    """Which role a team has where."""

    kind, body, item = SCOPED_USER_ROLES, ScopedUserRole, "ScopedUserRole"
    path, permission, words = "scopeduserroles", "Team", "scoped user role"
    template = "{/id}{?skip,take,ids,partialName,spaces,includeSystem}"

    def permission_to(self, verb: str) -> str:
        return "TeamView" if verb == "View" else "TeamEdit"

    def prepare(
        self, tx: Tx, ctx: Context, before: ScopedUserRole | None, after: ScopedUserRole
    ) -> ScopedUserRole:
        after = replace(after, space_id=ctx.space or None)
        if before and (after.team_id, after.user_role_id) != (before.team_id, before.user_role_id):
            raise Invalid("TeamId, UserRoleId: these stay as they are. Delete this and make another.")
        team, role = _team(tx, ctx, after.team_id), role_in(tx, after.user_role_id)
        if role is None:
            raise Invalid(f"UserRoleId: there is no user role '{after.user_role_id}'.")
        if not team.can_change_roles:
            raise Invalid(f"TeamId: the roles of '{team.name}' come with the server and stay.")
        if found := _scope_problems(after):
            raise Invalid(*found)
        must_hold(ctx, _granted(role, ctx.space), ctx.space, scope_of(after))
        return after

    def created(self, tx: Tx, ctx: Context, doc: ScopedUserRole) -> None:
        tx.notify(users.CHANGED)

    def modified(self, tx: Tx, ctx: Context, before: ScopedUserRole, after: ScopedUserRole) -> None:
        tx.notify(users.CHANGED)

    def delete_in(self, tx: Tx, ctx: Context, id: str) -> None:
        super().delete_in(tx, ctx, id)
        if not ctx.space:
            must_stay_administered_in(tx)

    def deleting(self, tx: Tx, ctx: Context, doc: ScopedUserRole) -> None:
        team = _team(tx, ctx, doc.team_id)
        if not team.can_change_roles:
            raise Conflict(f"The roles of '{team.name}' come with the server and stay.")
        tx.notify(users.CHANGED)


teams, user_roles, scoped_user_roles = Teams(), UserRoles(), ScopedUserRoles()


def ensure_built_in_in(tx: Tx) -> None:
    """Makes the roles and teams every server has, and gives roles of older servers what is new in them."""
    _ensure_roles_in(tx)
    groups = TEAMS.open(tx, "")
    known = groups.all()
    ids, taken = {each.id for each in known}, {folded(each.name) for each in known}
    for team, role in builtin.teams(taken):
        if team.id not in ids:
            groups.insert(team)
            if role:
                SCOPED_USER_ROLES.open(tx, "").insert(ScopedUserRole(user_role_id=role, team_id=team.id))


def _ensure_roles_in(tx: Tx) -> None:
    roles = USER_ROLES.open(tx, "")
    present = {each.id: each for each in roles.all()}
    for built_in in builtin.ROLES:
        spaces = sorted(name for name in built_in.permissions if PERMISSIONS[name].space)
        wanted = UserRole(
            id=built_in.id,
            name=built_in.name,
            description=built_in.description,
            granted_space_permissions=[] if built_in.of_system else spaces,
            granted_system_permissions=sorted(built_in.permissions) if built_in.of_system else [],
            can_be_deleted=False,
        )
        had = present.get(built_in.id)
        if had is None:
            roles.insert(wanted)
        elif _lacks_only_what_is_new(had, wanted):
            new = replace(had, granted_space_permissions=wanted.granted_space_permissions)
            roles.update(new, had.version)


def _lacks_only_what_is_new(role: UserRole, wanted: UserRole) -> bool:
    """Whether a role is one that nobody changed, of a server that did not know all permissions of this one yet."""
    missing = set(wanted.granted_space_permissions) - set(role.granted_space_permissions)
    return role.id == builtin.SPACE_MANAGER and missing == builtin.NEW_IN_SPACES


def join_in(tx: Tx, team: str, user: int) -> None:
    """Makes a user a member of a team, whoever asks: for first starts and invitations."""
    found = TEAMS.open(tx, _space_of(tx, team)).get(team)
    id = users.user_id(user)
    if id not in found.member_user_ids:
        changed = replace(found, member_user_ids=[*found.member_user_ids, id])
        found = TEAMS.open(tx, found.space_id or "").update(changed, found.version)
    keep_members_in(tx, found)


def leave_all_in(tx: Tx, user: int) -> None:
    """Takes a user out of all teams: for whoever is deleted."""
    id = users.user_id(user)
    for row in tx.all(select(team_member.c.team).where(team_member.c.user == user)):
        found = TEAMS.open(tx, _space_of(tx, row["team"])).get(row["team"])
        left = [each for each in found.member_user_ids if each != id]
        after = TEAMS.open(tx, found.space_id or "").update(
            replace(found, member_user_ids=left), found.version
        )
        keep_members_in(tx, after)


def _space_of(tx: Tx, team: str) -> str:
    space = tx.scalar(select(TEAMS.c.space_id).where(TEAMS.c.id == team))
    if space is None:
        raise NotFound(team)
    return str(space)


def _team(tx: Tx, ctx: Context, id: str) -> Team:
    """A team that may have roles in the context's space: the space's own, or the system's. Raises Invalid."""
    row = tx.one(select(TEAMS.c.space_id, TEAMS.c.body).where(TEAMS.c.id == id))
    if row is None or row["space_id"] not in ("", ctx.space):
        where = "this space or the system" if ctx.space else "the system"
        raise Invalid(
            f"TeamId: there is no team '{id}' in {where}. A space's team has roles in its own space only."
        )
    return TEAMS.codec.read(row["body"], Team)


def people_in(tx: Tx, ids: Iterable[str]) -> list[str]:
    """The ids of users as they are written, once each. Raises Invalid."""
    found: dict[str, None] = {}
    for place, id in enumerate(ids):
        try:
            row = users.find(tx, id)
        except NotFound:
            raise Invalid(f"MemberUserIds[{place}]: there is no user '{id}'.") from None
        if users.is_guest(row):
            raise Invalid(f"MemberUserIds[{place}]: anybody may be the guest, who belongs to no team.")
        found[users.user_id(row["number"])] = None
    return list(found)


def _belonging(team: Team) -> set[str]:
    return {*team.member_user_ids, *(f"group {one.id}" for one in team.external_security_groups)}


def keep_members_in(tx: Tx, team: Team) -> None:
    """Brings the other direction up to date."""
    tx.run(delete(team_member).where(team_member.c.team == team.id))
    tx.run(delete(team_group).where(team_group.c.team == team.id))
    numbers = [number for id in team.member_user_ids if (number := users.number_of(id)) is not None]
    for number in numbers:
        tx.run(insert(team_member).values(team=team.id, user=number))
    for external in sorted({one.id for one in team.external_security_groups}):
        tx.run(insert(team_group).values(team=team.id, external=external))
    tx.notify(users.CHANGED)


def _granted(role: UserRole, space: str) -> list[str]:
    return role.granted_space_permissions if space else role.granted_system_permissions


def _unknown(member: str, names: Sequence[str], *, space: bool) -> list[str]:
    found = []
    for name in names:
        known = PERMISSIONS.get(name)
        if known is None:
            found.append(f"{member}: there is no permission '{name}'.")
        elif not (known.space if space else known.system):
            found.append(f"{member}: {name} is given {'in the system' if space else 'in spaces'} only.")
    return found


def _described(role: UserRole) -> UserRole:
    spaces = [PERMISSIONS[name] for name in role.granted_space_permissions if name in PERMISSIONS]
    system = [PERMISSIONS[name] for name in role.granted_system_permissions if name in PERMISSIONS]
    return replace(
        role,
        space_permission_descriptions=[one.description for one in spaces],
        system_permission_descriptions=[one.description for one in system],
        supported_restrictions=sorted({each for one in spaces for each in one.restrictions}),
    )


def _scope_problems(given: ScopedUserRole) -> list[str]:
    lists = (
        ("ProjectIds", given.project_ids),
        ("ProjectGroupIds", given.project_group_ids),
        ("EnvironmentIds", given.environment_ids),
        ("TenantIds", given.tenant_ids),
    )
    if not given.space_id:
        return [f"{name}: a role in the system has no scope. Leave it empty." for name, ids in lists if ids]
    if given.tenant_ids:
        return [
            "TenantIds: this server has no tenants yet, so nothing can be narrowed to some. Leave it empty."
        ]
    return [f"{name}: '{id}' is given twice." for name, ids in lists for id in _twice(ids)]


def _twice(ids: Sequence[str]) -> list[str]:
    return sorted({id for id in ids if ids.count(id) > 1})
