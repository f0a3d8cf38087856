"""How project groups are stored."""

from __future__ import annotations

from collections.abc import Iterator

from gurita.catalog.visibility import Lying
from gurita.projects.groups.resources import ProjectGroup
from gurita.store.documents import DocumentKind, Reference

__all__ = ["PROJECT_GROUPS"]


def _references(group: ProjectGroup) -> Iterator[Reference]:
    for place, id in enumerate(group.environment_ids):
        yield Reference(f"EnvironmentIds[{place}]", "Environments", id)


PROJECT_GROUPS = DocumentKind(
    "ProjectGroups", ProjectGroup, references=_references, visible=Lying("ProjectGroupView", group="id")
)
