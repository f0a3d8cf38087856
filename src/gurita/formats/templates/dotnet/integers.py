"""Whole numbers as .NET reads them (.NET API browser, system.int32.parse)."""

from __future__ import annotations

import re
from typing import Optional

__all__ = ["read_int32"]

_WHOLE = re.compile(r"[\t-\r ]*([+-]?[0-9]{1,20})[\t-\r ]*\0*")


def read_int32(text: str) -> Optional[int]:
    """A number of 32 bits, white space and a sign allowed; None when it is none."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    value = int(found.group(1))
    return value if -(2**31) <= value < 2**31 else None
