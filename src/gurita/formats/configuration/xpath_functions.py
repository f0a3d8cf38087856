"""The core functions of XPath 1.0 (section 4), and how its values become strings, numbers and truth."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, List, NamedTuple

from gurita.formats.configuration.xml_tree import Attribute, Document, Element, Piece, run_of
from gurita.formats.configuration.xpath_syntax import XPathError

__all__ = ["FUNCTIONS", "Function", "boolean_of", "number_of", "string_of"]

Value = Any


class Function(NamedTuple):
    """A function and how many arguments it takes. `on_node`: without an argument it takes the node it stands at."""

    call: Callable[..., Value]
    least: int
    most: int
    on_node: bool = False


def string_of(value: Value) -> str:
    """Section 4.2, `string`; also of a single node."""
    if isinstance(value, list):
        return string_of(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _written(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Document):
        return value.root.words()
    if isinstance(value, Piece):
        return "".join(each.value for each in run_of(value))
    return str(value.words() if isinstance(value, Element) else value.value)


def number_of(value: Value) -> float:
    """Section 4.4, `number`."""
    if isinstance(value, (bool, float)):
        return float(value)
    text = string_of(value).strip(" \t\r\n")
    digits = text[1:] if text.startswith("-") else text
    plain = digits.replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdigit() else math.nan


def boolean_of(value: Value) -> bool:
    """Section 4.3, `boolean`."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def _written(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == int(value):
        return str(int(value))
    return format(value, ".17f").rstrip("0") if "e" in repr(value) else repr(value)


def _named(part: str) -> Callable[[Value], str]:
    def name(nodes: Value) -> str:
        if not isinstance(nodes, list):
            raise XPathError("a name is asked of something that is no part of a document")
        first = nodes[0] if nodes else None
        if isinstance(first, (Element, Attribute)):
            return str(getattr(first, part))
        return first.target if isinstance(first, Piece) and part != "namespace" else ""

    return name


def _nodes(value: Value) -> List[Value]:
    if not isinstance(value, list):
        raise XPathError("a function that counts or adds wants parts of a document")
    return value


def _round(value: Value) -> float:
    number = number_of(value)
    return math.floor(number + 0.5) * 1.0 if math.isfinite(number) else number


def _whole(rounding: Callable[[float], int]) -> Callable[[Value], float]:
    def rounded(value: Value) -> float:
        number = number_of(value)
        return float(rounding(number)) if math.isfinite(number) else number

    return rounded


def _substring(text: Value, start: Value, length: Value = math.inf) -> str:
    first = _round(start)
    last = first + _round(length)
    return "".join(each for at, each in enumerate(string_of(text), 1) if first <= at < last)


def _translate(text: Value, old: Value, new: Value) -> str:
    becomes = string_of(new)
    table: Dict[int, Any] = {}
    for at, each in enumerate(string_of(old)):
        table.setdefault(ord(each), becomes[at] if at < len(becomes) else None)
    return string_of(text).translate(table)


def _partition(text: Value, mark: Value, *, after: bool) -> str:
    before, found, behind = string_of(text), string_of(mark), ""
    if not found:
        return before if after else ""
    if found not in before:
        return ""
    before, _, behind = before.partition(found)
    return behind if after else before


FUNCTIONS: Dict[str, Function] = {
    "boolean": Function(boolean_of, 1, 1),
    "ceiling": Function(_whole(math.ceil), 1, 1),
    "concat": Function(lambda *texts: "".join(map(string_of, texts)), 2, 100),
    "contains": Function(lambda text, part: string_of(part) in string_of(text), 2, 2),
    "count": Function(lambda nodes: float(len(_nodes(nodes))), 1, 1),
    "false": Function(lambda: False, 0, 0),
    "floor": Function(_whole(math.floor), 1, 1),
    "local-name": Function(_named("local"), 0, 1, on_node=True),
    "name": Function(_named("name"), 0, 1, on_node=True),
    "namespace-uri": Function(_named("namespace"), 0, 1, on_node=True),
    "normalize-space": Function(lambda text: " ".join(string_of(text).split()), 0, 1, on_node=True),
    "not": Function(lambda value: not boolean_of(value), 1, 1),
    "number": Function(number_of, 0, 1, on_node=True),
    "round": Function(_round, 1, 1),
    "starts-with": Function(lambda text, part: string_of(text).startswith(string_of(part)), 2, 2),
    "string": Function(string_of, 0, 1, on_node=True),
    "string-length": Function(lambda text: float(len(string_of(text))), 0, 1, on_node=True),
    "substring": Function(_substring, 2, 3),
    "substring-after": Function(lambda text, mark: _partition(text, mark, after=True), 2, 2),
    "substring-before": Function(lambda text, mark: _partition(text, mark, after=False), 2, 2),
    "sum": Function(lambda nodes: math.fsum(map(number_of, _nodes(nodes))), 1, 1),
    "translate": Function(_translate, 3, 3),
    "true": Function(lambda: True, 0, 0),
}
