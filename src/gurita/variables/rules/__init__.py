"""Pure rules of variable sets."""

from __future__ import annotations

from gurita.variables.rules.book import Book, Chosen, evaluate, tied_names
from gurita.variables.rules.choosing import (
    ScopedVariable,
    SecretRef,
    choices,
    here,
    may_apply,
    scoped,
)
from gurita.variables.rules.prompting import (
    Question,
    answers,
    form,
    missing_answers,
    questions,
    wrong_answers,
)
from gurita.variables.rules.saving import check, completed, control_of, scoped_ids
from gurita.variables.rules.typing import ACCOUNT_TYPES_OF, REFERENCING, is_reference, referenced_kind
from gurita.variables.rules.warning import short_secrets, warnings

__all__ = [
    "ACCOUNT_TYPES_OF",
    "REFERENCING",
    "Book",
    "Chosen",
    "Question",
    "ScopedVariable",
    "SecretRef",
    "answers",
    "check",
    "choices",
    "completed",
    "control_of",
    "evaluate",
    "form",
    "here",
    "is_reference",
    "may_apply",
    "missing_answers",
    "questions",
    "referenced_kind",
    "scoped",
    "scoped_ids",
    "short_secrets",
    "tied_names",
    "warnings",
    "wrong_answers",
]
