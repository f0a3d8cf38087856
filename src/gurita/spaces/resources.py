"""Spaces (api.md 4)."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.resource import SystemResource
from gurita.http.wire import Wire

__all__ = ["Icon", "Space"]


class Icon(Wire):
    """A picture from the icon set, and its colour."""

    id: str | None = None
    color: str | None = None


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
