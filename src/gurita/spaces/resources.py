"""Spaces (api.md 4)."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.resource import Icon, SystemResource

__all__ = ["Space"]


class Space(SystemResource, kw_only=True):
    """A walled-off part of the server with everything people edit inside."""

    name: str
    slug: str = ""
    description: str | None = ""
    is_default: bool = False
    is_private: bool = False
    task_queue_stopped: bool = False
    space_managers_teams: list[str] = field(default_factory=list)
    space_managers_team_members: list[str] = field(default_factory=list)
    icon: Icon | None = None
