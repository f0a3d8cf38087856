"""The tail of a block that may be the beginning of a secret: where it starts, whatever the number of secrets."""

from __future__ import annotations

from struct import unpack_from
from typing import Dict, Iterator, List, Set, Tuple

__all__ = ["Heads"]

_HEAD = 8
_WORD = 4


class Heads:
    """Byte sequences by how they begin. Each has a span: the bytes it may take where breaks were put into it."""

    def __init__(self) -> None:
        self.longest = 0
        self._begun: Dict[bytes, int] = {}
        self._heads: Dict[bytes, List[Tuple[bytes, int]]] = {}
        self._words: Set[int] = set()

    def add(self, text: bytes, span: int) -> None:
        """Add a sequence."""
        self.longest = max(self.longest, len(text))
        for size in range(1, min(_HEAD, len(text))):
            begun = text[:size]
            self._begun[begun] = max(span, self._begun.get(begun, 0))
        if len(text) > _HEAD:
            self._heads.setdefault(text[:_HEAD], []).append((text, span))
            self._words.update(_words(text[:_WORD]))

    def begun(self, block: bytes) -> Iterator[Tuple[int, int]]:
        """Places, the first first, from which on the block is only the beginning of a sequence, and the widest span of those."""
        size = len(block)
        heads = self._heads
        first = max(0, size - self.longest + 1)
        tail = block[first:]
        none = all(self._words.isdisjoint(_words(tail[at:])) for at in range(_WORD))
        for at in range(0) if none else range(first, size - _HEAD + 1):
            if block[at : at + _HEAD] in heads:
                rest = block[at:]
                spans = [
                    span
                    for text, span in heads[rest[:_HEAD]]
                    if len(text) > len(rest) and text.startswith(rest)
                ]
                if spans:
                    yield at, max(spans)
        for at in range(max(0, size - _HEAD + 1), size):
            span = self._begun.get(block[at:])
            if span:
                yield at, span


def _words(text: bytes) -> Tuple[int, ...]:
    """The bytes as numbers, four of them each; those that are left are no part of it."""
    return unpack_from(f"{len(text) // _WORD}I", text)
