"""How a value is written at a place in YAML: in the style of the spot if it can be, else in double quotes."""

from __future__ import annotations

import json
import re
from typing import Any, Optional

from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.configuration.yaml_spots import SCALAR, Spot, read_yaml

__all__ = ["double_quoted", "kind_of", "scalar_text"]

_NUMBER = re.compile(
    r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_HEADER = re.compile(r"([|>])([-+0-9]*)([ \t]*(?:#[^\r\n]*)?)\r?\n?")


def kind_of(text: str) -> str:
    """What a plain scalar is to readers of YAML 1.1 or 1.2: number, bool, null, string, or another type's tag."""
    import yaml

    if _NUMBER.match(text):
        return "number"
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    for tag, pattern in resolvers.get(text[:1], []):
        if pattern.match(text):
            name = str(tag).rpartition(":")[2]
            return "number" if name in ("int", "float") else name
    return "string"


def double_quoted(text: str) -> str:
    """A text in double quotes, on one line."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def scalar_text(source: str, spot: Spot, new: str, end_of_line: str) -> str:
    """What stands at `spot` of `source` when its value is `new`. A number, bool or null stays one if `new` reads as one; a string
    stays a string. Block scalars keep their indent."""
    if spot.style == "":
        return _plain(spot, new)
    if spot.style == "'" and "\n" not in new and not _UNFIT.search(new):
        return "'" + new.replace("'", "''") + "'"
    found = _block(source, spot, new, end_of_line) if spot.style in "|>" else None
    return double_quoted(new) if found is None else found


def _plain(spot: Spot, new: str) -> str:
    trimmed = new.strip()
    if spot.tag is None:
        wanted = kind_of(spot.value)
        if (
            wanted not in ("string", "merge", "value")
            and kind_of(trimmed) == wanted
            and _reads_plain(trimmed, spot)
        ):
            return trimmed
        if kind_of(new) != "string":
            return double_quoted(new)
    return new if _reads_plain(new, spot) else double_quoted(new)


def _reads_plain(text: str, spot: Spot) -> bool:
    """Whether the text needs no quotes, in blocks and in flows; told by the parser itself."""
    if (
        not text
        or text != text.strip()
        or re.search(r"[\t\r\n]|\A(?:---|\.\.\.)|:\Z", text)
        or _UNFIT.search(text)
    ):
        return False
    if spot.in_flow and re.search(r"[,\[\]{}?:#]", text):
        return False
    try:
        spots = read_yaml(f"[{text}]" if spot.in_flow else f"- {text}\n").spots
    except ConfigurationError:
        return False
    return len(spots) == 2 and spots[1].kind == SCALAR and spots[1].style == "" and spots[1].value == text \
        and spots[1].tag is None and spots[1].anchor is None  # fmt: skip


def _block(source: str, spot: Spot, new: str, end_of_line: str) -> Optional[str]:
    """A block scalar; None when the text cannot be one."""
    header: Any = _HEADER.match(source, spot.start)
    lines = new.rstrip("\n").split("\n")
    last = len(new) - len(new.rstrip("\n"))
    if header is None or _UNFIT.search(new) or not new.strip() or not lines[0].strip() or last > 1:
        return None
    style = header.group(1)
    if style == ">" and len(lines) > 1:
        if any(not line or line[0] in " \t" for line in lines):
            style = "|"
        else:
            lines = [each for line in lines for each in (line, "")][:-1]
    indent = _indent(source, spot, header)
    hint = ""
    if lines[0][0] in " \t":
        if not 1 <= indent - max(spot.parent, 0) <= 9:
            return None
        hint = str(indent - max(spot.parent, 0))
    body = end_of_line.join(" " * indent + line if line else "" for line in lines)
    return f"{style}{hint}{'' if last else '-'}{header.group(3)}{end_of_line}{body}"


def _indent(source: str, spot: Spot, header: Any) -> int:
    """Columns before the content: what the header says, or the first line has."""
    digits = re.sub("[^0-9]", "", header.group(2))
    if digits:
        return max(spot.parent, 0) + int(digits)
    for line in source[header.end() : spot.end].splitlines():
        if line.strip():
            return len(line) - len(line.lstrip(" "))
    return max(spot.parent, 0) + 2
