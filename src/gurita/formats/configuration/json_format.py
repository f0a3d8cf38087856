"""Variables put into JSON (runtime formats 5.3): values by their place, the document rewritten with an indent of 2."""

from __future__ import annotations

import json
import math
import re
from typing import Dict, List, Mapping, NamedTuple, Optional, Set

from gurita.formats.configuration.encodings import line_end
from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.configuration.json_tokens import (
    ARRAY,
    COMMENT,
    OBJECT,
    STRING,
    WORD,
    Json,
    Value,
    read_json,
)
from gurita.formats.configuration.values import Change, Wanted, by_structure

__all__ = ["json_text", "number_text"]

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


class _New(NamedTuple):
    """What stands instead of the tokens up to `last`: a text, or a whole document."""

    last: int
    text: str
    document: Optional[Json] = None


def json_text(text: str, variables: Mapping[str, str]) -> Change:
    """Replace what variables name. Without one the text stays as it is; otherwise it is written anew, its comments, numbers and
    strings as they were. A key that is there twice is replaced twice. Raises Unreadable."""
    document = read_json(text)
    wanted = Wanted(variables, by_structure)
    edits: Dict[int, _New] = {}
    seen: Set[str] = set()
    until = -1
    for value in document.values[1:] if wanted else ():
        found = wanted.find(value.place)
        if value.first <= until or found is None:
            continue
        name, new = found
        edit = _replacement(document, value, new)
        if edit is None:
            wanted.warn(
                f"The value of '{name}' is not JSON, so the {_KINDS[value.kind]} there stays as it is."
            )
            continue
        if value.place in seen:
            wanted.warn(f"'{value.place}' is there more than once; all of them were replaced.")
        seen.add(value.place)
        wanted.use(name)
        edits[value.first] = edit
        until = value.last
    if not edits:
        return wanted.change(text)
    ends = text[len(text.rstrip(" \t\r\n")) :]
    begins = text[: len(text) - len(text.lstrip(" \t\r\n"))]
    return wanted.change(begins + _Writer(line_end(text)).document(document, edits) + ends)


_KINDS = {OBJECT: "object", ARRAY: "array"}


def number_text(text: str) -> str:
    """A number as JSON writes it; empty for what is none."""
    wanted = text.strip()
    if _JSON_NUMBER.match(wanted):
        return wanted
    if not _NUMBER.match(wanted) or len(wanted) > 300:
        return ""
    if wanted.lstrip("+-").isdigit():
        return str(int(wanted))
    found = float(wanted)
    return repr(found) if math.isfinite(found) else ""


def _replacement(document: Json, value: Value, new: str) -> Optional[_New]:
    if value.kind in _KINDS:
        try:
            return _New(value.last, "", read_json(new))
        except ConfigurationError:
            return None
    return _New(value.last, _scalar(document, value, new))


def _scalar(document: Json, value: Value, new: str) -> str:
    token = document.tokens[value.first]
    old, word = document.text[token.start : token.end], new.strip().lower()
    if value.kind == WORD:
        typed = word if word in (("null",) if old == "null" else ("true", "false")) else ""
    else:
        typed = "" if value.kind == STRING else number_text(new)
    return typed or json.dumps(new, ensure_ascii=False)


class _Writer:
    """Writes tokens with an indent of 2, a member or element a line."""

    def __init__(self, end: str) -> None:
        self._end = end
        self._out: List[str] = []
        self._break = False
        self._depth = 0

    def document(self, document: Json, edits: Mapping[int, _New]) -> str:
        """The document with its edits."""
        self._tokens(document, edits)
        return "".join(self._out)

    def _tokens(self, document: Json, edits: Mapping[int, _New]) -> None:
        number = 0
        while number < len(document.tokens):
            edit = edits.get(number)
            if edit is None:
                self._token(document, number)
            elif edit.document is None:
                self._put(edit.text)
            else:
                self._tokens(edit.document, {})
            number = edit.last + 1 if edit else number + 1

    def _token(self, document: Json, number: int) -> None:
        token = document.tokens[number]
        source = document.text[token.start : token.end]
        before = document.tokens[number - 1] if number else None
        after = document.tokens[number + 1] if number + 1 < len(document.tokens) else None
        if token.kind == COMMENT:
            alone = before is None or "\n" in document.text[before.end : token.start]
            self._comment(source, alone=alone)
        elif token.kind in (OBJECT, ARRAY):
            self._put(source)
            self._depth += 1
            self._break = after is not None and after.kind not in "}]"
        elif token.kind in "}]":
            self._depth -= 1
            self._break = before is not None and before.kind not in (OBJECT, ARRAY)
            self._put(source)
        elif token.kind == ",":
            if after is None or after.kind not in "}]":
                self._put(",")
                self._break = True
        else:
            self._put(": " if token.kind == ":" else source)

    def _comment(self, source: str, *, alone: bool) -> None:
        if alone and self._out:
            self._break = True
            self._put(source)
        else:
            self._out.append(f" {source}" if self._out else source)
        self._break = self._break or alone or source.startswith("//")

    def _put(self, text: str) -> None:
        if self._break:
            self._out.append(self._end + "  " * self._depth)
            self._break = False
        self._out.append(text)
