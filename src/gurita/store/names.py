"""Names and slugs of documents: checked, compared folded, told apart."""

from __future__ import annotations

from collections.abc import Iterable

from gurita.kernel.errors import Invalid
from gurita.kernel.ids import folded, slugged

__all__ = ["LONGEST_NAME", "checked_fold", "free_slug", "slug_base"]

LONGEST_NAME = 200
_LONGEST_FOLD = 2000  # bytes; an index of PostgreSQL takes some 2,700


def checked_fold(name: str, field: str) -> str:
    """The name as it is compared. Raises Invalid for one that is blank or too long, naming the member."""
    fold = folded(name)
    if not fold:
        raise Invalid(f"{field}: must not be empty. Use 1 to {LONGEST_NAME} characters.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"{field}: has {len(name)} characters. Use at most {LONGEST_NAME}.")
    if "\0" in name:
        raise Invalid(f"{field}: holds a NUL character. Remove it.")
    if len(fold.encode()) > _LONGEST_FOLD:
        raise Invalid(f"{field}: is too long once its characters are written out. Use a shorter one.")
    return fold


def slug_base(name: str) -> str:
    """The slug a name would like to have, short enough for a number behind it."""
    return slugged(name)[: LONGEST_NAME - 10].strip("-") or "item"


def free_slug(base: str, taken: Iterable[str]) -> str:
    """`base`, or `base-1`, `base-2`… : the first that is not taken."""
    used = set(taken)
    if base not in used:
        return base
    number = 1
    while f"{base}-{number}" in used:
        number += 1
    return f"{base}-{number}"
