"""Reads XPath 1.0 (W3C recommendation of 16 November 1999) into nested tuples for `xpath`."""

from __future__ import annotations

import functools
import re
from typing import Any, List, NamedTuple, Optional, Tuple

from gurita.formats.configuration.errors import ConfigurationError

__all__ = ["Expression", "Path", "Step", "XPathError", "parsed"]

LONGEST = 4000
DEEPEST = 50
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | \$(?P<variable>[^\W\d][\w.-]*)
    | (?P<mark>\.\.|::|//|!=|<=|>=|[()\[\].@,/|+\-=<>*])
    | (?P<name>[^\W\d][\w.-]*(?::(?!:)(?:\*|[^\W\d][\w.-]*))?)
    )""",
    re.VERBOSE,
)
_WORDS = frozenset(["and", "or", "div", "mod"])
_AXES = frozenset(
    ["ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
     "following-sibling", "parent", "preceding", "preceding-sibling", "self"]
)  # fmt: skip
_TYPES = frozenset(["comment", "node", "processing-instruction", "text"])
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))

Expression = Tuple[Any, ...]
"""`(operator, left, right)`, `("negative", x)`, `("number", 1.0)`, `("literal", "x")`, `("call", name, arguments)`,
`("union", left, right)`, `("filter", x, predicates)` or `("path", Path)`."""


class XPathError(ConfigurationError):
    """A text that is no XPath, or one that cannot be evaluated."""


class Step(NamedTuple):
    """`test` is a node type with parentheses, a name, `*` or `prefix:*`."""

    axis: str
    test: str
    predicates: Tuple[Expression, ...] = ()
    target: str = ""


class Path(NamedTuple):
    """Steps from the root (`absolute`), from what `start` gives, or from where one stands."""

    absolute: bool
    steps: Tuple[Step, ...]
    start: Optional[Expression] = None


_EVERYTHING = Step("descendant-or-self", "node()")


@functools.lru_cache(maxsize=1024)
def parsed(text: str) -> Expression:
    """The expression. Raises XPathError."""
    if len(text) > LONGEST:
        raise XPathError(f"a path has at most {LONGEST} characters")
    return _Parser(text).whole()


class _Token(NamedTuple):
    kind: str
    text: str


def _tokens(text: str) -> List[_Token]:
    found: List[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if not match:
            raise XPathError(f"'{text[at : at + 20].strip()}' is not expected in a path")
        at = match.end()
        kind = match.lastgroup or ""
        word = match.group(kind)
        before = found[-1] if found else None
        operand = before is not None and before.kind != "operator"
        if before is not None and before.kind == "mark":
            operand = before.text in (")", "]", "..", ".", "*")
        if operand and (word in _WORDS or word == "*"):
            kind = "operator"
        found.append(_Token(kind, word))
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        """All of it."""
        found = self._expression()
        if self._at < len(self._tokens):
            raise XPathError(f"'{self._tokens[self._at].text}' is not expected in a path")
        return found

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _Token("", "")

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token.text != text or token.kind not in ("mark", "operator"):
            return False
        self._at += 1
        return True

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise XPathError(f"'{text}' is missing in a path")

    def _expression(self, level: int = 0) -> Expression:
        if level == 0:
            self._depth += 1
            if self._depth > DEEPEST:
                raise XPathError(f"a path is nested at most {DEEPEST} deep")
        if level == len(_LEVELS):
            return self._unary()
        left = self._expression(level + 1)
        while True:
            operator = next((each for each in _LEVELS[level] if self._take(each)), None)
            if operator is None:
                break
            left = (operator, left, self._expression(level + 1))
        if level == 0:
            self._depth -= 1
        return left

    def _unary(self) -> Expression:
        negative = False
        while self._take("-"):
            negative = not negative
        found = self._path()
        while self._take("|"):
            found = ("union", found, self._path())
        return ("negative", found) if negative else found

    def _path(self) -> Expression:
        start = self._filter()
        if start is None:
            absolute = self._take("/")
            steps = [] if absolute else self._double()
            if absolute and not self._begins_step():
                return ("path", Path(True, ()))
            return ("path", Path(absolute or bool(steps), (*steps, *self._steps())))
        if self._peek().text not in ("/", "//") or self._peek().kind != "mark":
            return start
        steps = self._double()
        if not steps:
            self._need("/")
        return ("path", Path(False, (*steps, *self._steps()), start))

    def _double(self) -> List[Step]:
        return [_EVERYTHING] if self._take("//") else []

    def _begins_step(self) -> bool:
        token = self._peek()
        return token.kind == "name" or (token.kind == "mark" and token.text in (".", "..", "@", "*"))

    def _steps(self) -> List[Step]:
        found = [self._step()]
        while True:
            if self._take("//"):
                found += [_EVERYTHING, self._step()]
            elif self._take("/"):
                found.append(self._step())
            else:
                return found

    def _step(self) -> Step:
        if self._take("."):
            return Step("self", "node()")
        if self._take(".."):
            return Step("parent", "node()")
        axis = "attribute" if self._take("@") else "child"
        token = self._peek()
        if axis == "child" and token.kind == "name" and self._peek(1).text == "::":
            axis = token.text
            self._at += 2
            if axis not in _AXES:
                raise XPathError(f"the axis '{axis}' is not known")
        test, target = self._test()
        return Step(axis, test, tuple(self._predicates()), target)

    def _test(self) -> Tuple[str, str]:
        token = self._peek()
        if self._take("*"):
            return "*", ""
        if token.kind != "name":
            raise XPathError(
                f"'{token.text}' is not expected in a path" if token.text else "a path ends too early"
            )
        self._at += 1
        if not self._take("("):
            return token.text, ""
        target = ""
        if token.text == "processing-instruction" and self._peek().kind == "literal":
            target = self._peek().text[1:-1]
            self._at += 1
        self._need(")")
        if token.text not in _TYPES:
            raise XPathError(f"'{token.text}()' cannot be a step of a path")
        return f"{token.text}()", target

    def _predicates(self) -> List[Expression]:
        found: List[Expression] = []
        while self._take("["):
            found.append(self._expression())
            self._need("]")
        return found

    def _filter(self) -> Optional[Expression]:
        """A primary expression with predicates; None when a location path begins here."""
        token = self._peek()
        found: Expression
        if token.kind == "number":
            found = ("number", float(token.text))
            self._at += 1
        elif token.kind == "literal":
            found = ("literal", token.text[1:-1])
            self._at += 1
        elif token.kind == "variable":
            raise XPathError(f"'${token.text}' is not known in a path")
        elif self._take("("):
            found = self._expression()
            self._need(")")
        elif token.kind == "name" and self._peek(1).text == "(" and token.text not in _TYPES:
            self._at += 2
            found = ("call", token.text, tuple(self._arguments()))
        else:
            return None
        predicates = tuple(self._predicates())
        return ("filter", found, predicates) if predicates else found

    def _arguments(self) -> List[Expression]:
        found: List[Expression] = []
        if self._take(")"):
            return found
        found.append(self._expression())
        while self._take(","):
            found.append(self._expression())
        self._need(")")
        return found
