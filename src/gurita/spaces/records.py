"""How spaces are stored: at the level of the system; and who sees which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gurita.spaces.resources import Space
from gurita.store.documents import DocumentKind

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from gurita.http.context import Viewer

__all__ = ["SPACES"]


def _seen(
    viewer: Viewer, columns: ReadOnlyColumnCollection[str, Column[Any]], _space: str
) -> ColumnElement[bool] | None:
    """Whoever sees spaces sees all of them; others see those in which they were given anything."""
    return None if viewer.may("SpaceView", "") else columns.id.in_(sorted(viewer.inside))


SPACES = DocumentKind("Spaces", Space, visible=_seen)
