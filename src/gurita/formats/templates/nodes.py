"""What a template is made of, once read."""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple, Union

__all__ = [
    "Calc",
    "Chain",
    "Comparison",
    "Condition",
    "Each",
    "EachHead",
    "Filter",
    "First",
    "If",
    "Index",
    "Name",
    "NestedIndex",
    "Node",
    "Number",
    "Operand",
    "Option",
    "Parts",
    "Path",
    "Raw",
    "Step",
    "Substitute",
    "Sum",
    "Text",
    "Word",
]


class Text(NamedTuple):
    """Text as it comes out, escapes undone."""

    text: str


class Raw(NamedTuple):
    """A stretch that is no template, given back as it stands."""

    source: str


class Name(NamedTuple):
    """A name in a path."""

    text: str


class Index(NamedTuple):
    """A text in brackets."""

    text: str


class First(NamedTuple):
    """`[*]`: the first element."""

    text: str = "*"


class NestedIndex(NamedTuple):
    """`[#{path}]`: the text of another path in brackets."""

    path: Path


Step = Union[Name, Index, First, NestedIndex]


class Path(NamedTuple):
    """The way to a value. `key` is the whole way folded for comparison; None when parts of it are evaluated first."""

    steps: Tuple[Step, ...]
    key: Optional[str]


class Word(NamedTuple):
    """An option as text. `quote` is how it was written: nothing, a quote or a quote behind a backslash."""

    text: str
    quote: str


class Filter(NamedTuple):
    """A filter and its options."""

    name: str
    options: Tuple[Option, ...]


class Chain(NamedTuple):
    """A path, or nothing, and the filters it goes through."""

    path: Optional[Path]
    filters: Tuple[Filter, ...]


class Comparison(NamedTuple):
    """Two operands; `wanted` is False for `!=`."""

    left: Union[Chain, Word]
    wanted: bool
    right: Union[Chain, Word]


Condition = Union[Chain, Word, Comparison]


class Substitute(NamedTuple):
    """`#{…}`."""

    chain: Chain


class If(NamedTuple):
    """`#{if …}` or, with `wanted` False, `#{unless …}`."""

    wanted: bool
    condition: Condition
    yes: Tuple[Node, ...]
    no: Tuple[Node, ...]


class EachHead(NamedTuple):
    """`x in Path`."""

    name: str
    path: Path


class Each(NamedTuple):
    """`#{each x in Path}`."""

    head: EachHead
    body: Tuple[Node, ...]


class Number(NamedTuple):
    """A number in a calculation, as written."""

    text: str


class Sum(NamedTuple):
    """Operands with `+`, `-`, `*` or `/` before each; the first has `+` or `*`."""

    operands: Tuple[Tuple[str, Operand], ...]


Operand = Union[Number, Path, Sum]


class Calc(NamedTuple):
    """`#{calc …}`. `source` is what was written after the word."""

    source: str
    sum: Operand


Option = Union[Word, Substitute, If, Each, Calc]
Node = Union[Text, Raw, Substitute, If, Each, Calc]
Parts = Tuple[Node, ...]
