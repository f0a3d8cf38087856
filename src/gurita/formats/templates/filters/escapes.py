"""Filters that make a value fit for another format."""

from __future__ import annotations

import re
from typing import Dict, Sequence
from urllib.parse import quote

from gurita.formats.templates.filters.registry import text_filter

__all__ = ["escape_data", "escape_uri"]

_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_HTML = {**_XML, "/": "&#x2F;"}
_JSON = {'"': '\\"', "\r": "\\r", "\t": "\\t", "\n": "\\n", "\\": "\\\\"}
_YAML = {
    **_JSON,
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\v": "\\v",
    "\f": "\\f",
    "\x1b": "\\e",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}
_PROPERTIES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}
_LINE_ENDS = re.compile(r"(?:\r\n|\r|\n)+")
_LINE_END = re.compile(r"\r\n|\r|\n")


def _table(signs: Dict[str, str]) -> Dict[int, str]:
    return {ord(sign): escaped for sign, escaped in signs.items()}


_XML_TABLE, _HTML_TABLE, _JSON_TABLE = _table(_XML), _table(_HTML), _table(_JSON)


@text_filter("HtmlEscape")
def _html(text: str, _options: Sequence[str]) -> str:
    return text.translate(_HTML_TABLE)


@text_filter("XmlEscape")
def _xml(text: str, _options: Sequence[str]) -> str:
    return text.translate(_XML_TABLE)


@text_filter("JsonEscape")
def _json(text: str, _options: Sequence[str]) -> str:
    return text.translate(_JSON_TABLE)


@text_filter("YamlSingleQuoteEscape")
def _yaml_single(text: str, _options: Sequence[str]) -> str:
    """YAML 1.2.2, 7.3.2: a line break is folded, an empty line more keeps it."""
    return _LINE_ENDS.sub(_one_more, text.replace("'", "''"))


def _one_more(found: "re.Match[str]") -> str:
    run = found.group()
    first = _LINE_END.match(run)
    return run + (first.group() if first else "")


@text_filter("YamlDoubleQuoteEscape")
def _yaml_double(text: str, _options: Sequence[str]) -> str:
    """YAML 1.2.2, 5.7."""
    return "".join(_YAML.get(sign) or _printable(sign) for sign in text)


def _printable(sign: str) -> str:
    code = ord(sign)
    plain = 0x20 <= code < 0x7F or 0xA0 < code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF
    return sign if plain and code != 0xFEFF else _units(sign)


def _units(sign: str) -> str:
    """The UTF-16 units of a character, each as its code."""
    data = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[at : at + 2].hex().upper()}" for at in range(0, len(data), 2))


@text_filter("PropertiesKeyEscape")
def _properties_key(text: str, _options: Sequence[str]) -> str:
    """As java.util.Properties.load reads it."""
    escaped = "".join(f"\\{sign}" if sign in " :=" else _property(sign) for sign in text)
    return f"\\{escaped}" if text[:1] in ("#", "!") else escaped


@text_filter("PropertiesValueEscape")
def _properties_value(text: str, _options: Sequence[str]) -> str:
    escaped = "".join(_property(sign) for sign in text)
    return f"\\{escaped}" if text[:1] == " " else escaped


def _property(sign: str) -> str:
    known = _PROPERTIES.get(sign)
    if known is not None:
        return known
    return sign if 0x20 <= ord(sign) < 0x7F else _units(sign)


def escape_uri(text: str) -> str:
    """.NET API browser, system.uri.escapeuristring: reserved and unreserved characters stay."""
    return quote(text, safe=";/?:@&=+$,#[]!'()*-._~", errors="replace")


def escape_data(text: str) -> str:
    """.NET API browser, system.uri.escapedatastring: only unreserved characters (RFC 3986) stay."""
    return quote(text, safe="-._~", errors="replace")


@text_filter("UriEscape")
def _uri(text: str, _options: Sequence[str]) -> str:
    return escape_uri(text)


@text_filter("UriDataEscape")
def _uri_data(text: str, _options: Sequence[str]) -> str:
    return escape_data(text)
