"""The number a new release gets when nobody gives one (runtime-formats.md 1.2 and 6.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gurita.releases.rules.versions import Version, parse_version

__all__ = ["Numbering", "next_version"]

_NOTHING = Version(0, 0, 0, 0, 0)
_REFERENCE = re.compile(r"#\{\s*([^{}|]+?)\s*\}")
_MASK = re.compile(
    r"[vV]?(?:\d+|[ic])(?:\.(?:\d+|[ic])){0,3}(?:-[A-Za-z0-9.\-]+)?(?:\+[A-Za-z0-9.\-]+)?", re.ASCII
)
_PARTS = ("Major", "Minor", "Patch", "Revision")


@dataclass(frozen=True, slots=True)
class Numbering:
    """What a template may refer to: the highest release, the highest of each channel by name, and the moment."""

    now: datetime
    last: str | None = None
    last_in_channel: Mapping[str, str] = field(default_factory=dict)
    others: Callable[[str], str | None] = lambda _name: None


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
    if _MASK.fullmatch(text) and re.search(r"(?:^|[.\-])[ic](?:[.\-+]|$)", text):
        text = _masked(text, _read(numbering.last))
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
    last = last or _NOTHING
    numbers = (last.major, last.minor, last.patch, last.revision)
    for name, number in zip(_PARTS, numbers, strict=True):
        values[f"{before}last{name.lower()}"] = str(number)
        values[f"{before}next{name.lower()}"] = str(number + 1)
    for word, change in (("last", 0), ("next", 1)):
        values[f"{before}{word}build"] = str(last.patch + change)
        values[f"{before}{word}suffix"] = f"-{last.pre}" if last.pre else ""


def _masked(mask: str, last: Version | None) -> str:
    """`i` increments, `c` keeps, a literal stays; an `i` or `c` right after an `i` becomes 0."""
    current = last or _NOTHING
    body, plus, meta = mask.partition("+")
    numbers, dash, pre = body.partition("-")
    letter = numbers[0] if numbers[0] in "vV" else ""
    wanted = numbers[len(letter) :].split(".")
    known = [current.major, current.minor, current.patch, current.revision][: max(current.parts, len(wanted))]
    made = _fill(wanted, [str(n) for n in known], known_last=last is not None)
    made += ["0"] * (current.parts - len(made))
    text = letter + ".".join(made)
    if dash:
        text += "-" + ".".join(_fill(pre.split("."), current.pre.split("."), known_last=last is not None))
    return text + plus + meta


def _fill(wanted: list[str], known: list[str], *, known_last: bool) -> list[str]:
    made: list[str] = []
    after_increment = False
    for place, part in enumerate(wanted):
        text = known[place] if place < len(known) else "0"
        number = int(text) if text.isdecimal() else 0
        if part not in ("i", "c"):
            made.append(part)
        elif after_increment or not known_last:
            made.append("0")
        else:
            made.append(str(number + 1) if part == "i" else text)
        after_increment = part == "i"
    return made
