"""The arguments of a script: a line as somebody writes it for a shell, with `#{…}` in it, and no shell ever sees it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from gurita.formats.variables import Variables

__all__ = ["words_of"]

_BLOCK = re.compile(r"#\{\s*/?\s*(?:if|unless|each|else|elseif)\b", re.IGNORECASE)
_FIRST = 0xE000
_MOST = 6400
"""Code points for private use: from U+E000, as many."""


def words_of(text: str, variables: Variables) -> tuple[tuple[str, ...], str]:
    """The words as a POSIX shell parts them, and one sentence on references that could not be replaced.

    As in a shell, a value in quotes is one word or a part of one, whatever is in it; without quotes it is parted like the
    rest. Raises ValueError for a quote without end, VariableError for what cannot be evaluated.
    """
    if "#{" not in text:
        return tuple(shlex.split(text)), ""
    if _BLOCK.search(text) or any(_FIRST <= ord(sign) < _FIRST + _MOST for sign in text):
        whole = variables.evaluate(text)
        return tuple(shlex.split(whole.text)), whole.complaint
    held: list[str] = []
    parts: list[str] = []
    for part, quoted in _parts(text):
        if quoted and len(held) < _MOST:
            parts.append(chr(_FIRST + len(held)))
            held.append(part)
        else:
            parts.append(part)
    line = variables.evaluate("".join(parts))
    values = [variables.evaluate(reference) for reference in held]
    complaints = [each.complaint for each in (line, *values) if each.complaint]
    filled = {_FIRST + number: value.text for number, value in enumerate(values)}
    words = tuple(word.translate(filled) for word in shlex.split(line.text))
    return words, ". ".join(dict.fromkeys(complaints))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces: references, with whether they stand in quotes, and what is between."""
    at, quote = 0, ""
    while at < len(text):
        sign = text[at]
        if text.startswith("#{", at) and (end := _end(text, at)):
            yield text[at:end], bool(quote)
            at = end
            continue
        taken = 2 if sign == "\\" and quote != "'" else 1
        if text.startswith("##{", at):
            taken = 3
        elif sign == quote:
            quote = ""
        elif not quote and sign in "'\"":
            quote = sign
        yield text[at : at + taken], False
        at += taken


def _end(text: str, start: int) -> int:
    """Where the reference that begins at `start` ends; 0 when it does not."""
    depth = 0
    for at in range(start + 1, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at + 1
    return 0
