"""Masks: `1.2.i` is the next version after a current one (runtime-formats.md 6.3)."""

from __future__ import annotations

import re
from typing import Iterable, List, NamedTuple, Optional, Sequence, Tuple

from gurita.formats.versions.model import LONGEST_VERSION, Version, VersionError
from gurita.formats.versions.octopus import LARGEST_NUMBER, read_octopus

__all__ = ["has_substitutes", "latest_matching", "next_version"]

_MASK = re.compile(
    r"(?P<v>[vV]?)(?P<numbers>(?:\d+|[ic])(?:\.(?:\d+|[ic])){0,3})"
    r"(?:-(?P<pre>[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*))?(?:\+(?P<meta>[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*))?",
    re.ASCII,
)
_SUBSTITUTES = ("i", "c")


class _Mask(NamedTuple):
    prefix: str
    numbers: List[str]
    pre_release: List[str]
    metadata: List[str]


def has_substitutes(mask: str) -> bool:
    """Whether a text is a mask with an `i` or a `c`, not just a version."""
    read = _read(mask)
    return read is not None and any(
        part in _SUBSTITUTES for parts in (read.numbers, read.pre_release, read.metadata) for part in parts
    )


def next_version(mask: str, current: Optional[str]) -> str:
    """The version a mask makes of a current one: `i` counts up, `c` keeps, both are 0 right after an `i`.

    A text that is no mask is given back. Raises VersionError for a current version that cannot be read, and for a number
    that would become too large.
    """
    read = _read(mask)
    if read is None:
        return mask
    if current is None:
        before: Tuple[List[str], List[str], List[str]] = ([], [], [])
        known = False
    else:
        version = read_octopus(current)
        before = ([str(n) for n in version.numbers], _parts(version.pre_release), _parts(version.metadata))
        known = True
    numbers = _filled(read.numbers, before[0], known=known)
    numbers += ["0"] * (len(before[0]) - len(numbers))
    text = read.prefix + ".".join(numbers)
    if read.pre_release:
        text += "-" + ".".join(_filled(read.pre_release, before[1], known=known))
    if read.metadata:
        text += "+" + ".".join(_filled(read.metadata, before[2], known=known))
    return text


def latest_matching(mask: str, versions: Iterable[str]) -> Optional[str]:
    """The highest of the versions that has what the mask says before its first `i` or `c`; None if there is none.

    Versions that cannot be read are passed over.
    """
    read = _read(mask)
    found: Optional[Version] = None
    for text in versions:
        try:
            version = read_octopus(text)
        except VersionError:
            continue
        if (mask == text if read is None else _matches(read, version)) and (found is None or version > found):
            found = version
    return None if found is None else found.text


def _read(mask: str) -> Optional[_Mask]:
    match = _MASK.fullmatch(mask) if len(mask) <= LONGEST_VERSION else None
    if match is None:
        return None
    prefix, numbers, pre_release, metadata = match.group("v", "numbers", "pre", "meta")
    return _Mask(prefix, numbers.split("."), _parts(pre_release), _parts(metadata))


def _parts(text: Optional[str]) -> List[str]:
    return text.split(".") if text else []


def _matches(mask: _Mask, version: Version) -> bool:
    given = [str(number) for number in (*version.numbers, 0, 0, 0, 0)[:4]]
    for place, wanted in enumerate(mask.numbers):
        if wanted in _SUBSTITUTES:
            return True
        if int(wanted) != int(given[place]):
            return False
    has = [part.lower() for part in _parts(version.pre_release)]
    for place, wanted in enumerate(mask.pre_release):
        if wanted in _SUBSTITUTES:
            return True
        if has[place : place + 1] != [wanted.lower()]:
            return False
    return bool(mask.pre_release) or not has or bool(mask.metadata)


def _filled(wanted: Sequence[str], before: Sequence[str], *, known: bool) -> List[str]:
    made: List[str] = []
    after_increment = False
    for place, part in enumerate(wanted):
        if part not in _SUBSTITUTES:
            made.append(part)
        elif after_increment or not known:
            made.append("0")
        else:
            made.append(_changed(part, before[place] if place < len(before) else "0"))
        after_increment = part == "i"
    return made


def _changed(part: str, before: str) -> str:
    if part == "c":
        return before
    number = int(before) if before.isdigit() and before.isascii() else 0
    if number >= LARGEST_NUMBER:
        raise VersionError("{} cannot count up any further".format(number))
    return str(number + 1)
