"""Which of many byte sequences may lie in a block: a sieve that costs little when, as nearly always, none does.

Few sequences are tried one by one with `in` (about 0.5 ns a byte each). Many are tried at once: any 15 bytes hold one whole
8-byte word on an 8-byte boundary (any 7 bytes a 4-byte word), so the words of the block are compared with a set of
all words the sequences can show (6 ns a byte, 11 for 4-byte words, however many sequences).
"""

from __future__ import annotations

from typing import Dict, Generic, List, Literal, Set, TypeVar

__all__ = ["Sieve"]

Form = TypeVar("Form")

_FEW = 16
_PROBE = 8
_LOOKED_AT = 256


class _Words(Generic[Form]):
    """Sequences of at least `2 * size - 1` bytes, tried by their words of `size` bytes."""

    def __init__(self, size: int, code: Literal["I", "Q"]) -> None:
        self._size = size
        self._code: Literal["I", "Q"] = code
        self._words: Dict[int, Set[Form]] = {}

    def add(self, text: bytes, form: Form) -> None:
        shown = _window(text, 2 * self._size - 1)
        for at in range(self._size):
            word = memoryview(shown[at : at + self._size]).cast(self._code)[0]
            self._words.setdefault(word, set()).add(form)

    def candidates(self, block: bytes) -> Set[Form]:
        words = memoryview(block)[: len(block) // self._size * self._size].cast(self._code)
        if not self._words or self._words.keys().isdisjoint(words):
            return set()
        return set().union(*(self._words[word] for word in self._words.keys() & set(words)))


class Sieve(Generic[Form]):
    """Byte sequences, each with the thing it stands for."""

    def __init__(self) -> None:
        self._probes: Dict[bytes, List[Form]] = {}
        self._short: Dict[bytes, List[Form]] = {}
        self._long: _Words[Form] = _Words(8, "Q")
        self._middle: _Words[Form] = _Words(4, "I")

    def add(self, text: bytes, form: Form) -> None:
        """Add a sequence of at least one byte."""
        probe = _window(text, _PROBE)
        self._probes.setdefault(probe, []).append(form)
        if len(text) >= 15:
            self._long.add(text, form)
        elif len(text) >= 7:
            self._middle.add(text, form)
        else:
            self._short.setdefault(probe, []).append(form)

    def candidates(self, block: bytes) -> Set[Form]:
        """All forms whose sequence may lie in `block`, and perhaps some more."""
        if len(self._probes) <= _FEW:
            return _tried(self._probes, block)
        return _tried(self._short, block) | self._middle.candidates(block) | self._long.candidates(block)


def _tried(probes: Dict[bytes, List[Form]], block: bytes) -> Set[Form]:
    return {form for probe, forms in probes.items() if probe in block for form in forms}


def _window(text: bytes, size: int) -> bytes:
    """The few bytes of a sequence that ordinary text is least likely to have."""
    if len(text) <= size:
        return text
    odd = [0 if byte in b" -=etaoinsrhld.0" else 1 for byte in text[:_LOOKED_AT]]
    best = max(range(len(odd) - size + 1), key=lambda at: sum(odd[at : at + size]))
    return text[best : best + size]
