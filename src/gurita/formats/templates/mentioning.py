"""Which paths a template mentions."""

from __future__ import annotations

from typing import FrozenSet, Iterable, Tuple, Union

from gurita.formats.templates.errors import TemplateError, TooMuch
from gurita.formats.templates.nodes import (
    Calc,
    Chain,
    Comparison,
    Condition,
    Each,
    If,
    NestedIndex,
    Node,
    Operand,
    Option,
    Path,
    Substitute,
    Sum,
)
from gurita.formats.templates.parsing import parse
from gurita.formats.templates.paths import folded
from gurita.formats.templates.printing import printed_path

__all__ = ["mentioned"]

Bound = FrozenSet[str]


def mentioned(text: str) -> Tuple[str, ...]:
    """The paths, in order and each once. What a loop binds is left out. A faulty template mentions nothing."""
    try:
        parts = parse(text)
    except (TemplateError, TooMuch, RecursionError):
        return ()
    return tuple(dict.fromkeys(_in_parts(parts, frozenset())))


def _in_parts(parts: Iterable[Union[Node, Option]], bound: Bound) -> Iterable[str]:
    for part in parts:
        if isinstance(part, Substitute):
            yield from _in_chain(part.chain, bound)
        elif isinstance(part, If):
            yield from _in_condition(part.condition, bound)
            yield from _in_parts(part.yes, bound)
            yield from _in_parts(part.no, bound)
        elif isinstance(part, Each):
            yield from _in_path(part.head.path, bound)
            yield from _in_parts(part.body, bound | {folded(part.head.name)})
        elif isinstance(part, Calc):
            yield from _in_operand(part.sum, bound)


def _in_condition(condition: Condition, bound: Bound) -> Iterable[str]:
    sides = (condition.left, condition.right) if isinstance(condition, Comparison) else (condition,)
    for side in sides:
        if isinstance(side, Chain):
            yield from _in_chain(side, bound)


def _in_chain(chain: Chain, bound: Bound) -> Iterable[str]:
    if chain.path is not None:
        yield from _in_path(chain.path, bound)
    for each in chain.filters:
        yield from _in_parts(each.options, bound)


def _in_operand(operand: Operand, bound: Bound) -> Iterable[str]:
    if isinstance(operand, Path):
        yield from _in_path(operand, bound)
    elif isinstance(operand, Sum):
        for _, each in operand.operands:
            yield from _in_operand(each, bound)


def _in_path(path: Path, bound: Bound) -> Iterable[str]:
    for step in path.steps:
        if isinstance(step, NestedIndex):
            yield from _in_path(step.path, bound)
    first = path.steps[0].text if not isinstance(path.steps[0], NestedIndex) else ""
    shown = printed_path(path)
    if folded(first) not in bound and not shown.lower().startswith("octopus.template.each."):
        yield shown
