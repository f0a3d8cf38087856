"""Evaluates XPath 1.0 over `xml_tree`: the nodes themselves come back, to be changed in their places.

Text and CDATA sections that follow each other are one node, and its first piece stands for it. The namespace axis and `id()` are left out. Every node looked at counts, so that no
path takes for ever.
"""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Union

from gurita.formats.configuration.xml_tree import Attribute, Document, Element, Piece
from gurita.formats.configuration.xpath_functions import (
    FUNCTIONS,
    boolean_of,
    number_of,
    string_of,
)
from gurita.formats.configuration.xpath_syntax import Expression, Path, Step, XPathError, parsed

__all__ = ["Found", "Paths"]

MOST = 5_000_000
"""Nodes one path may look at."""

Found = Union[Document, Element, Attribute, Piece]
Value = Any
_REVERSE = frozenset(["ancestor", "ancestor-or-self", "preceding", "preceding-sibling"])


class Paths:
    """Paths over one state of a document; a changed document needs a new one. `namespaces` are those paths may name."""

    def __init__(self, document: Document, namespaces: Optional[Mapping[str, str]] = None) -> None:
        self._document = document
        self._namespaces = namespaces or {}
        self._order: Dict[int, int] = {}
        self._names: Dict[int, str] = {}
        self._looked = 0
        self._number(document)

    def select(self, path: str) -> List[Found]:
        """The nodes a path names, in their order in the document. Raises XPathError, also for a path that names no nodes."""
        expression = parsed(path)
        self._looked = 0
        found = self._value(expression, _Context(self._document, 1, 1))
        if not isinstance(found, list):
            raise XPathError("it names no part of a document")
        return found

    def _number(self, document: Document) -> None:
        todo: List[Found] = [document]
        while todo:
            node = todo.pop()
            self._order[id(node)] = len(self._order)
            if isinstance(node, Element):
                for each in node.attributes:
                    self._order[id(each)] = len(self._order)
            if isinstance(node, (Document, Element)):
                todo.extend(reversed(node.children))

    def _sorted(self, nodes: Iterable[Found]) -> List[Found]:
        unique = {id(node): node for node in nodes}
        return sorted(unique.values(), key=lambda node: self._order[id(node)])

    def _count(self) -> None:
        self._looked += 1
        if self._looked > MOST:
            raise XPathError(f"it looks at more than {MOST} nodes")

    def _value(self, expression: Expression, context: "_Context") -> Value:
        self._count()
        kind = expression[0]
        if kind in ("number", "literal"):
            return expression[1]
        if kind == "path":
            return self._path(expression[1], context)
        if kind == "filter":
            return self._filtered(self._nodes(expression[1], context), expression[2])
        if kind == "union":
            return self._sorted([*self._nodes(expression[1], context), *self._nodes(expression[2], context)])
        if kind == "negative":
            return -number_of(self._value(expression[1], context))
        if kind == "call":
            return self._call(expression[1], expression[2], context)
        return self._operation(kind, expression[1], expression[2], context)

    def _nodes(self, expression: Expression, context: "_Context") -> List[Found]:
        found = self._value(expression, context)
        if not isinstance(found, list):
            raise XPathError("something that is no part of a document is used as if it were")
        return found

    def _operation(self, kind: str, left: Expression, right: Expression, context: "_Context") -> Value:
        first = self._value(left, context)
        if kind in ("and", "or"):
            if boolean_of(first) == (kind == "or"):
                return kind == "or"
            return boolean_of(self._value(right, context))
        second = self._value(right, context)
        if kind in _COMPARISONS:
            return self._compare(kind, first, second)
        return _ARITHMETIC[kind](number_of(first), number_of(second))

    def _compare(self, kind: str, left: Value, right: Value) -> bool:
        """Section 3.4: with node-sets, whether any of their nodes fits."""
        if isinstance(left, bool) or isinstance(right, bool):
            left, right = [boolean_of(left)], [boolean_of(right)]
        lefts = (
            [string_of(each) for each in left]
            if _is_nodes(left)
            else left
            if isinstance(left, list)
            else [left]
        )
        rights = (
            [string_of(each) for each in right]
            if _is_nodes(right)
            else right
            if isinstance(right, list)
            else [right]
        )
        for one in lefts:
            for other in rights:
                self._count()
                if _fits(kind, one, other):
                    return True
        return False

    def _call(self, name: str, arguments: Sequence[Expression], context: "_Context") -> Value:
        if name == "position" and not arguments:
            return float(context.position)
        if name == "last" and not arguments:
            return float(context.size)
        function = FUNCTIONS.get(name)
        if function is None or not function.least <= len(arguments) <= function.most:
            raise XPathError(f"the function '{name}' with {len(arguments)} arguments is not known")
        values = [self._value(each, context) for each in arguments]
        if not values and function.on_node:
            values = [[context.node]]
        return function.call(*values)

    def _path(self, path: Path, context: "_Context") -> List[Found]:
        if path.start is not None:
            nodes = self._nodes(path.start, context)
        else:
            nodes = [self._document if path.absolute else context.node]
        for step in path.steps:
            found: List[Found] = []
            for node in nodes:
                found += self._stepped(step, node)
            nodes = self._sorted(found)
        return nodes

    def _stepped(self, step: Step, node: Found) -> List[Found]:
        found: List[Found] = []
        for each in _AXES[step.axis](node):
            self._count()
            if self._fits(step, each):
                found.append(each)
        for predicate in step.predicates:
            found = self._kept(found, predicate)
        return found

    def _filtered(self, nodes: List[Found], predicates: Sequence[Expression]) -> List[Found]:
        for predicate in predicates:
            nodes = self._kept(nodes, predicate)
        return nodes

    def _kept(self, nodes: List[Found], predicate: Expression) -> List[Found]:
        """Nodes the predicate is true of; a number means a position along the axis."""
        kept: List[Found] = []
        for number, node in enumerate(nodes, 1):
            value = self._value(predicate, _Context(node, number, len(nodes)))
            if value == number if isinstance(value, float) else boolean_of(value):
                kept.append(node)
        return kept

    def _fits(self, step: Step, node: Found) -> bool:
        test = step.test
        if test.endswith(")"):
            kind = node.kind if isinstance(node, Piece) else ""
            if test == "node()":
                return True
            if test == "processing-instruction()":
                return isinstance(node, Piece) and kind == "pi" and step.target in ("", node.target)
            return kind in (("text", "cdata") if test == "text()" else ("comment",))
        if not isinstance(node, (Attribute, Element)) or isinstance(node, Attribute) != (
            step.axis == "attribute"
        ):
            return False
        if test == "*":
            return True
        prefix, colon, local = test.rpartition(":")
        return local in ("*", node.local) and self._namespace(node) == self._meant(prefix, given=bool(colon))

    def _meant(self, prefix: str, *, given: bool) -> str:
        if not given:
            return ""
        if prefix not in self._namespaces:
            raise XPathError(f"the prefix '{prefix}' is not declared in the document")
        return self._namespaces[prefix]

    def _namespace(self, node: Union[Element, Attribute]) -> str:
        found = self._names.get(id(node))
        if found is None:
            found = self._names[id(node)] = node.namespace
        return found


class _Context:
    """Where a part of an expression is evaluated."""

    __slots__ = ("node", "position", "size")

    def __init__(self, node: Found, position: int, size: int) -> None:
        self.node = node
        self.position = position
        self.size = size


def _is_nodes(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and not isinstance(value[0], bool)


_COMPARISONS = frozenset(["=", "!=", "<", "<=", ">", ">="])


def _fits(kind: str, left: Value, right: Value) -> bool:
    if kind in ("=", "!=") and not (isinstance(left, float) or isinstance(right, float)):
        return bool((left == right) == (kind == "="))
    one, other = number_of(left), number_of(right)
    if kind in ("=", "!="):
        return (one == other) == (kind == "=")
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[kind]


def _quotient(left: float, right: float) -> float:
    if right:
        return left / right
    return (
        math.nan if not left or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    )


_ARITHMETIC: Dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "div": _quotient,
    "mod": lambda left, right: math.fmod(left, right) if right and math.isfinite(left) else math.nan,
}


def _children(node: Found) -> Iterator[Found]:
    if isinstance(node, (Document, Element)):
        before = ""
        for child in node.children:
            kind = (
                "element" if isinstance(child, Element) else "text" if child.kind == "cdata" else child.kind
            )
            if isinstance(child, Element) or not (_is_declaration(child) or kind == before == "text"):
                yield child
            before = kind


def _is_declaration(piece: Piece) -> bool:
    return piece.kind == "doctype" or piece.parent is None or piece.target == "xml"


def _descendants(node: Found) -> Iterator[Found]:
    todo = list(_children(node))[::-1]
    while todo:
        found = todo.pop()
        yield found
        todo.extend(list(_children(found))[::-1])


def _parent(node: Found) -> Iterator[Found]:
    parent = None if isinstance(node, Document) else node.parent
    if parent is not None:
        yield parent


def _ancestors(node: Found) -> Iterator[Found]:
    for parent in _parent(node):
        yield parent
        yield from _ancestors(parent)


def _siblings(node: Found, *, before: bool) -> Iterator[Found]:
    for parent in () if isinstance(node, Attribute) else _parent(node):
        line = list(_children(parent))
        at = next(number for number, each in enumerate(line) if each is node)
        yield from reversed(line[:at]) if before else line[at + 1 :]


def _beyond(node: Found, *, before: bool) -> Iterator[Found]:
    for own in [node, *_ancestors(node)]:
        for sibling in _siblings(own, before=before):
            inside = [sibling, *_descendants(sibling)]
            yield from reversed(inside) if before else inside


def _attributes(node: Found) -> Iterator[Found]:
    if isinstance(node, Element):
        for each in node.attributes:
            if each.name != "xmlns" and not each.name.startswith("xmlns:"):
                yield each


_AXES: Dict[str, Callable[[Found], Iterable[Found]]] = {
    "self": lambda node: [node],
    "child": _children,
    "descendant": _descendants,
    "descendant-or-self": lambda node: [node, *_descendants(node)],
    "parent": _parent,
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "following-sibling": lambda node: _siblings(node, before=False),
    "preceding-sibling": lambda node: _siblings(node, before=True),
    "following": lambda node: _beyond(node, before=False),
    "preceding": lambda node: _beyond(node, before=True),
    "attribute": _attributes,
}
