"""How a space's retention is stored, once somebody has changed it."""

from __future__ import annotations

from gurita.lifecycles.retention.resources import RetentionPolicy
from gurita.store.documents import DocumentKind

__all__ = ["POLICIES", "id_of"]

POLICIES = DocumentKind("RetentionPolicies", RetentionPolicy, label=None)


def id_of(space: str, kind: str) -> str:
    """The id of a space's policy of a kind."""
    return f"RetentionPolicies-{kind}-{space}"
