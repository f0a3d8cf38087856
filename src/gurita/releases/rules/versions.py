"""Version numbers as releases use them (runtime-formats.md 6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["LONGEST_VERSION", "Version", "is_pre_release", "parse_version", "sort_key", "version_problems"]

LONGEST_VERSION = 200
_MOST = 2_147_483_647
_SHAPE = re.compile(
    r"\s*(?P<v>[vV])?(?P<numbers>\d+(?:\s*\.\s*\d+){0,3}+)"
    r"(?:[.\-_\\]?(?P<pre>[A-Za-z0-9](?:[A-Za-z0-9.\-_\\]*[A-Za-z0-9])?))?"
    r"(?:\+(?P<meta>[A-Za-z0-9_\-.\\+]+))?\s*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Version:
    """A parsed version. `parts` says how many of the four numbers were written."""

    major: int
    minor: int
    patch: int
    revision: int
    parts: int
    pre: str = ""
    meta: str = ""


def parse_version(text: str) -> Version:
    """A version from its text. Raises ValueError with what is wrong, as the rest of a sentence."""
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text) > LONGEST_VERSION:
        raise ValueError(f"has {len(text)} characters; at most {LONGEST_VERSION}")
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a version such as 1.2.3 or 1.2.3-beta.1")
    numbers = [int(n) for n in match["numbers"].split(".")]
    if any(n > _MOST for n in numbers):
        raise ValueError(f"'{text}' has a number above {_MOST}")
    major, minor, patch, revision = (*numbers, 0, 0, 0, 0)[:4]
    return Version(major, minor, patch, revision, len(numbers), match["pre"] or "", match["meta"] or "")


def version_problems(text: str) -> list[str]:
    """What is wrong with a release's version."""
    try:
        parse_version(text)
    except ValueError as error:
        return [f"Version: {error}."]
    return []


def is_pre_release(text: str) -> bool:
    """Whether a release's version is one that comes before the numbers it names."""
    return bool(parse_version(text).pre)


def sort_key(text: str) -> str:
    """Text that sorts as versions do, in any collation: hexadecimal digits only.

    Numbers first; no pre-release is above every pre-release; of pre-releases the pieces count one by one, numbers below
    words, words in any case, and the shorter list is lower. Metadata does not count.
    """
    version = parse_version(text)
    numbers = "".join(f"{n:08x}" for n in (version.major, version.minor, version.patch, version.revision))
    if not version.pre:
        return numbers + "f"
    pieces = re.sub(r"[^A-Za-z0-9]", "-", version.pre).lower().split("-")
    return numbers + "0" + "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    if piece.isdecimal():
        number = str(int(piece))
        return f"1{len(number):02x}" + number
    return "2" + piece.encode().hex() + "00"
