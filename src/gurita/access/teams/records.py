"""Teams, user roles and scoped user roles as documents, and who belongs to which team."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from gurita.access.teams.resources import ScopedUserRole, Team, UserRole
from gurita.store.documents import DocumentKind, Indexed, Reference
from gurita.store.tables import metadata

__all__ = ["SCOPED_USER_ROLES", "TEAMS", "USER_ROLES", "team_group", "team_member"]

_Big = BigInteger().with_variant(Integer, "sqlite")

TEAMS = DocumentKind("Teams", Team, table="team")
USER_ROLES = DocumentKind("UserRoles", UserRole, title="user role")


def _references(doc: ScopedUserRole) -> Iterable[Reference]:
    yield Reference("UserRoleId", "UserRoles", doc.user_role_id, space="")
    yield Reference("TeamId", "Teams", doc.team_id)
    for member, kind, ids in (
        ("ProjectIds", "Projects", doc.project_ids),
        ("ProjectGroupIds", "ProjectGroups", doc.project_group_ids),
        ("EnvironmentIds", "Environments", doc.environment_ids),
    ):
        for place, id in enumerate(ids):
            yield Reference(f"{member}[{place}]", kind, id)


SCOPED_USER_ROLES = DocumentKind(
    "ScopedUserRoles",
    ScopedUserRole,
    title="scoped user role",
    label=None,
    columns=[
        Indexed("team", Text, lambda doc: doc.team_id),
        Indexed("role", Text, lambda doc: doc.user_role_id),
    ],
    references=_references,
    order=("number",),
)

team_member = Table(
    "team_member",
    metadata,
    Column("team", Text, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), primary_key=True),
)
"""Who belongs to a team directly: what `MemberUserIds` says, for the other direction."""
Index("team_member_user", team_member.c.user)

team_group = Table(
    "team_group",
    metadata,
    Column("team", Text, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True),
    Column("external", Text, primary_key=True),
)
"""Groups of other providers whose people belong to a team, by the provider's own id."""
Index("team_group_external", team_group.c.external)
