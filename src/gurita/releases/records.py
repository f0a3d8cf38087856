"""Where releases are stored: newest first, unique by version within a project."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Text

from gurita.catalog.visibility import Lying
from gurita.releases.resources import Release
from gurita.releases.rules import sort_key
from gurita.store.documents import DocumentKind, Indexed, Reference

__all__ = ["RELEASES"]


def _references(release: Release) -> Iterator[Reference]:
    yield Reference("ProjectId", "Projects", release.project_id)
    yield Reference("ChannelId", "Channels", release.channel_id)


RELEASES = DocumentKind(
    "Releases",
    Release,
    label="number",
    parent=lambda release: release.project_id,
    columns=[
        Indexed("project_id", Text, lambda release: release.project_id),
        Indexed("channel_id", Text, lambda release: release.channel_id),
        Indexed("sort_key", Text, lambda release: sort_key(release.number)),
    ],
    references=_references,
    visible=Lying("ReleaseView", project="project_id"),
    order=("-number",),
)
