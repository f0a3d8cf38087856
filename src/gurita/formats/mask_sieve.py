"""Which of many byte sequences lie in a block: a sieve that costs little when, as nearly always, none does.

Text of ASCII alone is read as characters of two bytes, so that one regular expression of a few sets of characters finds the
places where any sequence may be, whichever of the two ways its bytes fall into characters (about 10 ns a byte for thousands of
sequences). For each way the bytes are chosen that ordinary text is least likely to have. Other text is compared word by word:
any 7 bytes hold one whole 4-byte word on a 4-byte boundary (15 ns a byte).
"""

from __future__ import annotations

import re
from typing import Dict, Generic, List, Optional, Pattern, Set, Tuple, TypeVar

__all__ = ["Sieve"]

Form = TypeVar("Form")

_WORD = 4
_FEW = 24
_LOOKED_AT = 32
_SIGNS = b" \t-=./:_,()[]\"'%\\&;$"
_LOWER, _UPPER, _DIGIT, _OTHER = 1, 2, 3, 4


def _kind(byte: int) -> int:
    if byte in _SIGNS:
        return 0
    if 97 <= byte <= 122:
        return _LOWER
    if 65 <= byte <= 90:
        return _UPPER
    return _DIGIT if 48 <= byte <= 57 else _OTHER


_KIND = bytes(_kind(byte) for byte in range(256))
_WEIGHT = bytes(0 if byte in b" etaoinsrhldcu-=./:0" else (0, 1, 2, 1, 4)[_KIND[byte]] for byte in range(256))
_CHANGES = bytes(
    0 if a == b or 0 in {a, b} or (a, b) == (_UPPER, _LOWER) else 4 for a in range(5) for b in range(5)
)
"""How much less likely two bytes are where letters, capitals and digits change; a capital before a letter is usual."""


class _Places(Generic[Form]):
    """Sequences of ASCII by a window of some characters of two bytes, one for each way their bytes fall into those."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._windows: Dict[str, List[Tuple[int, bytes, Form]]] = {}
        self._rests: Set[str] = set()
        self._pattern: Optional[Pattern[str]] = None

    def add(self, text: bytes, form: Form) -> None:
        """Add a sequence of at least one byte more than a window."""
        odds = _odds(text, 2 * self._size)
        for parity in (0, 1):
            at = max(range(parity, len(odds), 2), key=odds.__getitem__)
            window = text[at : at + 2 * self._size].decode("utf-16-le")
            self._windows.setdefault(window, []).append((at, text, form))
            self._rests.add(window[1:])
        self._pattern = None

    def found(self, text: str, block: bytes) -> Set[Form]:
        """Those that lie in `block`, which `text` is read as."""
        found: Set[Form] = set()
        if not self._windows:
            return found
        pattern = self._pattern or self._compiled()
        if self._rests.isdisjoint(pattern.findall(text)):
            return found
        for match in pattern.finditer(text):
            at = match.start()
            for offset, sequence, form in self._windows.get(match.group() + match.group(1), ()):
                if 2 * at >= offset and block.startswith(sequence, 2 * at - offset):
                    found.add(form)
        return found

    def _compiled(self) -> Pattern[str]:
        first, *rest = (f"[{''.join(sorted(set(each)))}]" for each in zip(*self._windows))
        self._pattern = re.compile(f"{first}(?=({''.join(rest)}))")
        return self._pattern


class Sieve(Generic[Form]):
    """Byte sequences, each with the thing it stands for."""

    def __init__(self) -> None:
        self._places: Dict[int, _Places[Form]] = {}
        self._words: Dict[int, Set[Form]] = {}
        self._unread: List[Tuple[bytes, Form]] = []
        self._short: Dict[bytes, List[Form]] = {}
        self._odd: Dict[bytes, List[Form]] = {}

    def add(self, text: bytes, form: Form) -> None:
        """Add a sequence of at least one byte."""
        size = min(4, (len(text) - 1) // 2)
        if size < 2 or b"\0" in text:
            self._odd.setdefault(text, []).append(form)
        elif text.isascii():
            self._places.setdefault(size, _Places(size)).add(text, form)
        if len(text) >= 2 * _WORD - 1:
            self._unread.append((text, form))
        else:
            self._short.setdefault(text, []).append(form)

    def candidates(self, block: bytes) -> Set[Form]:
        """All forms whose sequence lies in `block`, and perhaps some more."""
        if not block.isascii():
            return _tried({**self._short, **self._odd}, block) | self._by_words(block)
        found = _tried(self._odd, block)
        text = block[: len(block) & ~1].decode("utf-16-le")
        for places in self._places.values():
            found |= places.found(text, block)
        return found

    def _by_words(self, block: bytes) -> Set[Form]:
        for text, form in self._unread:
            odds = _odds(text, 6)
            at = odds.index(max(odds[:-1]))
            for shift in range(at, at + _WORD):
                self._words.setdefault(_word(text[shift : shift + _WORD]), set()).add(form)
        self._unread.clear()
        words = memoryview(block)[: len(block) // _WORD * _WORD].cast("I")
        if not self._words or self._words.keys().isdisjoint(words):
            return set()
        return set().union(*(self._words[word] for word in self._words.keys() & set(words)))


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


def _odds(text: bytes, size: int) -> List[int]:
    """For each of the first places of a sequence, how unlikely the `size` bytes there are in ordinary text, the first two
    above all: by them a place is looked at."""
    looked = text[:_LOOKED_AT]
    weights, kinds = looked.translate(_WEIGHT), looked.translate(_KIND)
    pairs = [
        one + other + _CHANGES[5 * a + b] for one, other, a, b in zip(weights, weights[1:], kinds, kinds[1:])
    ]
    return [2 * one + last for one, last in zip(pairs, pairs[size - 2 :])]
