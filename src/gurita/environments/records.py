"""How environments are stored."""

from __future__ import annotations

from sqlalchemy import Integer

from gurita.catalog.visibility import Lying
from gurita.environments.resources import Environment
from gurita.store.documents import DocumentKind, Indexed

__all__ = ["ENVIRONMENTS"]

ENVIRONMENTS = DocumentKind(
    "Environments",
    Environment,
    columns=[Indexed("sort_order", Integer, lambda doc: doc.sort_order)],
    order=("sort_order", "folded"),
    visible=Lying("EnvironmentView", environments="id"),
)
