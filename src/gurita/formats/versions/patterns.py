"""Regular expressions people write into rules."""

from __future__ import annotations

import re

__all__ = ["LONGEST_PATTERN", "Pattern", "PatternError"]

LONGEST_PATTERN = 200


class PatternError(ValueError):
    """A text is no regular expression that may be used here; the message says why, without a dot at its end."""


class Pattern:
    """A regular expression. Raises PatternError."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_PATTERN:
            raise PatternError("has {} characters; at most {}".format(len(text), LONGEST_PATTERN))
        try:
            self._compiled = re.compile(text)
        except re.error as error:
            raise PatternError("'{}' is no regular expression: {}".format(text, error)) from None

    def found_in(self, text: str) -> bool:
        """Whether it matches anywhere in the text."""
        return self._compiled.search(text) is not None
