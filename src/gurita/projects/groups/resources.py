"""Project groups (api.md 4)."""

from __future__ import annotations

from msgspec import field

from gurita.catalog.resource import NamedResource

__all__ = ["ProjectGroup"]


class ProjectGroup(NamedResource):
    """Projects shown together. `retention_policy_id` is of old and only kept."""

    environment_ids: list[str] = field(default_factory=list)
    retention_policy_id: str | None = None
