"""Which of many byte sequences lie in a block: few places are looked at, those where the text at hand is unlike them.

A block is read as `mask_reading` says, so that a quarter of all places is looked at.
Whichever of the four ways a sequence falls, some of its characters are read. For each way one of them is chosen that is
rare in such text, and one regular expression, a set of all chosen, finds them (about 2 ns a byte for thousands of
sequences). What is rare is guessed at first, and learned from the text when the guess costs too much.
"""

from __future__ import annotations

import re
from collections import Counter
from heapq import heapify, heappop, heappush
from typing import Dict, Generic, Iterable, Iterator, List, Pattern, Set, Tuple, TypeVar

from gurita.formats.mask_reading import WAYS, read, seven_bits

__all__ = ["LEAST", "Windows"]

Form = TypeVar("Form")
_Place = Tuple[int, bytes, Form]
_Way = Tuple[int, str, bytes, Form]
"""One of the ways a sequence may fall: its byte from which on it is read then, and the characters that are read."""

LEAST = 5
"""Bytes a sequence needs: fewer hold no character of two bytes in one of the ways."""

_LOOKED_AT = 48
_PATIENCE, _FEW, _LESS_OFTEN = 1, 100, 8
"""Places a sequence that are looked at in vain before it is learned what is rare, and how many times that the next time.

A quarter more than there are right after learning is borne for ever: no other choice would spare much."""

_SAMPLE = 32 * 1024
_SIGNS = b" \t-=./:_,()[]\"'%\\&;$"
_USUAL = b" etaoinsrhldcu-=./:0"
_LOWER, _UPPER, _DIGIT, _OTHER = 1, 2, 3, 4
_MET = 1 << 20


def _kind(byte: int) -> int:
    if byte in _SIGNS:
        return 0
    if 97 <= byte <= 122:
        return _LOWER
    if 65 <= byte <= 90:
        return _UPPER
    return _DIGIT if 48 <= byte <= 57 else _OTHER


_OFTEN = [64 if byte in _USUAL else (64, 16, 4, 16, 1)[_kind(byte)] for byte in range(128)]


class _Costs(Dict[str, int]):
    """How often a character of two bytes is met: what was learned, or what text is like in general."""

    def __missing__(self, char: str) -> int:
        low, high = ord(char) & 127, ord(char) >> 8
        cost = _OFTEN[low] * _OFTEN[high]
        kinds = _kind(low), _kind(high)
        if 0 not in kinds and kinds[0] != kinds[1] and kinds != (_UPPER, _LOWER):
            cost //= 16
        self[char] = cost
        return cost


class _Chosen(Generic[Form]):
    """The chosen characters, and the sequences by the four bytes that begin, or end, with theirs."""

    def __init__(self) -> None:
        self.rare: Set[str] = set()
        self.common: Set[str] = set()
        self.following: Set[str] = set()
        self.begun: Dict[bytes, List[_Place[Form]]] = {}
        self.ended: Dict[bytes, List[_Place[Form]]] = {}

    def put(self, way: _Way[Form], char: str, common: bool) -> None:
        """Choose a character for a way."""
        first, chars, text, form = way
        place = chars.index(char)
        following = chars[place + 1 : place + 2]
        if common and following:
            self.common.add(char)
            self.following.add(following)
        else:
            self.rare.add(char)
        at = first + WAYS * place
        ahead = at + 4 <= len(text)
        key = seven_bits(text[at : at + 4] if ahead else text[at - 2 : at + 2])
        (self.begun if ahead else self.ended).setdefault(key, []).append((at, text, form))

    def taken(self, chars: Iterable[str]) -> Iterator[_Way[Form]]:
        """The ways for which some characters were chosen; they are waiting for another."""
        self.rare.difference_update(chars)
        self.common.difference_update(chars)
        pairs = {char.encode("utf-16-le") for char in chars}
        for known, back in ((self.begun, 0), (self.ended, 2)):
            for key in [key for key in known if key[back : back + 2] in pairs]:
                for at, text, form in known.pop(key):
                    yield _way(text, form, at % WAYS)

    def pattern(self) -> Pattern[str]:
        """Finds a rare character, or a common one that one follows which follows a common one in some sequence."""
        common = self.common - self.rare
        unlike = f"(?<!{_set(common)}(?!{_set(self.following)}))" if common else ""
        return re.compile(_set(self.rare | common) + unlike if self.rare or common else "(?!)")


class Windows(Generic[Form]):
    """Sequences of at least `LEAST` bytes, each with the thing it stands for."""

    def __init__(self) -> None:
        self._size = 0
        self._waiting: List[_Way[Form]] = []
        self._seen: Counter[str] = Counter()
        self._costs = _Costs()
        self._common = 256
        self._chosen: _Chosen[Form] = _Chosen()
        self._pattern = re.compile("(?!)")
        self._patience = _PATIENCE
        self._bearable = 0.0
        self._vain = 0.0
        self._sample = b""

    def add(self, text: bytes, form: Form) -> None:
        """Add a sequence."""
        self._size += 1
        self._waiting.extend(_way(text, form, first) for first in range(WAYS))

    def found(self, block: bytes, plain: bytes, pairs: str) -> Set[Form]:
        """The forms whose sequence lies in `block`; `plain` are its bytes of seven bits, of which `pairs` were read."""
        if self._waiting:
            self._choose()
        if not self._size:
            return set()
        places = [match.start() * WAYS for match in self._pattern.finditer(pairs)]
        if not places:
            return set()
        found = self._there(block, plain, places)
        self._vain = max(0.0, self._vain + len(places) - self._bearable * len(plain))
        if self._vain > self._patience * (self._size + _FEW):
            self._sample += plain
            if len(self._sample) >= _SAMPLE:
                self._learn(self._sample)
                self._sample = b""
        return found

    def _there(self, block: bytes, plain: bytes, places: List[int]) -> Set[Form]:
        """The forms of sequences that lie around some places."""
        found: Set[Form] = set()
        for known, back in ((self._chosen.begun, 0), (self._chosen.ended, 2)):
            keys = [plain[at - back : at - back + 4] for at in places] if known else []
            for at, key in [(at, key) for at, key in zip(places, keys) if key in known]:
                for offset, text, form in known[key]:
                    if at >= offset and block.startswith(text, at - offset):
                        found.add(form)
        return found

    def _learn(self, plain: bytes) -> None:
        """Look elsewhere for those that were looked for at what the text has."""
        for first in (0, 1):
            self._seen.update(read(plain[first:]))
        self._costs = _Costs((char, times * _MET) for char, times in self._seen.items())
        self._common = _MET
        self._waiting.extend(self._chosen.taken(self._seen.keys()))
        self._choose()
        self._patience *= _LESS_OFTEN
        self._bearable = 1.25 * len(self._pattern.findall(read(plain)[::2])) / max(1, len(plain))
        self._vain = 0.0

    def _choose(self) -> None:
        chosen, cost = self._chosen, self._costs.__getitem__
        common: List[_Way[Form]] = []
        for way in self._waiting:
            char = min(way[1], key=cost)
            if cost(char) < self._common:
                chosen.put(way, char, common=False)
            else:
                common.append(way)
        for way, char in _shared(common, self._costs):
            chosen.put(way, char, common=True)
        self._pattern = chosen.pattern()
        self._waiting = []


def _shared(ways: List[_Way[Form]], costs: _Costs) -> Iterator[Tuple[_Way[Form], str]]:
    """One character of each way, so that all of them together are met seldom: greedily, those that many ways share first."""
    having: Dict[str, List[int]] = {}
    for number, way in enumerate(ways):
        for char in set(way[1][:-1] or way[1]):
            having.setdefault(char, []).append(number)
    waiting = set(range(len(ways)))
    queue = [(costs[char] / len(numbers), char) for char, numbers in having.items()]
    heapify(queue)
    while waiting:
        price, char = heappop(queue)
        left = waiting.intersection(having[char])
        now = costs[char] / len(left) if left else price
        if now > price:
            heappush(queue, (now, char))
        else:
            yield from ((ways[number], char) for number in left)
            waiting -= left


def _way(text: bytes, form: Form, first: int) -> _Way[Form]:
    return first, read(seven_bits(text[first:_LOOKED_AT]))[::2], text, form


def _set(chars: Set[str]) -> str:
    return f"[{re.escape(''.join(sorted(chars)))}]"
