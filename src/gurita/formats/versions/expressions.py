"""Regular expressions as trees: the syntax people know, without what cannot be matched in proportion to its length.

Left out and refused by name: back references, looking behind, atomic and possessive groups, Unicode categories.
"""

from __future__ import annotations

import re
from typing import Callable, List, NamedTuple, Tuple, Union

__all__ = ["Anchor", "Choice", "Look", "Node", "One", "PatternError", "Repeat", "Row", "read_expression"]

_DEEPEST = 20
_MOST_TIMES = 1000
_COUNT = re.compile(r"\{(\d{1,4})(,(\d{0,4}))?\}", re.ASCII)
_GROUP_NAME = re.compile(r"\(\?(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')", re.ASCII)
_FLAGS = re.compile(r"\(\?([a-z]*)(?:-([a-z]*))?([:)])", re.ASCII)
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_ANCHORS = {"A": "start", "z": "end", "Z": "last", "b": "boundary", "B": "inside"}


class PatternError(ValueError):
    """A text is no regular expression that may be used here; the message says why, without a dot at its end."""


Test = Callable[[str], bool]


class One(NamedTuple):
    """One character that passes a test."""

    test: Test


class Anchor(NamedTuple):
    """A place: start, end, last (the end or before a line break there), boundary or inside (of words)."""

    name: str


class Row(NamedTuple):
    """One after the other."""

    nodes: Tuple[Node, ...]


class Choice(NamedTuple):
    """Any one of them."""

    nodes: Tuple[Node, ...]


class Repeat(NamedTuple):
    """At least and at most so often; -1 is without an end."""

    node: Node
    least: int
    most: int


class Look(NamedTuple):
    """What must follow here, or must not."""

    node: Node
    wanted: bool


Node = Union[One, Anchor, Row, Choice, Repeat, Look]

_CLASSES: dict[str, Test] = {
    "d": str.isdecimal,
    "w": lambda char: char.isalnum() or char == "_",
    "s": str.isspace,
}


def _not(test: Test) -> Test:
    return lambda char: not test(char)


for _name, _test in tuple(_CLASSES.items()):
    _CLASSES[_name.upper()] = _not(_test)


def read_expression(text: str) -> Node:
    """The tree of a regular expression. Raises PatternError."""
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.any_case = False
        self.dot_is_all = False

    def whole(self) -> Node:
        node = self.choice()
        if self.at < len(self.text):
            raise self.error("a ) has no ( before it")
        return node

    def error(self, reason: str) -> PatternError:
        return PatternError("'{}' cannot be used as a regular expression: {}".format(self.text, reason))

    def next(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def choice(self) -> Node:
        rows = [self.row()]
        while self.next() == "|":
            self.at += 1
            rows.append(self.row())
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def row(self) -> Node:
        nodes: List[Node] = []
        while self.next() not in ("", "|", ")"):
            nodes.append(self.repeated(self.item()))
        return Row(tuple(nodes))

    def repeated(self, node: Node) -> Node:
        char = self.next()
        count = _COUNT.match(self.text, self.at)
        if char and char in "*+?":
            self.at += 1
            least, most = {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[char]
        elif count:
            self.at = count.end()
            least = int(count.group(1))
            most = least if count.group(2) is None else int(count.group(3) or -1)
            if most != -1 and most < least:
                raise self.error("{} counts down".format(count.group()))
            if max(least, most) > _MOST_TIMES:
                raise self.error("{} repeats more than {} times".format(count.group(), _MOST_TIMES))
        else:
            return node
        if isinstance(node, (Anchor, Look)):
            raise self.error("a place cannot be repeated")
        if self.next() == "?":
            self.at += 1
        if self.next() in ("*", "+", "?") or _COUNT.match(self.text, self.at):
            raise self.error("a repetition is repeated or possessive")
        return Repeat(node, least, most)

    def item(self) -> Node:
        char = self.next()
        if char == "(":
            return self.group()
        if char in "*+?":
            raise self.error("{} has nothing before it to repeat".format(char))
        self.at += 1
        if char == "[":
            return One(self.set_of_characters())
        if char == "\\":
            return self.escape()
        if char == ".":
            return One((lambda _char: True) if self.dot_is_all else (lambda char: char != "\n"))
        if char in "^$":
            return Anchor("start" if char == "^" else "last")
        return One(self.literal(char))

    def literal(self, char: str) -> Test:
        if not self.any_case:
            return lambda other: other == char
        low = char.lower()
        return lambda other: other.lower() == low

    def group(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.error("groups are more than {} deep".format(_DEEPEST))
        before = (self.any_case, self.dot_is_all)
        wanted = self.group_start()
        if wanted is None:
            self.depth -= 1
            return Row(())
        node = self.choice()
        if self.next() != ")":
            raise self.error("a ( is not closed")
        self.at += 1
        self.depth -= 1
        self.any_case, self.dot_is_all = before
        return Look(node, wanted == "=") if wanted in ("=", "!") and wanted else node

    def group_start(self) -> Union[str, None]:
        """Passes over the start. "" for a group, = or ! for looking ahead, None for flags alone."""
        if self.next(2) != "(?":
            self.at += 1
            return ""
        kind = self.text[self.at + 2 : self.at + 3]
        if kind in ("=", "!") and kind:
            self.at += 3
            return kind
        if name := _GROUP_NAME.match(self.text, self.at):
            self.at = name.end()
            return ""
        flags = _FLAGS.match(self.text, self.at)
        if flags is None or set(flags.group(1) + (flags.group(2) or "")) - set("isn"):
            raise self.error("{}… is not supported here".format(self.next(4)))
        for letter in flags.group(1) + (flags.group(2) or ""):
            on = letter in flags.group(1)
            self.any_case = on if letter == "i" else self.any_case
            self.dot_is_all = on if letter == "s" else self.dot_is_all
        self.at = flags.end()
        return "" if flags.group(3) == ":" else None

    def escape(self) -> Node:
        char = self.next()
        if char in _ANCHORS and char:
            self.at += 1
            return Anchor(_ANCHORS[char])
        return One(self.escaped())

    def escaped(self) -> Test:
        """What a backslash makes of the next characters: a test of a class, or of one character."""
        char = self.next()
        if char in _CLASSES:
            self.at += 1
            return _CLASSES[char]
        return self.literal(self.escaped_character())

    def escaped_character(self) -> str:
        char = self.next()
        if not char:
            raise self.error("it ends in a backslash")
        if hexadecimal := _HEX.match(self.text, self.at):
            self.at = hexadecimal.end()
            return chr(int(hexadecimal.group(1) or hexadecimal.group(2), 16))
        self.at += 1
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char.isalnum():
            raise self.error("\\{} is not supported here".format(char))
        return char

    def set_of_characters(self) -> Test:
        negated = self.next() == "^"
        self.at += negated
        tests: List[Test] = []
        first = True
        while first or self.next() != "]":
            if not self.next():
                raise self.error("a [ is not closed")
            tests.append(self.member())
            first = False
        self.at += 1
        told: Tuple[Test, ...] = tuple(tests)
        if self.any_case:
            return lambda char: any(t(char) or t(char.lower()) or t(char.upper()) for t in told) != negated
        return lambda char: any(test(char) for test in told) != negated

    def member(self) -> Test:
        if self.next() == "[":
            raise self.error("a [ inside of [] needs a backslash before it")
        if self.next() == "\\" and self.text[self.at + 1 : self.at + 2] in _CLASSES:
            self.at += 2
            return _CLASSES[self.text[self.at - 1]]
        low = self.member_character()
        if self.next() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return lambda char: char == low
        self.at += 1
        high = self.member_character()
        if high < low:
            raise self.error("{}-{} is a range from high to low".format(low, high))
        return lambda char: low <= char <= high

    def member_character(self) -> str:
        char = self.next()
        self.at += 1
        if char != "\\":
            return char
        if self.next() == "b":
            self.at += 1
            return "\b"
        return self.escaped_character()
