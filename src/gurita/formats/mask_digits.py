"""Long sequences of hexadecimal digits in a block, apart from all others: numbers in a log look like parts of them.

Every other byte of a block is marked as a digit or none. A sequence of `LEAST` digits gives eight marks in a row
whichever way it falls; an id of eight digits, a date or a counter does not, so that text with many numbers costs little.
"""

from __future__ import annotations

import re
from typing import Dict, Generic, Iterator, List, Set, Tuple, TypeVar

__all__ = ["LEAST", "Digits"]

Form = TypeVar("Form")

LEAST = 16
"""Digits a sequence needs to be looked for here."""

_ALONE = re.compile(rb"[0-9a-f]*|[0-9A-F]*")
_MARKS = bytes(byte in b"0123456789abcdefABCDEF" for byte in range(256))
_ROW = b"\1" * (LEAST // 2)
_TOO_MANY, _JUDGED_AFTER = 64, 1 << 16
"""More places than one in so many bytes are too many, once so many bytes were read."""


class Digits(Generic[Form]):
    """Sequences of at least `LEAST` digits of one case, each with the thing it stands for."""

    def __init__(self) -> None:
        self._begun: Dict[bytes, List[Tuple[bytes, Form]]] = {}
        self._bytes = self._places = 0

    @staticmethod
    def takes(text: bytes) -> bool:
        """Whether a sequence is one of those."""
        return len(text) >= LEAST and _ALONE.fullmatch(text) is not None

    def add(self, text: bytes, form: Form) -> None:
        """Add a sequence that `takes` is true for."""
        self._begun.setdefault(text[:LEAST], []).append((text, form))

    def found(self, block: bytes) -> Set[Form]:
        """The forms whose sequence lies in `block`."""
        found: Set[Form] = set()
        if not self._begun:
            return found
        self._bytes += len(block)
        marks = block[::2].translate(_MARKS)
        begin = marks.find(_ROW)
        while begin >= 0:
            end = marks.find(0, begin)
            end = len(marks) if end < 0 else end
            self._places += end - begin
            for at in range(max(0, 2 * begin - 1), 2 * end):
                for text, form in self._begun.get(block[at : at + LEAST], ()):
                    if block.startswith(text, at):
                        found.add(form)
            begin = marks.find(_ROW, end)
        return found

    def given_up(self) -> Iterator[Tuple[bytes, Form]]:
        """All sequences, once: where the text is full of long numbers, they are better looked for with the others."""
        if self._bytes >= _JUDGED_AFTER and self._places * _TOO_MANY > self._bytes:
            begun, self._begun = self._begun, {}
            for sequences in begun.values():
                yield from sequences
