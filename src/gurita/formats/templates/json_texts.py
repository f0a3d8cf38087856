"""Values that are JSON: read as leniently as people write them, written as .NET does (runtime formats 2.3).

Besides JSON proper: names without quotes, single quotes, comments, a comma after the last element. The public documentation of the
language uses them in its examples.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Optional

from gurita.formats.templates.dotnet.doubles import double_text

__all__ = ["as_text", "compact", "read_json"]

_DEEPEST = 64
_LONGEST_LENIENT = 1_000_000
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HALVES = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}


def read_json(text: str) -> Optional[Any]:
    """The object or array of a text; None when it is none."""
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return _Lenient(text).whole() if len(text) <= _LONGEST_LENIENT else None
    except (ValueError, RecursionError):
        return None


def as_text(value: Any) -> str:
    """A value where a text is wanted: scalars bare, objects and arrays as compact JSON, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, (dict, list)):
        return _whole(compact(value))
    if isinstance(value, str):
        return _whole(value)
    return double_text(value) if isinstance(value, float) else str(value)


def _whole(text: str) -> str:
    """A text whose pairs of surrogates are characters; one that stands alone cannot be written anywhere."""
    if _HALVES.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def compact(value: Any) -> str:
    """JSON without white space."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(name)}:{compact(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, float):
        text = double_text(value)
        return text if re.search(r"[.EIN]", text) else f"{text}.0"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Lenient:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> Any:
        value = self.value(0)
        if self.peek():
            raise ValueError
        return value

    def peek(self) -> str:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def take(self, pattern: "re.Pattern[str]") -> "re.Match[str]":
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError
        self.at = found.end()
        return found

    def value(self, depth: int) -> Any:
        sign = self.peek()
        if depth > _DEEPEST:
            raise ValueError
        if sign == "{":
            return dict(self.members(depth))
        if sign == "[":
            return self.elements(depth)
        if sign in ("'", '"'):
            return self.string()
        if sign == "-" or sign.isdigit():
            text = self.take(_NUMBER).group()
            return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
        return _WORDS[self.take(_WORD).group()] if self.known() else self.refuse()

    def known(self) -> bool:
        found = _WORD.match(self.text, self.at)
        return found is not None and found.group() in _WORDS

    def refuse(self) -> Any:
        raise ValueError

    def members(self, depth: int) -> Dict[str, Any]:
        found: Dict[str, Any] = {}
        self.at += 1
        while self.peek() != "}":
            name = self.string() if self.peek() in ("'", '"') else self.take(_WORD).group()
            if self.peek() != ":":
                raise ValueError
            self.at += 1
            found[name] = self.value(depth + 1)
            self.comma("}")
        self.at += 1
        return found

    def elements(self, depth: int) -> List[Any]:
        found: List[Any] = []
        self.at += 1
        while self.peek() != "]":
            found.append(self.value(depth + 1))
            self.comma("]")
        self.at += 1
        return found

    def comma(self, end: str) -> None:
        sign = self.peek()
        if sign == ",":
            self.at += 1
        elif sign != end:
            raise ValueError

    def string(self) -> str:
        found = self.take(_STRING)
        text = found.group(1) if found.group(1) is not None else found.group(2)
        return _whole(_ESCAPE.sub(_unescaped, text))


def _unescaped(found: "re.Match[str]") -> str:
    sign = found.group(1)
    return chr(int(sign[1:], 16)) if len(sign) == 5 else _ESCAPES.get(sign, sign)
