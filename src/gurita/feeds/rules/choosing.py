"""Which of a feed's versions are wanted, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gurita.formats.versions import VersionError, kind_of_feed, parse, read_rule
from gurita.kernel.errors import Invalid

__all__ = ["Choice", "chosen", "newest_first"]


class Versioned(Protocol):
    """Anything with a version."""

    @property
    def version(self) -> str: ...


V = TypeVar("V", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a version must be like; empty texts ask for nothing. `part` is a part of its text, in any case."""

    range: str = ""
    tag: str = ""
    include_pre_release: bool = True
    part: str = ""
    strategy: str = ""
    version_tag: str = ""


def newest_first(found: Iterable[V], feed_type: str) -> list[V]:
    """The versions from the highest to the lowest; what is no version of the feed's kind is left out."""
    kind = kind_of_feed(feed_type)
    read = []
    for each in found:
        try:
            read.append((parse(each.version, kind), each))
        except VersionError:
            continue
    read.sort(key=lambda pair: pair[0], reverse=True)
    return [each for _, each in read]


def chosen(found: Iterable[V], feed_type: str, choice: Choice) -> list[V]:
    """Those wanted, in the order given. Raises Invalid for a range or a tag that cannot be read."""
    rule = read_rule(choice.range, choice.tag, feed_type, choice.strategy, choice.version_tag)
    if rule.errors:
        named = {"Tag:": "PreReleaseTag:"}
        raise Invalid(
            *(
                " ".join([named.get(each.split()[0], each.split()[0]), *each.split()[1:]])
                for each in rule.errors
            )
        )
    part = choice.part.strip().lower()
    kept = []
    for each in found:
        if part and part not in each.version.lower():
            continue
        try:
            version = parse(each.version, rule.kind)
        except VersionError:
            continue
        if (choice.include_pre_release or not version.is_pre_release) and rule.verdict_of(version).passes:
            kept.append(each)
    return kept
