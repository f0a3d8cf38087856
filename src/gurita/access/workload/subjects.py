"""Subjects with wildcards: `*` any characters, `?` one. Pure, and linear in the length of what is compared."""

from __future__ import annotations

__all__ = ["fits", "problem"]

MOST_STARS = 5
LONGEST = 500
_SHORTEST_BEGINNING = 4


def problem(pattern: str) -> str:
    """Why a pattern may not be used; "" when it may."""
    if not pattern.strip() or len(pattern) > LONGEST or not pattern.isprintable():
        return f"must have 1 to {LONGEST} characters."
    if pattern.count("*") > MOST_STARS:
        return f"has more than {MOST_STARS} '*'."
    beginning = pattern.replace("?", "*").partition("*")[0]
    if beginning != pattern and len(beginning) < _SHORTEST_BEGINNING:
        return f"must begin with at least {_SHORTEST_BEGINNING} characters that are meant, or everybody's tokens of this issuer would do."
    return ""


def fits(pattern: str, subject: str) -> bool:
    """Whether a subject is one of those the pattern means, in the same case."""
    at, place, star, back = 0, 0, -1, 0
    while place < len(subject):
        if at < len(pattern) and pattern[at] == "*":
            star, back = at, place
            at += 1
        elif at < len(pattern) and (pattern[at] == "?" or pattern[at] == subject[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            back += 1
            at, place = star + 1, back
        else:
            return False
    return not pattern[at:].strip("*")
