"""File patterns with `*`, `?`, `**`, `[…]` and `{a,b}` (runtime formats 5.2), matched against paths with forward slashes."""

from __future__ import annotations

import re
from typing import Iterable, List, Pattern

__all__ = ["LONGEST_GLOB", "GlobError", "compiled", "matches"]

LONGEST_GLOB = 1000
"""Characters of a pattern."""


class GlobError(ValueError):
    """A pattern that cannot be read; the message names it."""


def compiled(glob: str) -> "Pattern[str]":
    """The pattern as a regular expression for `fullmatch` on a path relative to where the pattern starts.

    `*` and `?` stay within one name, `**` crosses folders. A backslash is a separator. Raises GlobError.
    """
    text = glob.strip().replace("\\", "/")
    while text.startswith("./"):
        text = text[2:]
    if len(text) > LONGEST_GLOB:
        raise GlobError(f"A pattern has at most {LONGEST_GLOB} characters: {text[:60]}...")
    text = re.sub(r"(\*\*/)+", "**/", re.sub(r"\*{3,}", "**", text))
    try:
        return re.compile(_translated(text, glob), re.DOTALL)
    except re.error:
        raise GlobError(f"The pattern '{glob}' cannot be read.") from None


def matches(path: str, globs: "Iterable[Pattern[str]]") -> bool:
    """Whether one of the compiled patterns fits the whole path."""
    return any(glob.fullmatch(path) for glob in globs)


def _translated(text: str, glob: str) -> str:
    out: List[str] = []
    at = open_braces = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == "*":
            if text[at : at + 1] == "*":
                crosses = text[at + 1 : at + 2] == "/"
                out.append("(?:[^/]+/)*" if crosses else ".*")
                at += 2 if crosses else 1
            else:
                out.append("[^/]*")
        elif character == "?":
            out.append("[^/]")
        elif character == "[":
            at = _class(text, at, out, glob)
        elif character == "{":
            open_braces += 1
            out.append("(?:")
        elif character == "}" and open_braces:
            open_braces -= 1
            out.append(")")
        else:
            out.append("|" if character == "," and open_braces else re.escape(character))
    if open_braces:
        raise GlobError(f"The pattern '{glob}' opens a brace and does not close it.")
    return "".join(out)


def _class(text: str, at: int, out: List[str], glob: str) -> int:
    """Translate `[…]` from behind its bracket; where to go on."""
    end = text.find("]", at + (2 if text[at : at + 1] in ("!", "^") else 1))
    if end < 0:
        raise GlobError(f"The pattern '{glob}' opens a bracket and does not close it.")
    inner = text[at:end]
    denied = inner[:1] in ("!", "^")
    inner = re.sub(r"([\\\[\]&~|^])", r"\\\1", inner[1:] if denied else inner)
    out.append(f"(?!/)[{'^' if denied else ''}{inner}]")
    return end + 1
