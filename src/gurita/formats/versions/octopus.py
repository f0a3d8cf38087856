"""The lenient version that release numbers and most feeds use, Docker's tags, and plain sorted text.

Rules: runtime-formats.md 6.1 and 6.2.
"""

from __future__ import annotations

import re
from typing import Tuple

from gurita.formats.versions.model import Version, VersionError, checked, labels

__all__ = ["LARGEST_NUMBER", "read_docker", "read_lexicographic", "read_octopus"]

LARGEST_NUMBER = 2_147_483_647

_NUMBERS = re.compile(r"[vV]?\s*(\d+(?:\s*\.\s*\d+){0,3})", re.ASCII)
_TAIL = re.compile(r"[.\-_\\]?([A-Za-z0-9.\-_\\]*)(?:\+([A-Za-z0-9_\-.\\+]*))?")
_APART = re.compile(r"[^A-Za-z0-9]")


def read_octopus(text: str, kind: str = "octopus") -> Version:
    """Up to four numbers, a pre-release behind almost any separator or none, metadata. Raises VersionError.

    A text without numbers is a pre-release of 0.0.0.
    """
    text = checked(text)
    head = _NUMBERS.match(text)
    tail = _TAIL.fullmatch(text, head.end() if head else 0)
    if tail is None:
        raise VersionError("'{}' is not a version such as 1.2.3 or 1.2.3-beta.1".format(text))
    numbers = _numbers(text, head.group(1)) if head else ()
    pre_release = tail.group(1)
    return Version(
        kind,
        text,
        numbers=numbers,
        pre_release=pre_release,
        metadata=tail.group(2) or "",
        precedence=(
            (*numbers, 0, 0, 0, 0)[:4],
            0 if pre_release else 1,
            labels(_APART.split(pre_release)) if pre_release else (),
        ),
    )


def _numbers(text: str, written: str) -> Tuple[int, ...]:
    numbers = tuple(int(number) for number in written.split("."))
    if max(numbers) > LARGEST_NUMBER:
        raise VersionError("'{}' has a number above {}".format(text, LARGEST_NUMBER))
    return numbers


def read_docker(text: str) -> Version:
    """A tag. `latest` is no pre-release, and lower than every tag with a number, so that numbers are preferred.

    Raises VersionError.
    """
    if text.strip().lower() == "latest":
        return Version("docker", text.strip(), precedence=((0, 0, 0, 0), 2, ()))
    return read_octopus(text, "docker")


def read_lexicographic(text: str) -> Version:
    """Any text, compared piece by piece. All of it is its pre-release for tags, and it counts as none.

    Raises VersionError for an empty or too long text.
    """
    text = checked(text)
    version = Version(
        "lexicographic", text, pre_release=text, precedence=((0, 0, 0, 0), 0, labels(_APART.split(text)))
    )
    version.is_pre_release = False
    return version
