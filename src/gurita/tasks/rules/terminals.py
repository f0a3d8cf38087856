"""What a line says to people: its text without the colours, titles and links a terminal would take out of it."""

from __future__ import annotations

import re

__all__ = ["bare"]

_ESCAPE = "\x1b"
_SEQUENCES = re.compile(
    # Titles, links and other strings for the terminal, to their end or that of the line.
    r"\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    # Colours, weights, and where the cursor goes.
    r"|\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]"
)


def bare(text: str) -> str:
    """The text as it is read on a page. Line breaks stay, so that lines keep their numbers."""
    return _SEQUENCES.sub("", text) if _ESCAPE in text else text
