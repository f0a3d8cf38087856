"""Teams, user roles and scoped user roles as the API shows them (api.md §3)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from gurita.catalog.resource import SystemResource
from gurita.http.wire import Name, Wire

__all__ = ["ExternalGroup", "ScopedUserRole", "Team", "UserRole"]

_Text = Annotated[str, Meta(max_length=20_000)]


class ExternalGroup(Wire, kw_only=True):
    """A group of another provider whose people belong to a team. `id` is what the provider calls it."""

    id: Name
    display_name: str | None = None
    display_id_and_name: bool = False


class Team(SystemResource, kw_only=True):
    """People who are given roles together. Without a space it is a team of the system, usable in every space."""

    name: Name
    slug: str = ""
    description: _Text | None = ""
    space_id: str | None = None
    member_user_ids: Annotated[list[str], Meta(max_length=10_000)] = field(default_factory=list)
    external_security_groups: Annotated[list[ExternalGroup], Meta(max_length=1_000)] = field(
        default_factory=list
    )
    can_be_deleted: bool = True
    can_be_renamed: bool = True
    can_change_roles: bool = True
    can_change_members: bool = True


class UserRole(SystemResource, kw_only=True):
    """A set of permissions by name. The descriptions and restrictions are filled in on output."""

    name: Name
    description: _Text | None = ""
    granted_space_permissions: list[str] = field(default_factory=list)
    granted_system_permissions: list[str] = field(default_factory=list)
    space_permission_descriptions: list[str] = field(default_factory=list)
    system_permission_descriptions: list[str] = field(default_factory=list)
    supported_restrictions: list[str] = field(default_factory=list)
    can_be_deleted: bool = True


class ScopedUserRole(SystemResource, kw_only=True):
    """A role given to a team in a space (in the system without one), narrowed to places; empty lists narrow nothing."""

    user_role_id: str
    team_id: str
    space_id: str | None = None
    project_ids: list[str] = field(default_factory=list)
    project_group_ids: list[str] = field(default_factory=list)
    environment_ids: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
