"""Names of variables as paths: `A.B[c].D` (runtime formats 2.1)."""

from __future__ import annotations

import functools
import re
from typing import List, Optional, Tuple

from gurita.formats.templates.nodes import First, Index, Name, Path, Step

__all__ = ["NAME", "close_bracket", "folded", "index_of", "key_of", "path_of", "read_path", "shown", "split"]

LETTERS = r"\w\-:/~()@"
NAME = re.compile(rf"[{LETTERS}]+(?:\s+(?![|}}\s]|(?:in|==|!=)\s)[{LETTERS}]+)*", re.IGNORECASE)
"""A name: letters, digits and some signs, with white space inside but not before what ends it."""

_BRACKET = re.compile(r"[\[\]]|#\{")
_SPACES = re.compile(r"\s*")


def folded(text: str) -> str:
    """A text as names are compared. One that has no capitals is itself."""
    return text.lower() if text.isascii() else text.casefold()


def close_bracket(text: str, at: int) -> int:
    """Where the bracket closes that opened before `at`; -1 if it does not. What lies between may hold pairs of its own."""
    depth = 1
    for found in _BRACKET.finditer(text, at):
        sign = found.group()
        if sign == "#{":
            return -1
        depth += 1 if sign == "[" else -1
        if not depth:
            return found.start()
    return -1


def index_of(text: str) -> Step:
    """What a text in brackets means."""
    text = text.strip()
    return First() if text == "*" else Index(text)


def key_of(steps: Tuple[Step, ...]) -> str:
    """The folded form of a path without inner references; paths with the same one are the same."""
    return folded("".join(f".{s.text}" if isinstance(s, Name) else f"[{shown(s)}]" for s in steps))


def shown(step: Step) -> str:
    """A step's own text."""
    return "#{…}" if not isinstance(step, (Name, Index, First)) else step.text


def path_of(steps: Tuple[Step, ...]) -> Path:
    """A path with its key."""
    fixed = all(isinstance(step, (Name, Index)) for step in steps)
    return Path(steps, key_of(steps) if fixed else None)


def split(text: str, at: int = 0) -> Tuple[Tuple[Step, ...], int]:
    """The steps of the path that begins at `at`, and where it ends; no steps when there is none."""
    steps: List[Step] = []
    wants_name = True
    while True:
        at = _after_spaces(text, at)
        if wants_name:
            found = NAME.match(text, at)
            if found is None:
                return (), at
            steps.append(Name(found.group()))
            at, wants_name = found.end(), False
        elif text.startswith(".", at):
            at, wants_name = at + 1, True
        elif text.startswith("[", at):
            end = close_bracket(text, at + 1)
            if end < 0:
                return (), at
            steps.append(index_of(text[at + 1 : end]))
            at = end + 1
        else:
            return tuple(steps), at


def _after_spaces(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at


@functools.lru_cache(maxsize=65536)
def read_path(name: str) -> Optional[Path]:
    """A variable's name as a path; None when no reference can reach it."""
    steps, end = split(name)
    return path_of(steps) if steps and end == len(name) else None
