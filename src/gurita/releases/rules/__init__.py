"""Pure rules of releases: version numbers, and what the next one is."""

from __future__ import annotations

from gurita.releases.rules.notes import filled
from gurita.releases.rules.numbering import Numbering, next_version
from gurita.releases.rules.versions import (
    Version,
    is_pre_release,
    parse_version,
    sort_key,
    version_problems,
)

__all__ = [
    "Numbering",
    "Version",
    "filled",
    "is_pre_release",
    "next_version",
    "parse_version",
    "sort_key",
    "version_problems",
]
