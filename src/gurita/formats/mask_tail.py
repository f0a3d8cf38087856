"""The tail of a block that may be the beginning of a secret: where it starts, whatever the number of secrets."""

from __future__ import annotations

from typing import Dict, Iterator, List, Tuple

__all__ = ["Heads"]

_HEAD = 8


class Heads:
    """Byte sequences by how they begin. Each has a span: the bytes it may take where breaks were put into it."""

    def __init__(self) -> None:
        self.longest = 0
        self._begun: Dict[bytes, int] = {}
        self._heads: Dict[bytes, List[Tuple[bytes, int]]] = {}

    def add(self, text: bytes, span: int) -> None:
        """Add a sequence."""
        self.longest = max(self.longest, len(text))
        for size in range(1, min(_HEAD, len(text))):
            begun = text[:size]
            self._begun[begun] = max(span, self._begun.get(begun, 0))
        if len(text) > _HEAD:
            self._heads.setdefault(text[:_HEAD], []).append((text, span))

    def begun(self, block: bytes) -> Iterator[Tuple[int, int]]:
        """Places, the first first, from which on the block is only the beginning of a sequence, and the widest span of those."""
        size = len(block)
        heads = self._heads
        places = range(max(0, size - self.longest + 1), size - _HEAD + 1)
        if heads.keys().isdisjoint([block[at : at + _HEAD] for at in places]):
            places = range(0)
        for at in places:
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
