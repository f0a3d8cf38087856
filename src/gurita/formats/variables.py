"""Variables by name, and references in texts: `#{Name}`, `#{A.B[c]}`, `#{A[#{B}]}`.

Names are compared without case. A value found is a template itself. What cannot be resolved is echoed as it was written and listed
(runtime formats, sections 2.1 and 2.3; filters, conditions, loops and JSON navigation are not read yet and count as unresolved).
"""

from __future__ import annotations

import functools
import re
from typing import Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

__all__ = ["Evaluation", "SelfReference", "TooLong", "VariableError", "Variables"]

LONGEST = 16 * 1024 * 1024
_DEEPEST = 100
_NAME = re.compile(r"[\w\s\-:/~()@.\[\]*]+\Z")
_RESERVED = re.compile(r"\s*(?:/?(?:if|unless|each)\b|else\s*\Z|elseif\s|calc\s)", re.IGNORECASE)
_SPACES = re.compile(r"\s*([.\[\]])\s*")


class VariableError(ValueError):
    """A text that cannot be evaluated."""


class SelfReference(VariableError):
    """A value refers to itself, over `chain`."""

    def __init__(self, chain: Iterable[str]) -> None:
        self.chain = list(chain)
        super().__init__(
            f'An attempt to parse the variable symbol "{self.chain[-1]}" appears to have resulted in a self referencing loop '
            f"({' -> '.join(self.chain)}). Ensure that recursive loops do not exist in the variable values."
        )


class TooLong(VariableError):
    """Values that name each other grow beyond what a text may have."""


class Evaluation(NamedTuple):
    """A text with its references replaced. `missing` lists the tokens that were echoed; `error` is a syntax error."""

    text: str
    missing: Tuple[str, ...]
    error: str

    @property
    def complaint(self) -> str:
        """One sentence on what went wrong; empty if nothing did."""
        if self.error:
            return self.error
        tokens = ", ".join(f"'{token}'" for token in self.missing)
        return f"The following tokens were unable to be evaluated: {tokens}" if tokens else ""


class _Token(NamedTuple):
    source: str
    parts: Tuple[Union[str, _Token], ...]


class Variables(Mapping[str, str]):
    """Names and values. Names have no case; the first spelling is kept. A later value of the same name wins."""

    def __init__(self, values: Union[Mapping[str, str], Iterable[Tuple[str, str]]] = ()) -> None:
        self._values: Dict[str, str] = {}
        self._spelled: Dict[str, str] = {}
        for name, value in values.items() if isinstance(values, Mapping) else values:
            self.set(name, value)

    def __getitem__(self, name: str) -> str:
        return self._values[_key(name)]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _key(name) in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._spelled.values())

    def __len__(self) -> int:
        return len(self._values)

    def set(self, name: str, value: str) -> None:
        """Set a variable's literal value."""
        key = _key(name)
        self._spelled.setdefault(key, name)
        self._values[key] = value

    def value(self, name: str) -> Optional[str]:
        """The evaluated value of a variable, or None. Raises SelfReference and TooLong."""
        found = self._values.get(_key(name))
        return None if found is None else _Evaluator(self._values).text(found, (name,)).text

    def evaluate(self, text: str) -> Evaluation:
        """Replace all references in `text`. Raises SelfReference and TooLong.

        With a syntax error the whole text comes back unchanged, and `error` says where.
        """
        return _Evaluator(self._values).text(text, ())


class _Evaluator:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._missing: Dict[str, None] = {}
        self._made = 0

    def text(self, text: str, chain: Tuple[str, ...]) -> Evaluation:
        if "#{" not in text:
            return Evaluation(text, (), "")
        try:
            parts = _parse(text)
        except VariableError as error:
            return Evaluation(text, (), str(error))
        done = "".join(part if isinstance(part, str) else self._token(part, chain) for part in parts)
        self._made += len(done)
        if self._made > LONGEST:
            raise TooLong(
                f"The value of {chain[0] if chain else 'this text'} grows beyond {LONGEST} characters"
            )
        return Evaluation(done, tuple(self._missing), "")

    def _token(self, token: _Token, chain: Tuple[str, ...]) -> str:
        path = self._path(token, chain)
        if path is not None and _NAME.match(path) and not _RESERVED.match(path):
            key = _key(path)
            value = self._values.get(key)
            if value is not None:
                shown = _SPACES.sub(r"\1", path).strip()
                if key in map(_key, chain) or len(chain) > _DEEPEST:
                    raise SelfReference((*chain, shown))
                return self.text(value, (*chain, shown)).text
        self._missing.setdefault(token.source)
        return token.source

    def _path(self, token: _Token, chain: Tuple[str, ...]) -> Optional[str]:
        """The name a token asks for, inner references replaced; None when one of those is missing."""
        made: List[str] = []
        for part in token.parts:
            if isinstance(part, str):
                made.append(part)
                continue
            inner = self._token(part, chain)
            if inner == part.source:
                return None
            made.append(inner)
        return "".join(made)


@functools.lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return _SPACES.sub(r"\1", name).strip().casefold()


def _parse(text: str) -> List[Union[str, _Token]]:
    parts: List[Union[str, _Token]] = []
    at = 0
    while True:
        found = text.find("#{", at)
        if found < 0:
            parts.append(text[at:])
            return parts
        sharps = found - len(text[at:found].rstrip("#")) - at
        if sharps == 1:
            parts.append(text[at : found - 1] + "#{")
            at = found + 2
            continue
        # Two sharps before a reference are one written out; a single one further left is itself.
        parts.append(text[at : found - 1] if sharps else text[at:found])
        token, at = _parse_token(text, found, 0)
        parts.append(token)


def _parse_token(text: str, start: int, depth: int) -> Tuple[_Token, int]:
    """The token that begins at `start`, and where it ends."""
    parts: List[Union[str, _Token]] = []
    at = from_here = start + 2
    while at < len(text) and depth < _DEEPEST:
        if text.startswith("#{", at):
            parts.append(text[from_here:at])
            token, at = _parse_token(text, at, depth + 1)
            parts.append(token)
            from_here = at
        elif text[at] == "}":
            parts.append(text[from_here:at])
            return _Token(text[start : at + 1], tuple(parts)), at + 1
        elif text[at] == "\n":
            break
        else:
            at += 1
    line = text.count("\n", 0, start) + 1
    raise VariableError(
        f"The reference that begins on line {line} with '{text[start : start + 40]}' has no end"
    )
