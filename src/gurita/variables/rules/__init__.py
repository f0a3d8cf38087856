"""Pure rules of variable sets."""

from __future__ import annotations

from gurita.variables.rules.choosing import (
    ScopedVariable,
    SecretRef,
    choices,
    evaluate,
    here,
    may_apply,
    scoped,
    tied_names,
)
from gurita.variables.rules.prompting import answers, form, missing_answers
from gurita.variables.rules.saving import check, completed, scoped_ids

__all__ = [
    "ScopedVariable",
    "SecretRef",
    "answers",
    "check",
    "choices",
    "completed",
    "evaluate",
    "form",
    "here",
    "may_apply",
    "missing_answers",
    "scoped",
    "scoped_ids",
    "tied_names",
]
