"""Values that are text or a secret."""

from __future__ import annotations

from typing import TypeAlias

from gurita.http.sensitive_value import SensitiveValue

__all__ = ["PropertyValue"]

PropertyValue: TypeAlias = str | bool | int | float | SensitiveValue | None
"""What a property may be on input. Stored are only texts and secrets: `True` and `3` become their text, null goes."""
