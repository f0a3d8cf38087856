"""Filters that take a version apart (runtime formats 6.1)."""

from __future__ import annotations

import re
from typing import Callable, Optional, Sequence

from gurita.formats.templates.filters.registry import text_filter
from gurita.formats.versions.model import Version, VersionError
from gurita.formats.versions.octopus import read_octopus

__all__ = ["PARTS"]

_PREFIX = re.compile(r"([A-Za-z0-9]*)(?:[.\-_\\](.*))?", re.DOTALL)


def _number(at: int) -> Callable[[Version], str]:
    return lambda version: str((*version.numbers, 0, 0, 0, 0)[at])


def _prefix(version: Version, group: int) -> str:
    found = _PREFIX.fullmatch(version.pre_release)
    return (found.group(group) or "") if found else ""


PARTS = {
    "VersionMajor": _number(0),
    "VersionMinor": _number(1),
    "VersionPatch": _number(2),
    "VersionRevision": _number(3),
    "VersionPreRelease": lambda version: version.pre_release,
    "VersionPreReleasePrefix": lambda version: _prefix(version, 1),
    "VersionPreReleaseCounter": lambda version: _prefix(version, 2),
    "VersionMetadata": lambda version: version.metadata,
}


def _register(name: str, part: Callable[[Version], str]) -> None:
    @text_filter(name)
    def _call(text: str, _options: Sequence[str]) -> Optional[str]:
        try:
            return part(read_octopus(text))
        except VersionError:
            return None


for _name, _part in PARTS.items():
    _register(_name, _part)
