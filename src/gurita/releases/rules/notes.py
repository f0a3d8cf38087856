"""Notes and changes as text, with variables filled in."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.formats.variables import Variables

__all__ = ["filled"]


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known filled in; as it is if that cannot be done."""
    try:
        return Variables(known).evaluate(text).text
    except ValueError:
        return text
