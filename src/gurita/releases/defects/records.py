"""How defects are stored."""

from __future__ import annotations

from sqlalchemy import Text

from gurita.releases.defects.resources import Defect
from gurita.store.documents import DocumentKind, Indexed

__all__ = ["DEFECTS"]

DEFECTS = DocumentKind(
    "Defects",
    Defect,
    label=None,
    columns=[
        Indexed("release_id", Text, lambda defect: defect.release_id),
        Indexed("status", Text, lambda defect: defect.status),
    ],
    order=("-number",),
)
"""They go with their release (`gurita.releases.defects.service`), so they do not refer to it: a reference would hold it."""
