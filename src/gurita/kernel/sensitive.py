"""A value that cannot be shown by accident."""

from __future__ import annotations

import hmac
from typing import NoReturn

__all__ = ["Sensitive"]

_MASK = "********"


class Sensitive:
    """Text that has no useful `repr`, `str`, format, JSON or pickle.

    Only `gurita.secrets.opening.reveal` reads what is inside; import-linter and a test keep it that way.
    Two are equal when their texts are, compared in constant time; they are not hashable, so that a secret
    never becomes a key of something that is later printed.
    """

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Sensitive(********)"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return _MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sensitive):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sensitive cannot be pickled or copied; pass the object itself")
