"""Pure rules of variable sets."""

from __future__ import annotations

from gurita.variables.rules.saving import check, completed, scoped_ids

__all__ = ["check", "completed", "scoped_ids"]
