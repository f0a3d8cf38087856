"""JSON with places: every token with where it stands, every value with its name. Comments and a last comma are let through."""

from __future__ import annotations

import json
import re
from typing import Dict, List, NamedTuple, Optional

from gurita.formats.configuration.errors import Unreadable

__all__ = ["ARRAY", "COMMENT", "OBJECT", "STRING", "WORD", "Json", "Token", "Value", "read_json"]

STRING, NUMBER, WORD, COMMENT = "string", "number", "word", "comment"
OBJECT, ARRAY = "{", "["
DEEPEST = 200
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<mark>[{}\[\]:,])
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.])
    | (?P<word>true|false|null)(?!\w)
    | (?P<comment>//[^\r\n]*|/\*.*?\*/)
    )""",
    re.VERBOSE | re.DOTALL,
)
_CLOSE = {"{": "}", "[": "]"}


class Token(NamedTuple):
    """`kind` is a mark itself, or what it is: string, number, word, comment."""

    kind: str
    start: int
    end: int


class Value(NamedTuple):
    """A value of the document: its keys and positions joined with `:`, its kind (`{`, `[` or a token's), its tokens."""

    place: str
    kind: str
    first: int
    last: int


class Json(NamedTuple):
    """A document: its tokens, and its values from the outside in; the first is the root."""

    text: str
    tokens: List[Token]
    values: List[Value]


class _Open:
    """A container under way."""

    def __init__(self, kind: str, place: str, number: int, *, outermost: bool) -> None:
        self.kind = kind
        self.place = place
        self.number = number
        self.outermost = outermost
        self.items = 0
        self.key: Optional[str] = None

    def inside(self) -> str:
        """The place of the value that comes."""
        name = (self.key if self.kind == OBJECT else str(self.items)) or ""
        return name if self.outermost else f"{self.place}:{name}"


def read_json(text: str) -> Json:
    """Read a document. Raises Unreadable with line and column."""
    reader = _Reader(text, _tokens(text))
    reader.read()
    return Json(text, reader.tokens, reader.values)


def _tokens(text: str) -> List[Token]:
    found: List[Token] = []
    at, end = 0, len(text.rstrip(" \t\r\n"))
    while at < end:
        match = _TOKEN.match(text, at)
        if not match:
            raise _wrong(text, at + len(text[at:]) - len(text[at:].lstrip(" \t\r\n")))
        kind = match.lastgroup or ""
        start, at = match.span(kind)
        found.append(Token(text[start] if kind == "mark" else kind, start, at))
    return found


def _wrong(text: str, at: int) -> Unreadable:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    what = repr(text[at : at + 20]) if at < len(text) else "the end"
    return Unreadable(f"line {line}, column {column}: {what} is not expected there")


class _Reader:
    def __init__(self, text: str, tokens: List[Token]) -> None:
        self.source = text
        self.tokens = tokens
        self.values: List[Value] = []
        self._open: List[_Open] = []
        self._ends: Dict[int, int] = {}
        self._expect = "value"

    def read(self) -> None:
        """Walk over the tokens; the stack is a list, so that depth costs no recursion."""
        for number, token in enumerate(self.tokens):
            if token.kind == COMMENT:
                continue
            if not self._take(number, token):
                raise _wrong(self.source, token.start)
            if len(self._open) > DEEPEST:
                raise Unreadable(f"it is nested more than {DEEPEST} deep")
        if self._expect != "nothing":
            raise _wrong(self.source, len(self.source))
        self.values = [value._replace(last=self._ends[value.first]) for value in self.values]

    def _take(self, number: int, token: Token) -> bool:
        here = self._open[-1] if self._open else None
        if here and token.kind == _CLOSE[here.kind]:
            return self._close(number, here)
        if self._expect == "key":
            return token.kind == STRING and here is not None and self._key(here, token)
        if self._expect == "colon":
            self._expect = "value"
            return token.kind == ":"
        if self._expect == "comma":
            self._expect = "key" if here and here.kind == OBJECT else "value"
            return token.kind == ","
        return self._expect == "value" and self._value(number, token, here)

    def _close(self, number: int, here: _Open) -> bool:
        if self._expect == "colon" or (self._expect == "value" and here.kind == OBJECT):
            return False
        self._open.pop()
        self._ends[here.number] = number
        self._after()
        return True

    def _key(self, here: _Open, token: Token) -> bool:
        try:
            here.key = json.loads(self.source[token.start : token.end], strict=False)
        except ValueError:
            return False
        self._expect = "colon"
        return True

    def _value(self, number: int, token: Token, here: Optional[_Open]) -> bool:
        if token.kind in "}]:,":
            return False
        place = here.inside() if here else ""
        self.values.append(Value(place, token.kind, number, number))
        if token.kind in _CLOSE:
            self._open.append(_Open(token.kind, place, number, outermost=not self._open))
            self._expect = "key" if token.kind == OBJECT else "value"
            return True
        self._ends[number] = number
        self._after()
        return True

    def _after(self) -> None:
        """A value is over."""
        if self._open:
            self._open[-1].items += 1
        self._expect = "comma" if self._open else "nothing"
