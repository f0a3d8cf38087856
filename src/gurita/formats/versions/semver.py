"""Semantic versions as NuGet reads them: two to four numbers, labels between dots (runtime-formats.md 6.2)."""

from __future__ import annotations

import re

from gurita.formats.versions.model import Version, VersionError, checked, labels
from gurita.formats.versions.octopus import LARGEST_NUMBER

__all__ = ["read_semver"]

_LABELS = r"[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*"
_SHAPE = re.compile(
    r"(?P<numbers>\d+(?:\.\d+){1,3})(?:-(?P<pre>" + _LABELS + r"))?(?:\+(?P<meta>" + _LABELS + r"))?",
    re.ASCII,
)
_ZERO_IN_FRONT = re.compile(r"(?:^|\.)0\d+(?=\.|$)", re.ASCII)


def read_semver(text: str, *, strict: bool = False) -> Version:
    """Two to four numbers; `strict` wants three without zeros in front. Metadata decides between equals.

    Raises VersionError.
    """
    text = checked(text)
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise VersionError("'{}' is not a semantic version such as 1.2.3 or 1.2.3-beta.1".format(text))
    written = match.group("numbers")
    pre_release = match.group("pre") or ""
    if strict and (
        written.count(".") != 2 or _ZERO_IN_FRONT.search(written) or _ZERO_IN_FRONT.search(pre_release)
    ):
        raise VersionError("'{}' must have three numbers without zeros in front, such as 1.2.3".format(text))
    numbers = tuple(int(number) for number in written.split("."))
    if max(numbers) > LARGEST_NUMBER:
        raise VersionError("'{}' has a number above {}".format(text, LARGEST_NUMBER))
    return Version(
        "strict-semver" if strict else "semver",
        text,
        numbers=numbers,
        pre_release=pre_release,
        metadata=match.group("meta") or "",
        precedence=(
            (*numbers, 0, 0, 0, 0)[:4],
            0 if pre_release else 1,
            labels(pre_release.split(".")) if pre_release else (),
        ),
        beyond=((match.group("meta") or "").lower(),),
    )
