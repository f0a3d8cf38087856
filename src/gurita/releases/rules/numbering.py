"""The number a new release gets when nobody gives one (runtime-formats.md 1.2 and 6.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gurita.formats import versions as formats
from gurita.releases.rules.versions import Version, parse_version

__all__ = ["Numbering", "next_version"]

_REFERENCE = re.compile(r"#\{\s*([^{}|]+?)\s*\}")
_PARTS = ("Major", "Minor", "Patch", "Revision")


@dataclass(frozen=True, slots=True)
class Numbering:
    """What a template may refer to: the highest release, the highest of each channel by name, and the moment.

    `versions` gives all there are; only a mask asks, which goes on from the highest that fits it.
    """

    now: datetime
    last: str | None = None
    last_in_channel: Mapping[str, str] = field(default_factory=dict)
    others: Callable[[str], str | None] = lambda _name: None
    versions: Callable[[], Iterable[str]] = tuple


def next_version(template: str, numbering: Numbering) -> str:
    """The next release's number. The default template makes 0.0.1 the first one.

    Raises ValueError for a template that does not lead to a version.
    """
    values = _values(numbering)

    def one(match: re.Match[str]) -> str:
        name = match[1]
        found = values.get(name.casefold())
        text = found if found is not None else numbering.others(name)
        if text is None:
            raise ValueError(
                f"the template refers to '{name}', which is not known when a release is numbered"
            )
        return text

    text = _REFERENCE.sub(one, template.strip())
    if formats.has_substitutes(text):
        known = [*numbering.versions(), *filter(None, [numbering.last])]
        text = formats.next_version(text, formats.latest_matching(text, known))
    parse_version(text)
    return text


def _read(text: str | None) -> Version | None:
    return parse_version(text) if text else None


def _values(numbering: Numbering) -> dict[str, str]:
    now = numbering.now
    values = {
        "octopus.date.day": str(now.day),
        "octopus.date.month": str(now.month),
        "octopus.date.year": str(now.year),
        "octopus.date.dayofyear": str(now.timetuple().tm_yday),
        "octopus.time.hour": str(now.hour),
        "octopus.time.minute": str(now.minute),
        "octopus.time.second": str(now.second),
    }
    _add(values, "octopus.version.", _read(numbering.last))
    for name, text in numbering.last_in_channel.items():
        _add(values, f"octopus.version.channel[{name.casefold()}].", _read(text))
    return values


def _add(values: dict[str, str], before: str, last: Version | None) -> None:
    numbers = (*(last.numbers if last else ()), 0, 0, 0, 0)[:4]
    for name, number in zip(_PARTS, numbers, strict=True):
        values[f"{before}last{name.lower()}"] = str(number)
        values[f"{before}next{name.lower()}"] = str(number + 1)
    for word, change in (("last", 0), ("next", 1)):
        values[f"{before}{word}build"] = str(numbers[2] + change)
        values[f"{before}{word}suffix"] = f"-{last.pre_release}" if last and last.pre_release else ""
