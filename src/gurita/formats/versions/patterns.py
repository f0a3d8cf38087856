"""Regular expressions people write into rules, matched in time proportional to expression times text.

Python's own engine tries possibilities one by one, which an unlucky or malicious expression turns into years. Here all
possibilities go along together, from the end of the text to its start.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Callable, Dict, List, NamedTuple, Set, Tuple

from gurita.formats.versions.expressions import (
    Anchor,
    Choice,
    Look,
    Node,
    One,
    PatternError,
    Repeat,
    Row,
    read_expression,
)

__all__ = ["LONGEST_PATTERN", "Pattern", "PatternError", "compiled"]

LONGEST_PATTERN = 200
_MOST_STATES = 1000
_MOST_NODES = 20_000


class _Step(NamedTuple):
    """A way between two states. `at` is the name of a place; `look` a state that must, or must not, lead to an end."""

    source: int
    at: str = ""
    look: int = -1
    wanted: bool = True


class Pattern:
    """A regular expression, ready to be looked for. Raises PatternError with what is wrong or too much."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_PATTERN:
            raise PatternError(
                "a regular expression has at most {} characters, this one {}".format(
                    LONGEST_PATTERN, len(text)
                )
            )
        self.text = text
        builder = _Builder(text)
        self._first = builder.add(read_expression(text), builder.end(0), 0)
        self._ends = builder.ends
        self._readers = builder.readers
        self._back = builder.back

    def found_in(self, text: str) -> bool:
        """Whether it matches anywhere in the text."""
        behind: Set[int] = set()
        for at in range(len(text), -1, -1):
            char = text[at] if at < len(text) else ""
            here: Set[int] = set()
            for level in range(len(self._ends) - 1, -1, -1):
                fresh = list(self._ends[level])
                if char:
                    fresh += [s for s, test, then in self._readers[level] if then in behind and test(char)]
                self._spread(fresh, here, text, at)
            if self._first in here:
                return True
            behind = here
        return False

    def _spread(self, fresh: List[int], here: Set[int], text: str, at: int) -> None:
        here.update(fresh)
        while fresh:
            for step in self._back.get(fresh.pop(), ()):
                if step.source in here:
                    continue
                if step.at and not _is_at(step.at, text, at):
                    continue
                if step.look != -1 and (step.look in here) != step.wanted:
                    continue
                here.add(step.source)
                fresh.append(step.source)


class _Builder:
    """Makes states of a tree from its end to its start. What is looked at ahead has a level of its own, to be known first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.states = 0
        self.nodes = 0
        self.ends: List[List[int]] = []
        self.readers: List[List[Tuple[int, Callable[[str], bool], int]]] = []
        self.back: Dict[int, List[_Step]] = {}

    def state(self) -> int:
        self.states += 1
        self.must_be_small()
        return self.states

    def must_be_small(self) -> None:
        if self.states > _MOST_STATES or self.nodes > _MOST_NODES:
            raise PatternError("'{}' repeats too much to be matched in good time".format(self.text))

    def end(self, level: int) -> int:
        while len(self.ends) <= level:
            self.ends.append([])
            self.readers.append([])
        state = self.state()
        self.ends[level].append(state)
        return state

    def step(self, source: int, then: int, at: str = "", look: int = -1, *, wanted: bool = True) -> int:
        self.back.setdefault(then, []).append(_Step(source, at, look, wanted))
        return source

    def add(self, node: Node, then: int, level: int) -> int:
        """The state from which a node leads to `then`."""
        self.nodes += 1
        self.must_be_small()
        if isinstance(node, One):
            state = self.state()
            self.readers[level].append((state, node.test, then))
            return state
        if isinstance(node, Anchor):
            return self.step(self.state(), then, node.name)
        if isinstance(node, Look):
            ahead = self.add(node.node, self.end(level + 1), level + 1)
            return self.step(self.state(), then, look=ahead, wanted=node.wanted)
        if isinstance(node, Row):
            for part in reversed(node.nodes):
                then = self.add(part, then, level)
            return then
        if isinstance(node, Choice):
            fork = self.state()
            for part in node.nodes:
                self.step(fork, self.add(part, then, level))
            return fork
        return self.repeat(node, then, level)

    def repeat(self, node: Repeat, then: int, level: int) -> int:
        if node.most == -1:
            fork = self.state()
            self.step(fork, then)
            self.step(fork, self.add(node.node, fork, level))
            then = fork
        for _ in range(node.most - node.least):
            fork = self.state()
            self.step(fork, then)
            self.step(fork, self.add(node.node, then, level))
            then = fork
        for _ in range(node.least):
            then = self.add(node.node, then, level)
        return then


def _is_at(place: str, text: str, at: int) -> bool:
    if place == "start":
        return at == 0
    if place == "end":
        return at == len(text)
    if place == "last":
        return at == len(text) or (at == len(text) - 1 and text[at] == "\n")
    before = at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")
    after = at < len(text) and (text[at].isalnum() or text[at] == "_")
    return (before != after) == (place == "boundary")


@lru_cache(maxsize=256)
def compiled(text: str) -> Pattern:
    """A pattern, kept for the next time. Raises PatternError."""
    return Pattern(text)
