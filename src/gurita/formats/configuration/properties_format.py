"""Variables put into Java's `.properties` files (runtime formats 5.3). The format is that of `java.util.Properties.load`."""

from __future__ import annotations

import re
from typing import Iterator, Mapping, NamedTuple

from gurita.formats.configuration.values import Change, Edit, Wanted, spliced

__all__ = ["properties_text"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(\r\n|\r|\n)[ \t\f]*|(.))", re.DOTALL)
_ENDS_OPEN = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_KEY = re.compile(r"[ \t\f]*((?:[^\\ \t\f=:\r\n]|\\(?:\r\n[ \t\f]*|[\r\n][ \t\f]*|[^\r\n]|\Z))*)")
_GAP = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_SEPARATOR = re.compile(_GAP + r"(?:[=:]" + _GAP + r")?")
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}


class _Line(NamedTuple):
    """One logical line: its key, where its separator and its value stand."""

    key: str
    separator: str
    start: int
    end: int


def properties_text(text: str, variables: Mapping[str, str], *, highest: int = 0x10FFFF) -> Change:
    r"""Replace the values of keys that are variables; names have no case, those that begin with `Octopus` are ignored.

    `highest` is the last character that may be written as it is; those above become `\uXXXX`.
    """
    wanted = Wanted(variables, lambda name: not name.lower().startswith("octopus"))
    edits = []
    for line in _lines(text) if wanted else ():
        found = wanted.find(line.key)
        if found is None:
            continue
        name, value = found
        wanted.use(name)
        new = _escaped(value, highest)
        if not line.separator:
            new = f":{new}" if new else ""
        elif not re.search("[=:]", line.separator) and new[:1] in ("=", ":"):
            new = f"\\{new}"
        edits.append(Edit(line.start, line.end, new))
    return wanted.change(spliced(text, edits))


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    while at < len(text):
        match = _LINE.match(text, at)
        assert match is not None  # noqa: S101  an empty match is one
        start, end = at, match.end()
        content = match.group().rstrip("\r\n")
        first = content.lstrip(" \t\f")[:1]
        at = end
        if first in ("", "#", "!"):
            continue
        while _ENDS_OPEN.search(content) and at < len(text):
            match = _LINE.match(text, at)
            assert match is not None  # noqa: S101
            content = match.group().rstrip("\r\n")
            at = end = match.end()
        yield _logical(text, start, end)


def _logical(text: str, start: int, end: int) -> _Line:
    whole = text[start:end].rstrip("\r\n")
    key = _KEY.match(whole)
    assert key is not None  # noqa: S101  the pattern may be empty
    separator = _SEPARATOR.match(whole, key.end())
    assert separator is not None  # noqa: S101
    return _Line(_unescaped(key.group(1)), separator.group(), start + separator.end(), start + len(whole))


def _unescaped(text: str) -> str:
    def one(match: "re.Match[str]") -> str:
        if match.group(1):
            return chr(int(match.group(1), 16))
        return "" if match.group(2) else _LETTERS.get(match.group(3), match.group(3))

    return _ESCAPE.sub(one, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(value: str, highest: int) -> str:
    stripped = value.lstrip(" ")
    lead = "\\ " * (len(value) - len(stripped))
    return lead + "".join(_character(each, highest) for each in stripped)


def _character(character: str, highest: int) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if code >= 0x20 and code != 0x7F and code <= highest:
        return character
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
