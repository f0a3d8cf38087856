"""Printing: tables for people, the API's own JSON for programs."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gurita.cli.options import Options

__all__ = ["Columns", "clean", "member", "note", "show", "show_one", "size", "when"]

Columns = Mapping[str, str | Callable[[Any], object]]
"""Titles, and the member of an item or a function of it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def show(options: Options | None, items: Sequence[Any], columns: Columns) -> None:
    """A list: aligned columns, or a JSON array of the API's items."""
    if _json(options):
        _print_json(list(items))
        return
    rows = [[_line(_text(item, how)) for how in columns.values()] for item in items]
    _table([list(columns), *rows])


def show_one(options: Options | None, item: Any, members: Columns) -> None:
    """One thing: a line a member, or the API's JSON object."""
    if _json(options):
        _print_json(item)
        return
    told = {title: _text(item, how) for title, how in members.items()}
    width = max(map(len, told))
    for title, text in told.items():
        print(f"{title:<{width}}  {text}".rstrip())


def note(text: str) -> None:
    """A remark beside the result, on stderr."""
    print(text, file=sys.stderr)


def member(*path: str) -> Callable[[Any], object]:
    """A member of a member; nothing where one is missing."""

    def read(item: Any) -> object:
        for name in path:
            item = item.get(name) if isinstance(item, dict) else None
        return item

    return read


def size(name: str) -> Callable[[Any], object]:
    """A number of bytes, rounded for reading."""

    def read(item: Any) -> str:
        number = float(item.get(name) or 0)
        if number < 1024:
            return f"{number:.0f} B"
        power = min(int(math.log2(number)) // 10, 4)
        return f"{number / 1024**power:.1f} {' KMGT'[power]}iB"

    return read


def when(name: str) -> Callable[[Any], object]:
    """A moment in local time."""

    def read(item: Any) -> str:
        text = item.get(name)
        if not text:
            return ""
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")

    return read


def clean(text: str) -> str:
    """A text without what would move a terminal's cursor or turn its direction."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _json(options: Options | None) -> bool:
    return options is not None and options.output == "json"


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _text(item: Any, how: str | Callable[[Any], object]) -> str:
    found = item.get(how) if isinstance(how, str) else how(item)
    if isinstance(found, list):
        return clean(", ".join(map(str, found)))
    return clean(str(found)) if found is not None else ""


def _line(text: str) -> str:
    """A text in a cell of a table: its first line, and that there are more."""
    first, *more = text.splitlines() or [""]
    return f"{first} […]" if more else first


def _table(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{text:<{width}}" for text, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
