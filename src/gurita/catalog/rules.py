"""Rules many resources share. Each returns sentences naming the member, the problem and the way out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from gurita.kernel.ids import folded

__all__ = [
    "LONGEST_LIST",
    "LONGEST_NAME",
    "LONGEST_TEXT",
    "list_problems",
    "name_problems",
    "parse_span",
    "slug_problems",
    "span_problems",
    "text_problems",
    "without_doubles",
]

LONGEST_NAME = 200
LONGEST_TEXT = 20_000
LONGEST_LIST = 1_000

_SPAN = re.compile(r"(?:(\d{1,7})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,7}))?", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", re.ASCII)
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")


def name_problems(value: str, member: str = "Name", most: int = LONGEST_NAME) -> list[str]:
    """What is wrong with a name: empty, too long, or holding characters nobody sees."""
    if not value.strip():
        return [f"{member}: must not be empty. Use 1 to {most} characters."]
    if len(value) > most:
        return [f"{member}: has {len(value)} characters. Use at most {most}."]
    for place, character in enumerate(value, 1):
        if unicodedata.category(character) in _UNSEEN:
            return [
                f"{member}: has the control character U+{ord(character):04X} at place {place}. Remove it."
            ]
    return []


def slug_problems(value: str) -> list[str]:
    """What is wrong with a slug a client gives; an empty one is made from the name."""
    if not value or (len(value) <= LONGEST_NAME and _SLUG.fullmatch(value)):
        return []
    return [
        (
            f"Slug: '{value[:60]}' cannot stand in an address. Use lower-case letters, digits and single dashes, "
            f"at most {LONGEST_NAME} characters, or leave it out to have one made from the name."
        )
    ]


def text_problems(value: str | None, member: str = "Description", most: int = LONGEST_TEXT) -> list[str]:
    """What is wrong with a free text: only its length."""
    if value is None or len(value) <= most:
        return []
    return [f"{member}: has {len(value)} characters. Use at most {most}."]


def list_problems(values: Iterable[str], member: str, most: int = LONGEST_LIST) -> list[str]:
    """What is wrong with a list of names: its length, or one of the names."""
    listed = list(values)
    if len(listed) > most:
        return [f"{member}: has {len(listed)} entries. Use at most {most}."]
    return [
        problem
        for place, value in enumerate(listed)
        for problem in name_problems(value, f"{member}[{place}]")
    ]


def without_doubles(values: Iterable[str]) -> list[str]:
    """The names in order, each once; the same name in other case counts as the same."""
    return list({folded(value): value for value in reversed(list(values))}.values())[::-1]


def parse_span(text: str) -> timedelta:
    """A time span written `d.hh:mm:ss`, days and fractions of a second optional. Raises ValueError."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    days, hours, minutes, seconds, fraction = match.groups()
    if int(hours) > 23 or int(minutes) > 59 or int(seconds) > 59:
        raise ValueError(text)
    micro = int((fraction or "0").ljust(7, "0")[:6])
    return timedelta(int(days or 0), int(seconds), micro, 0, int(minutes), int(hours))


def span_problems(value: str | None, member: str, least: timedelta = timedelta(0)) -> list[str]:
    """What is wrong with a time span a client gives."""
    if value is None:
        return []
    try:
        span = parse_span(value)
    except ValueError:
        return [
            (
                f"{member}: '{value[:60]}' is not a time span. Write it as days.hours:minutes:seconds, "
                "for example 1.00:00:00 for a day or 00:05:00 for five minutes."
            )
        ]
    return [f"{member}: is {value}. It must be at least {least}."] if span < least else []
