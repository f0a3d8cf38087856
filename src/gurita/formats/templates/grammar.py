"""The grammar of what stands between `#{` and `}`, over tokens that `heads` makes.

Text, blocks and white space are seen to before: which white space belongs to a name depends on what follows it, and a
faulty token must not take the rest of a file with it. The parser library is imported with the first token that needs it.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, List, NamedTuple, Sequence

from gurita.formats.templates.nodes import Chain, Comparison, EachHead, Filter, Name, Number, Sum
from gurita.formats.templates.paths import path_of

__all__ = ["GRAMMAR", "Lexeme", "Unexpected", "parse_head"]

GRAMMAR = r"""
chain: path filter* | filter+
filter: PIPE WORD option*
?option: WORD | QUOTED | BLOCK
path: NAME (DOT NAME | INDEX)*

?condition: operand | comparison
comparison: operand (SAME | OTHER) operand
?operand: chain | QUOTED

each: NAME IN path

?sum: product ((PLUS | MINUS) product)*
?product: factor ((TIMES | OVER) factor)*
?factor: NUMBER | path | LBRACE path RBRACE -> inner | LPAR sum RPAR -> inner

%declare PIPE WORD QUOTED BLOCK NAME DOT INDEX SAME OTHER IN
%declare PLUS MINUS TIMES OVER NUMBER LBRACE RBRACE LPAR RPAR
"""

_SIGNS = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "OVER": "/"}


class Lexeme(NamedTuple):
    """One token: its kind in the grammar, its text or the node that was read already, and where it begins."""

    kind: str
    value: Any
    at: int


class Unexpected(Exception):
    """The grammar has no place for the token that begins at `at`; -1 is the end."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


def parse_head(start: str, lexemes: Sequence[Lexeme]) -> Any:
    """The node of a token's inside. `start` is chain, condition, each, path or sum. Raises Unexpected."""
    return _parser()(start, lexemes)


class _Building:
    """What becomes of each rule. The methods are called by the parser, from the leaves up."""

    def chain(self, children: List[Any]) -> Chain:
        path = None if isinstance(children[0], Filter) else children.pop(0)
        return Chain(path, tuple(children))

    def filter(self, children: List[Any]) -> Filter:
        return Filter(children[1].value.text, tuple(_plain(child) for child in children[2:]))

    def path(self, children: List[Any]) -> Any:
        return path_of(
            tuple(
                Name(child.value) if child.type == "NAME" else child.value
                for child in children
                if child.type != "DOT"
            )
        )

    def comparison(self, children: List[Any]) -> Comparison:
        left, sign, right = children
        return Comparison(_plain(left), sign.type == "SAME", _plain(right))

    def each(self, children: List[Any]) -> EachHead:
        return EachHead(children[0].value, children[2])

    def sum(self, children: List[Any]) -> Sum:
        return _row("+", children)

    def product(self, children: List[Any]) -> Sum:
        return _row("*", children)

    def inner(self, children: List[Any]) -> Any:
        return _operand(children[1])


def _row(first: str, children: List[Any]) -> Sum:
    signs = [first, *(_SIGNS[child.type] for child in children[1::2])]
    return Sum(tuple(zip(signs, map(_operand, children[::2]))))


def _operand(child: Any) -> Any:
    found = _plain(child)
    return Number(found) if isinstance(found, str) else found


def _plain(child: Any) -> Any:
    """A node; a token's own value."""
    return child.value if hasattr(child, "type") else child


@functools.lru_cache(maxsize=1)
def _parser() -> Callable[[str, Sequence[Lexeme]], Any]:
    import lark
    from lark.lexer import Lexer
    from lark.visitors import Transformer

    class _Given(Lexer):
        """The tokens are made already."""

        def __init__(self, *_: object) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any = None) -> Any:
            for kind, value, at in lexer_state:
                token = lark.Token(kind, "", start_pos=at)
                token.value = value
                yield token

    building = type("_Rules", (_Building, Transformer), {})()
    parser: Any = lark.Lark(
        GRAMMAR,
        parser="lalr",
        lexer=_Given,
        start=["chain", "condition", "each", "path", "sum"],
        transformer=building,
        keep_all_tokens=True,
    )

    def parse(start: str, lexemes: Sequence[Lexeme]) -> Any:
        try:
            return (
                _operand(parser.parse(lexemes, start=start))
                if start == "sum"
                else _plain(parser.parse(lexemes, start=start))
            )
        except lark.UnexpectedInput as error:
            token = getattr(error, "token", None)
            at = -1 if token is None or token.type == "$END" else int(token.start_pos)
            raise Unexpected(at) from None

    return parse
