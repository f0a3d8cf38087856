"""House rules of `web/src`: which room may import which, that no text becomes HTML, that no style names left or right (docs/subsystems/portal.md)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Breach", "doors", "raw_html", "sides"]

_IMPORT = re.compile(r"""(?:\bfrom\s+|\bimport\s*\(?\s*)["'](\.{1,2}/[^"']+)["']""")
_RAW = re.compile(
    r"\b(dangerouslySetInnerHTML|insertAdjacentHTML|createContextualFragment)\b"
    r"|\.(?:inner|outer)HTML\s*=[^=]|\bdocument\.write\b"
)
_SIDE = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)\b)"
)
_SIDE_PROP = re.compile(
    r"\b(?:m[lr]|p[lr])=[\"{]|\bta=\"(?:left|right)\"|\b(?:margin|padding|border)(?:Left|Right):|\btextAlign: \"(?:left|right)\""
)
_ROOT = "web/src/"

# What each room may import beside itself.
_BELOW = {
    "text": set(),
    "theme": set(),
    "api": {"text"},
    "parts": {"api", "text", "theme"},
    "shell": {"api", "text", "theme", "parts"},
}


class Breach(NamedTuple):
    """The line and what is wrong with it."""

    line: int
    text: str


def doors(path: str, lines: list[str]) -> Iterator[Breach]:
    """Rooms import downwards; a feature takes of another only what its `shared` gives."""
    if not path.startswith(_ROOT):
        return
    room, _, rest = path.removeprefix(_ROOT).partition("/")
    feature = rest.partition("/")[0]
    for number, line in enumerate(lines, 1):
        for match in _IMPORT.finditer(line):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1])).removeprefix(_ROOT)
            to, _, inside = target.partition("/")
            if room in _BELOW and to != room and to not in _BELOW[room]:
                yield Breach(number, f"{room} must not import {target}")
            other, _, file = inside.partition("/")
            if room == to == "features" and other != feature and not re.match(r"shared($|/)", file):
                yield Breach(number, f"{feature} may take of {other} only what features/{other}/shared gives")


def raw_html(path: str, lines: list[str]) -> Iterator[Breach]:
    """Texts become text nodes; there is no way for one to become elements (security.md T16)."""
    if path.startswith("web/"):
        for number, line in enumerate(lines, 1):
            if match := _RAW.search(line):
                yield Breach(number, f"{match[0].strip()}: what comes from elsewhere is shown as text")


def sides(path: str, lines: list[str]) -> Iterator[Breach]:
    """Styles name the start and the end of a line, which right-to-left languages turn around."""
    if path.startswith(_ROOT):
        wrong = _SIDE if path.endswith(".css") else _SIDE_PROP
        for number, line in enumerate(lines, 1):
            if match := wrong.search(line):
                yield Breach(
                    number, f"{match[0].strip()}: say start or end, for pages written from right to left"
                )
