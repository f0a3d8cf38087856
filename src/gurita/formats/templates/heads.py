"""Reading what stands between `#{` and `}` into tokens (runtime formats 2.1)."""

from __future__ import annotations

import re
from typing import Any, List, NamedTuple, Protocol, Tuple

from gurita.formats.templates.errors import TemplateError
from gurita.formats.templates.grammar import Lexeme, Unexpected, parse_head
from gurita.formats.templates.nodes import NestedIndex, Word
from gurita.formats.templates.paths import LETTERS, NAME, close_bracket, index_of

__all__ = ["Head", "Source", "read_head"]

MOST_LEXEMES = 10_000
_DEEPEST = 50
_WORD = re.compile(rf"[{LETTERS}]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?!\w)")
_SIGN = re.compile(r"==|!=|[|.]")
_SIGN_KINDS = {"==": "SAME", "!=": "OTHER", "|": "PIPE", ".": "DOT"}
_IN = re.compile(r"in(?=\s)", re.IGNORECASE)
_SPACES = re.compile(r"\s*")
_OPERATORS = {"+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "OVER"}
_QUOTED = re.compile(r'"([^"#]*)"|\\"(.*?)\\"', re.DOTALL)


class Source(Protocol):
    """Whose text is read. `lexemes` counts what was read of it, for good or not."""

    text: str
    lexemes: int

    def nested(self, start: int, depth: int) -> Tuple[Any, int]:
        """The token or block that begins at a position, and where it ends."""


class Head(NamedTuple):
    """The inside of a token, and where the token ends."""

    node: Any
    end: int


def read_head(source: Source, start: int, at: int, kind: str, depth: int) -> Head:
    """The inside that begins at `at` of the token that begins at `start`. Raises TemplateError."""
    reading = _Reading(source, start, depth)
    end = reading.read(at, kind)
    try:
        return Head(parse_head(kind, reading.found), end)
    except Unexpected as error:
        where = end - 1 if error.at < 0 else error.at
        raise TemplateError(source.text, where, "this does not belong here") from None


class _Reading:
    def __init__(self, source: Source, start: int, depth: int) -> None:
        self.source, self.text, self.start, self.depth = source, source.text, start, depth
        self.found: List[Lexeme] = []
        self.words = False
        self.open = 0
        if depth > _DEEPEST:
            raise TemplateError(self.text, start, "tokens lie in each other too deep")

    def fail(self, at: int, said: str) -> TemplateError:
        return TemplateError(self.text, at, said)

    def read(self, at: int, kind: str) -> int:
        """Reads to the closing brace, and answers what comes after it."""
        text, step = self.text, self.calc if kind == "sum" else self.expression
        while True:
            at = _after_spaces(text, at)
            if at >= len(text):
                raise self.fail(self.start, "the token that begins here has no end")
            if len(self.found) > MOST_LEXEMES:
                raise self.fail(self.start, "the token that begins here is too long")
            if text[at] == "}" and not self.open:
                return at + 1
            at = step(at, kind)

    def add(self, kind: str, value: Any, at: int, end: int) -> int:
        self.source.lexemes += 1
        self.found.append(Lexeme(kind, value, at))
        return end

    def expression(self, at: int, kind: str) -> int:
        text = self.text
        if self.words and text.startswith("#{", at):
            node, end = self.source.nested(at, self.depth + 1)
            return self.add("BLOCK", node, at, end)
        sign = _SIGN.match(text, at)
        if sign is not None:
            self.words = sign.group() == "|" or (self.words and sign.group() == ".")
            return self.add(_SIGN_KINDS[sign.group()], sign.group(), at, sign.end())
        quoted = _QUOTED.match(text, at)
        if quoted is not None:
            plain = quoted.group(1) is not None
            word = Word(quoted.group(1 if plain else 2), '"' if plain else '\\"')
            return self.add("QUOTED", word, at, quoted.end())
        if self.words:
            found = _WORD.match(text, at)
            if found is not None:
                return self.add("WORD", Word(found.group(), ""), at, found.end())
            raise self.fail(at, "this sign needs quotes around the option")
        if kind == "each" and len(self.found) == 1:
            found = _IN.match(text, at)
            if found is not None:
                return self.add("IN", "in", at, found.end())
        return self.path_piece(at)

    def path_piece(self, at: int) -> int:
        if self.text[at] == "[":
            return self.index(at)
        found = NAME.match(self.text, at)
        if found is None:
            raise self.fail(at, "a name cannot have this sign")
        return self.add("NAME", found.group(), at, found.end())

    def index(self, at: int) -> int:
        text, inner = self.text, _after_spaces(self.text, at + 1)
        if not text.startswith("#{", inner):
            end = close_bracket(text, at + 1)
            if end < 0:
                raise self.fail(at, "the bracket that opens here does not close")
            return self.add("INDEX", index_of(text[at + 1 : end]), at, end + 1)
        head = read_head(self.source, inner, inner + 2, "path", self.depth + 1)
        end = _after_spaces(text, head.end)
        if not text.startswith("]", end):
            raise self.fail(at, "the bracket that opens here does not close after the inner name")
        return self.add("INDEX", NestedIndex(head.node), at, end + 1)

    def calc(self, at: int, kind: str) -> int:
        text, sign = self.text, self.text[at]
        last = self.found[-1].kind if self.found else ""
        if last in ("NAME", "INDEX") and sign in ".[":
            return self.index(at) if sign == "[" else self.add("DOT", ".", at, at + 1)
        if sign == "}":
            self.open -= 1
            return self.add("RBRACE", sign, at, at + 1)
        if last in ("NAME", "INDEX", "NUMBER", "RBRACE", "RPAR"):
            if sign in _OPERATORS or sign == ")":
                return self.add(_OPERATORS.get(sign, "RPAR"), sign, at, at + 1)
            raise self.fail(at, "an operator is expected here")
        if sign in "({" and last != "DOT":
            self.open += sign == "{"
            if len([each for each in self.found if each.kind == "LPAR"]) > _DEEPEST:
                raise self.fail(at, "there are too many parentheses")
            return self.add("LPAR" if sign == "(" else "LBRACE", sign, at, at + 1)
        number = _NUMBER.match(text, at) if last not in ("DOT", "LBRACE") else None
        if number is not None:
            return self.add("NUMBER", number.group(), at, number.end())
        return self.path_piece(at)


def _after_spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at
