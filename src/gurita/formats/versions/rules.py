"""Whether a package's version may be in a channel (runtime-formats.md 6.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import List, NamedTuple, Optional, Tuple

from gurita.formats.versions.model import Version, VersionError
from gurita.formats.versions.patterns import Pattern, PatternError, compiled
from gurita.formats.versions.ranges import Range, RangeError, parse_range
from gurita.formats.versions.reading import kind_of_feed, parse

__all__ = ["RuleVerdict", "VersionRule", "read_rule", "satisfies_rule"]


class RuleVerdict(NamedTuple):
    """What a rule says of a version. With errors, nothing is satisfied that could not be read."""

    satisfies_range: bool
    satisfies_tag: bool
    errors: Tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the version may be used."""
        return self.satisfies_range and self.satisfies_tag and not self.errors


class VersionRule(NamedTuple):
    """A rule that has been read. `errors` are sentences, each beginning with the member of the rule it is about."""

    kind: str
    range: Optional[Range]
    tag: Optional[Pattern]
    whole: Optional[Pattern]
    errors: Tuple[str, ...] = ()

    def verdict(self, text: str) -> RuleVerdict:
        """What the rule says of a version's text."""
        try:
            version = parse(text, self.kind)
        except VersionError as error:
            return RuleVerdict(
                satisfies_range=False,
                satisfies_tag=False,
                errors=(*self.errors, "Version: {}.".format(error)),
            )
        return self.verdict_of(version)

    def verdict_of(self, version: Version) -> RuleVerdict:
        """What the rule says of a version of its own kind."""
        return RuleVerdict(
            satisfies_range=self.range is not None and self.range.contains(version),
            satisfies_tag=self.tag is not None
            and self.whole is not None
            and self.tag.found_in(version.tag)
            and self.whole.found_in(version.text),
            errors=self.errors,
        )


@lru_cache(maxsize=256)
def read_rule(
    range_text: str, tag: str = "", feed_type: str = "", strategy: str = "", version_tag: str = ""
) -> VersionRule:
    """A rule's texts, read for a type of feed. Empty texts let everything through.

    `strategy` may name the order of versions (`Lexicographic…`); `version_tag` is matched against the whole version.
    """
    kind = "lexicographic" if strategy.lower().startswith("lexicographic") else kind_of_feed(feed_type)
    errors: List[str] = []
    interval: Optional[Range] = None
    try:
        interval = parse_range(range_text, "maven" if kind == "maven" else "nuget", kind)
    except RangeError as error:
        errors.append("VersionRange: {}.".format(error))
    patterns: List[Optional[Pattern]] = []
    for member, text in (("Tag", tag), ("VersionTagRegex", version_tag)):
        try:
            patterns.append(compiled(text))
        except PatternError as error:
            patterns.append(None)
            errors.append("{}: {}.".format(member, error))
    return VersionRule(kind, interval, patterns[0], patterns[1], tuple(errors))


def satisfies_rule(
    version: str, range_text: str, tag: str, feed_type: str, strategy: str = "", version_tag: str = ""
) -> RuleVerdict:
    """Whether a version of a feed passes a range and a tag, both as text; what cannot be read is told as errors."""
    return read_rule(range_text or "", tag or "", feed_type, strategy or "", version_tag or "").verdict(
        version
    )
