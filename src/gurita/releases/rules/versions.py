"""Version numbers as releases use them: those of `gurita.formats.versions` that have numbers (runtime-formats.md 6.1)."""

from __future__ import annotations

from gurita.formats.versions import Version, parse

__all__ = ["LONGEST_VERSION", "Version", "is_pre_release", "parse_version", "sort_key", "version_problems"]

LONGEST_VERSION = 200
"""Characters: fewer than versions of packages may have, since what they are sorted by is twice as long."""

_SEPARATORS = tuple(".-_\\")


def parse_version(text: str) -> Version:
    """A release's version from its text. Raises ValueError with what is wrong, as the rest of a sentence."""
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text) > LONGEST_VERSION:
        raise ValueError(f"has {len(text)} characters; at most {LONGEST_VERSION}")
    version = parse(text)
    lone = version.text.partition("+")[0].endswith(_SEPARATORS) or version.text.endswith("+")
    if not version.numbers or lone or version.pre_release.startswith(_SEPARATORS):
        raise ValueError(f"'{text}' is not a version such as 1.2.3 or 1.2.3-beta.1")
    return version


def version_problems(text: str) -> list[str]:
    """What is wrong with a release's version."""
    try:
        parse_version(text)
    except ValueError as error:
        return [f"Version: {error}."]
    return []


def is_pre_release(text: str) -> bool:
    """Whether a release's version is one that comes before the numbers it names."""
    return parse_version(text).is_pre_release


def sort_key(text: str) -> str:
    """Text that sorts as versions do, in any collation: hexadecimal digits only. It is stored: it must stay as it is.

    Numbers first; no pre-release is above every pre-release; of pre-releases the pieces count one by one, numbers below
    words, words in any case, and the shorter list is lower. Metadata does not count.
    """
    numbers, whole, pieces = parse_version(text).precedence
    key = "".join(f"{number:08x}" for number in numbers)
    return key + "f" if whole else key + "0" + "".join(_piece(*piece) for piece in pieces)


def _piece(is_word: int, number: int, word: str) -> str:
    return "2" + word.encode().hex() + "00" if is_word else f"1{len(str(number)):02x}{number}"
