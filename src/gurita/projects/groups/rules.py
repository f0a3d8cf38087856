"""What a project group must be like."""

from __future__ import annotations

from gurita.catalog.rules import name_problems, slug_problems, text_problems
from gurita.projects.groups.resources import ProjectGroup

__all__ = ["problems"]


def problems(group: ProjectGroup) -> list[str]:
    """Every fault of a project group a client sends."""
    return [*name_problems(group.name), *slug_problems(group.slug), *text_problems(group.description)]
