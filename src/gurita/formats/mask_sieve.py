"""Which of many byte sequences lie in a block: a sieve that costs little when, as nearly always, none does."""

from __future__ import annotations

from typing import Dict, Generic, List, Set, TypeVar

from gurita.formats.mask_digits import Digits
from gurita.formats.mask_reading import read, seven_bits
from gurita.formats.mask_windows import LEAST, Windows

__all__ = ["Sieve"]

Form = TypeVar("Form")

_WORD = 4
_FEW = 24


class Sieve(Generic[Form]):
    """Byte sequences, each with the thing it stands for."""

    def __init__(self) -> None:
        self._windows: Windows[Form] = Windows()
        self._digits: Digits[Form] = Digits()
        self._short: Dict[bytes, List[Form]] = {}

    def add(self, text: bytes, form: Form) -> None:
        """Add a sequence of at least one byte."""
        if len(text) < LEAST:
            self._short.setdefault(text, []).append(form)
        elif Digits.takes(text):
            self._digits.add(text, form)
        else:
            self._windows.add(text, form)

    def candidates(self, block: bytes) -> Set[Form]:
        """All forms whose sequence lies in `block`."""
        plain = block if block.isascii() else seven_bits(block)
        pairs = read(plain)[::2]
        found = self._windows.found(block, plain, pairs) | self._digits.found(block)
        for text, form in self._digits.given_up():
            self._windows.add(text, form)
        return found | _tried(self._short, block) if self._short else found


def _tried(sequences: Dict[bytes, List[Form]], block: bytes) -> Set[Form]:
    """Short sequences: few are tried one by one, many by their first four bytes at every place."""
    found: Set[Form] = set()
    if len(sequences) > _FEW:
        heads = {_word(text[:_WORD]) for text in sequences if len(text) >= _WORD}
        places = [
            memoryview(block)[at : at + (len(block) - at) // _WORD * _WORD].cast("I") for at in range(_WORD)
        ]
        if all(heads.isdisjoint(words) for words in places if len(block) >= 2 * _WORD):
            sequences = {
                text: forms
                for text, forms in sequences.items()
                if len(text) < _WORD or len(block) < 2 * _WORD
            }
    for text, forms in sequences.items():
        if text in block:
            found.update(forms)
    return found


def _word(text: bytes) -> int:
    return memoryview(text).cast("I")[0]
