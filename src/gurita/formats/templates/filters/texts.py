"""Filters that cut, join and compare texts. Positions count characters (code points)."""

from __future__ import annotations

import re
from typing import Optional, Sequence, Tuple

from gurita.formats.templates.dotnet.integers import read_int32
from gurita.formats.templates.errors import TooLong
from gurita.formats.templates.filters.registry import any_filter, text_filter

__all__ = ["WHITE_SPACE", "lower", "upper"]

WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
""".NET API browser, system.char.iswhitespace"""

_MOST_SPACES = 255
_LONGEST = 16 * 1024 * 1024
_COUNTS = re.compile(r"([0-9]*)/([0-9]+)")


def lower(text: str) -> str:
    """.NET API browser, system.string.tolowerinvariant: each character for itself, never longer."""
    return text.lower() if text.isascii() else "".join(_single(each, each.lower()) for each in text)


def upper(text: str) -> str:
    """.NET API browser, system.string.toupperinvariant: `ß` stays."""
    return text.upper() if text.isascii() else "".join(_single(each, each.upper()) for each in text)


def _single(before: str, after: str) -> str:
    return after if len(after) == 1 and before not in "ıİ" else before


@text_filter("ToLower")
def _to_lower(text: str, _options: Sequence[str]) -> str:
    return lower(text)


@text_filter("ToUpper")
def _to_upper(text: str, _options: Sequence[str]) -> str:
    return upper(text)


@text_filter("StartsWith", least=1, most=1)
def _starts_with(text: str, options: Sequence[str]) -> str:
    return _said(text.startswith(options[0]))


@text_filter("EndsWith", least=1, most=1)
def _ends_with(text: str, options: Sequence[str]) -> str:
    return _said(text.endswith(options[0]))


@text_filter("Contains", least=1, most=1)
def _contains(text: str, options: Sequence[str]) -> str:
    return _said(options[0] in text)


def _said(found: bool) -> str:
    return "true" if found else "false"


@text_filter("Substring", least=1, most=2)
def _substring(text: str, options: Sequence[str]) -> Optional[str]:
    numbers = [read_int32(option) for option in options]
    start, length = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    if start is None or length is None or start < 0 or length < 0 or start > len(text):
        return None
    return text[start : start + length]


@text_filter("Truncate", least=1, most=2)
def _truncate(text: str, options: Sequence[str]) -> Optional[str]:
    length = read_int32(options[0])
    if length is None or length < 0:
        return None
    suffix = options[1] if len(options) > 1 else "..."
    return text[:length] + suffix if len(text) > length else text


@text_filter("Trim", most=1)
def _trim(text: str, options: Sequence[str]) -> Optional[str]:
    where = options[0].lower() if options else "both"
    if where == "start":
        return text.lstrip(WHITE_SPACE)
    if where == "end":
        return text.rstrip(WHITE_SPACE)
    return text.strip(WHITE_SPACE) if where == "both" and not options else None


@text_filter("Indent", most=2)
def _indent(text: str, options: Sequence[str]) -> str:
    if not text:
        return ""
    first, following = _indents(options)
    if len(text) + text.count("\n") * len(following) > _LONGEST:
        raise TooLong(f"The filter Indent makes more than {_LONGEST} characters")
    return first + text.replace("\n", f"\n{following}")


def _indents(options: Sequence[str]) -> Tuple[str, str]:
    """What goes before the first line and before the others. Numbers up to 255 are counts of spaces."""
    if not options:
        return "    ", "    "
    if len(options) == 2:
        return options[0], options[1]
    both = _COUNTS.fullmatch(options[0])
    if both is not None:
        first, following = _spaces(both.group(1) or "0"), _spaces(both.group(2))
        if first is not None and following is not None:
            return first, following
    spaces = _spaces(options[0])
    one = options[0] if spaces is None else spaces
    return one, one


def _spaces(text: str) -> Optional[str]:
    if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) > _MOST_SPACES:
        return None
    return " " * int(text)


@any_filter("Append")
def _append(text: Optional[str], options: Sequence[str]) -> Optional[str]:
    return (text or "") + "".join(options) if options else None


@any_filter("Prepend")
def _prepend(text: Optional[str], options: Sequence[str]) -> Optional[str]:
    return "".join(options) + (text or "") if options else None
