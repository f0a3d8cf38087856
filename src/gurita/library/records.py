"""Where library variable sets are stored."""

from __future__ import annotations

from sqlalchemy import Text

from gurita.library.resources import LibraryVariableSet
from gurita.store.documents import DocumentKind, Indexed

__all__ = ["LIBRARY_SETS"]

LIBRARY_SETS = DocumentKind(
    "LibraryVariableSets",
    LibraryVariableSet,
    columns=[Indexed("content_type", Text, lambda doc: doc.content_type)],
)
