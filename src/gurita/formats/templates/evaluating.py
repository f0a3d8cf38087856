"""Evaluating a template: data in, data out, within bounds (runtime formats 2.2 and 2.3)."""

from __future__ import annotations

import time
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple, Union

from gurita.formats.templates.calculating import calculate
from gurita.formats.templates.dotnet.doubles import double_text
from gurita.formats.templates.errors import (
    FilterFailed,
    SelfReference,
    TemplateError,
    TooDeep,
    TooLong,
    TooMuch,
)
from gurita.formats.templates.filters import Filters, find_filter
from gurita.formats.templates.items import Place, Scope
from gurita.formats.templates.looking import Looking
from gurita.formats.templates.nodes import (
    Calc,
    Chain,
    Comparison,
    Condition,
    Each,
    If,
    Node,
    Option,
    Parts,
    Path,
    Raw,
    Substitute,
    Text,
    Word,
)
from gurita.formats.templates.parsing import parse
from gurita.formats.templates.printing import printed
from gurita.formats.templates.truth import is_true

__all__ = ["LONGEST", "MOST_STEPS", "Evaluator", "Result"]

LONGEST = 16 * 1024 * 1024
"""Characters that evaluating may make, beyond those of the text itself."""

MOST_STEPS = 1_000_000
"""Tokens, turns of loops and values that one evaluation may look at."""

_STEPS_A_SECOND = 100_000
"""What a filter's time counts as: all filters of an evaluation together may take ten seconds."""

_DEEPEST = 75


class Result(NamedTuple):
    """What came of a text. `text` is None when the filter `null` has said so."""

    text: Optional[str]
    missing: Tuple[str, ...]
    errors: Tuple[str, ...]


class _Null(Exception):
    """The filter `null` makes nothing of the whole text."""


class _Echo(Exception):
    """The token, or block, cannot be evaluated."""


class Evaluator:
    """One evaluation. `looking` finds what names mean; it may live longer, and remembers values for the next one."""

    def __init__(self, looking: Looking, filters: Filters) -> None:
        self._looking, self._filters = looking, filters
        self._missing: Dict[str, None] = {}
        self._errors: Dict[str, None] = {}
        self._chain: List[Place] = []
        self._steps = self._made = self._deep = 0
        self._same = True

    def text(self, text: str, *, lenient: bool = False) -> Result:
        """A template evaluated. Raises SelfReference, TooLong, TooDeep and TooMuch; TemplateError unless lenient."""
        self._made -= len(text)
        try:
            made: Optional[str] = self._parts(parse(text, lenient=lenient), None)
        except _Null:
            made = None
        except RecursionError:
            raise TooDeep("Values and blocks lie in each other too deep") from None
        return self._result(made)

    def path(self, path: Path) -> Result:
        """The value at a path; None when there is none."""
        try:
            return self._result(self._path(path, None))
        except RecursionError:
            raise TooDeep("Values and blocks lie in each other too deep") from None

    def _result(self, made: Optional[str]) -> Result:
        return Result(made, tuple(self._missing), tuple(self._errors))

    def _parts(self, parts: Parts, scope: Optional[Scope]) -> str:
        self._deep += 1
        if self._deep > _DEEPEST:
            raise TooDeep(f"Values and blocks lie in each other more than {_DEEPEST} deep")
        out: List[str] = []
        for part in parts:
            if isinstance(part, (Text, Raw)):
                out.append(part[0])
            else:
                out.append(self._token(part, scope))
        made = "".join(out)
        self._made += len(made)
        if self._made > LONGEST:
            name = self._chain[0].shown if self._chain else "this text"
            raise TooLong(f"The value of {name} grows beyond {LONGEST} characters")
        self._deep -= 1
        return made

    def _token(self, node: Node, scope: Optional[Scope]) -> str:
        self.spend(1)
        deep = self._deep
        try:
            return _DO[type(node)](self, node, scope)
        except _Echo:
            self._deep = deep
            source = printed(node)
            self._missing.setdefault(source)
            return source

    def _substitute(self, node: Substitute, scope: Optional[Scope]) -> str:
        return _wanted(self._chain_text(node.chain, scope))

    def _if(self, node: If, scope: Optional[Scope]) -> str:
        while self._holds(node.condition, scope) != node.wanted:
            if len(node.no) != 1 or not isinstance(node.no[0], If):
                return self._parts(node.no, scope)
            node = node.no[0]
        return self._parts(node.yes, scope)

    def _each(self, node: Each, scope: Optional[Scope]) -> str:
        items = self._looking.elements(node.head.path, scope, self)
        out: List[str] = []
        for turn, item in enumerate(items):
            inner = Scope(node.head.name, item, turn, turn + 1 == len(items), scope)
            self.spend(1)
            out.append(self._parts(node.body, inner))
        return "".join(out)

    def _calc(self, node: Calc, scope: Optional[Scope]) -> str:
        value = calculate(node.sum, lambda path: self._path(path, scope))
        return _wanted(None if value is None else double_text(value))

    def _holds(self, condition: Condition, scope: Optional[Scope]) -> bool:
        if isinstance(condition, Comparison):
            left, right = self._operand(condition.left, scope), self._operand(condition.right, scope)
            return (left == right) is condition.wanted
        return is_true(self._operand(condition, scope))

    def _operand(self, operand: Union[Chain, Word], scope: Optional[Scope]) -> str:
        """An operand's text. A variable that is not there is empty; a filter that gives nothing spoils the block."""
        if isinstance(operand, Word):
            return operand.text
        text = self._chain_text(operand, scope)
        return _wanted(text) if operand.filters else text or ""

    def _chain_text(self, chain: Chain, scope: Optional[Scope]) -> Optional[str]:
        text = None if chain.path is None else self._path(chain.path, scope)
        for each in chain.filters:
            name = each.name.lower()
            if name == "null":
                raise _Null
            options = [_wanted(self._option(option, scope)) for option in each.options]
            found = find_filter(name, self._filters)
            if found is None:
                return None
            self._same = self._same and found.same
            self.spend(len(text or "") // 100)
            began = time.monotonic()
            try:
                text = found.call(text, options)
            except FilterFailed as error:
                self._errors.setdefault(f"The filter {each.name}: {error}")
                return None
            self.spend(int((time.monotonic() - began) * _STEPS_A_SECOND))
            if text is not None and len(text) > LONGEST:
                raise TooLong(f"The filter {each.name} makes more than {LONGEST} characters")
        return text

    def _option(self, option: Option, scope: Optional[Scope]) -> Optional[str]:
        if isinstance(option, Word):
            return option.text
        if isinstance(option, Substitute):
            return self._chain_text(option.chain, scope)
        return _DO[type(option)](self, option, scope)

    def _path(self, path: Path, scope: Optional[Scope]) -> Optional[str]:
        return self._looking.text(path, scope, self)

    def spend(self, steps: int) -> None:
        """Counts work. Raises TooMuch."""
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise TooMuch(f"Evaluating this text takes more than {MOST_STEPS} steps")

    def value(self, place: Place, template: str) -> Optional[str]:
        """The text of a variable's value, evaluated where it stands."""
        if "#{" not in template:
            return template
        known = self._looking.known(place.key)
        if known is not None:
            self._missing.update(dict.fromkeys(known.missing))
            self._errors.update(dict.fromkeys(known.errors))
            self._made += len(known.text or "")
            return str(known.text) if known.text is not None else None
        if any(each.key == place.key for each in self._chain):
            raise SelfReference([*(each.shown for each in self._chain), place.shown])
        return self._fresh(place, template)

    def _fresh(self, place: Place, template: str) -> Optional[str]:
        outer = (self._missing, self._errors, self._same, self._deep)
        self._missing, self._errors, self._same = {}, {}, True
        self._chain.append(place)
        made: Optional[str]
        try:
            made = self._parts(parse(template), None)
        except _Null:
            made = None
        except TemplateError as error:
            made = template
            self._errors.setdefault(f"The value of {place.shown} is not a template. {error}")
        self._chain.pop()
        if self._same:
            self._looking.remember(place.key, self._result(made))
        missing, errors, same, self._deep = outer
        missing.update(self._missing)
        errors.update(self._errors)
        self._missing, self._errors, self._same = missing, errors, same and self._same
        return made


_DO: Mapping[type, Callable[..., str]] = {
    Substitute: Evaluator._substitute,  # noqa: SLF001  its own
    If: Evaluator._if,  # noqa: SLF001
    Each: Evaluator._each,  # noqa: SLF001
    Calc: Evaluator._calc,  # noqa: SLF001
}


def _wanted(text: Optional[str]) -> str:
    if text is None:
        raise _Echo
    return text
