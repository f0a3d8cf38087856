"""Versions of packages and releases: their kinds, ranges, masks and the rules of channels."""

from __future__ import annotations

from gurita.formats.versions.masks import has_substitutes, latest_matching, next_version
from gurita.formats.versions.model import LONGEST_VERSION, Version, VersionError
from gurita.formats.versions.patterns import Pattern, PatternError
from gurita.formats.versions.ranges import Range, RangeError, in_range, parse_range
from gurita.formats.versions.reading import KINDS, kind_of_feed, parse
from gurita.formats.versions.rules import RuleVerdict, VersionRule, read_rule, satisfies_rule

__all__ = [
    "KINDS",
    "LONGEST_VERSION",
    "Pattern",
    "PatternError",
    "Range",
    "RangeError",
    "RuleVerdict",
    "Version",
    "VersionError",
    "VersionRule",
    "has_substitutes",
    "in_range",
    "kind_of_feed",
    "latest_matching",
    "next_version",
    "parse",
    "parse_range",
    "read_rule",
    "satisfies_rule",
]
