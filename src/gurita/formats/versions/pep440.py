"""Python's versions: numbers, a pre-release, a post-release, a development release, a local part (PEP 440)."""

from __future__ import annotations

import re
from typing import Any, Tuple

from gurita.formats.versions.model import Version, VersionError, checked

__all__ = ["read_pep440"]

_SHAPE = re.compile(
    r"v?(?:(?P<epoch>\d+)!)?(?P<numbers>\d+(?:\.\d+)*)"
    r"(?P<pre>[-_.]?(?P<word>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<pre_number>\d*))?"
    r"(?:-(?P<bare>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post>\d*))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_number>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
    re.ASCII | re.IGNORECASE,
)
_WORDS = {"a": 0, "alpha": 0, "b": 1, "beta": 1}
_LAST = (1, 0, 0)
_FIRST = (-1, 0, 0)


def read_pep440(text: str) -> Version:
    """A version as pip reads it. Its pre-release is a pre-release or development part; a post-release is none.

    Raises VersionError.
    """
    text = checked(text)
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise VersionError("'{}' is not a Python version such as 1.2.3 or 1.2.3rc1".format(text))
    numbers = tuple(int(number) for number in match.group("numbers").split("."))
    told = [match.group("pre"), match.group("dev")]
    epoch = int(match.group("epoch") or 0)
    return Version(
        "pep440",
        text,
        numbers=numbers,
        pre_release=".".join(part.strip("-_.") for part in told if part),
        metadata=match.group("local") or "",
        precedence=(epoch, _trimmed(numbers), *_ranks(match)),
        beyond=_local(match.group("local")),
    )


def _trimmed(numbers: Tuple[int, ...]) -> Tuple[int, ...]:
    end = len(numbers)
    while end and numbers[end - 1] == 0:
        end -= 1
    return numbers[:end]


def _ranks(match: re.Match[str]) -> Tuple[Tuple[int, int, int], int, Tuple[int, int]]:
    """Where a version is among those of its numbers: a development release alone comes first, a post-release last."""
    bare, post = match.group("bare", "post")
    number = -1 if bare is None and post is None else int(bare or post or 0)
    development = (1, 0) if match.group("dev") is None else (0, int(match.group("dev_number") or 0))
    if match.group("pre") is not None:
        pre = (0, _WORDS.get(match.group("word").lower(), 2), int(match.group("pre_number") or 0))
    else:
        pre = _FIRST if number < 0 and development[0] == 0 else _LAST
    return pre, number, development


def _local(text: Any) -> Tuple[Tuple[int, int, str], ...]:
    parts = re.split(r"[-_.]", text.lower()) if text else []
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
