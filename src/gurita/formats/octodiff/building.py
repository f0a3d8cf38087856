"""A delta of two files that are both at hand: what of the new one the old one has, and where.

With both files no signature is needed, and no window slides over bytes in Python. Three searches, the cheap ones first: on
from where the last part ended, as long as blocks are equal; after a difference, for a few bytes of what follows, near where
they should be; and for what was moved far away, for chunks whose ends their content decides, by their hash. What is found is
compared byte by byte and grown in both directions: a delta may be longer than it could be, and is never wrong.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import struct
from bisect import bisect_left
from collections import Counter
from typing import BinaryIO, Dict, Iterator, List, NamedTuple, Optional, Pattern, Tuple, Union

__all__ = ["Content", "Part", "build_delta", "parts_of"]

Content = Union[bytes, mmap.mmap]

_HEADER = b"OCTODELTA\x01\x04SHA1\x14\x00\x00\x00"
_COPY, _DATA = b"\x60", b"\x80"
_BLOCK = 1 << 16
_NEEDLE = 32
_STEPS = (0, *(64 << power for power in range(11)))
_AROUND = 1 << 16
_TRUST = 16
_CHUNKS = 200_000
_SAMPLES, _APART, _LONGEST_END = 16, 4096, 12
_ORDERS = (3, 45, 101, 167, 200, 251)
_TRIES = len(_ORDERS)
_NEVER = b"(?!)"
_FEW = 32
_LEAST, _MOST = 1 << 10, 1 << 16


class Part(NamedTuple):
    """`length` bytes of the new file: those at `offset` of the old one, or with -1 the new file's own at `start`."""

    offset: int
    start: int
    length: int


def build_delta(old: Content, new: Content, into: BinaryIO, most: int) -> int:
    """Writes a delta and returns its size in bytes; 0 when it would be more than `most`, and then what was written is nothing.

    Takes a second or two for 200 MB, most of it in C; it is for a thread. Memory holds some bytes a chunk of 1 KiB or more.
    """
    digest = hashlib.sha1()  # noqa: S324 - the format says so
    for at in range(0, len(new), _BLOCK):
        digest.update(new[at : at + _BLOCK])
    size = into.write(_HEADER + digest.digest() + b">>>")
    for part in parts_of(old, new):
        if part.offset >= 0:
            size += into.write(_COPY + struct.pack("<qq", part.offset, part.length))
            continue
        if size + part.length > most:
            return 0
        size += into.write(_DATA + struct.pack("<q", part.length))
        for at in range(part.start, part.start + part.length, _BLOCK):
            size += into.write(new[at : min(at + _BLOCK, part.start + part.length)])
    return size if size <= most else 0


def parts_of(old: Content, new: Content) -> Iterator[Part]:
    """What the new file is made of, from its beginning to its end without gap."""
    search = _Search(old, new)
    parts = list(_first_look(search, old, new))
    own = sum(part.length for part in parts if part.offset < 0)
    if own <= max(_MOST, len(new) // _FEW):
        yield from parts
        return
    for part in parts:
        if part.offset >= 0 or part.length < _LEAST:
            yield part
        else:
            yield from _second_look(search, old, new, part)


def _first_look(search: _Search, old: Content, new: Content) -> Iterator[Part]:
    told = at = place = 0
    while at < len(new):
        length = _equal_after(old, place, new, at)
        if length >= _NEEDLE or (length and at + length == len(new)):
            if at > told:
                yield Part(-1, told, at - told)
            yield Part(place, at, length)
            told, place = at + length, place + length
            at = told
        found = search.next(at, place)
        if found is None:
            break
        back = _equal_before(old, found[1], new, found[0], told)
        at, place = found[0] - back, found[1] - back
    if told < len(new):
        yield Part(-1, told, len(new) - told)


def _second_look(search: _Search, old: Content, new: Content, part: Part) -> Iterator[Part]:
    """Bytes of the new file's own may still have been moved there from far away: a change nearby was found first."""
    at, end = part.start, part.start + part.length
    while (found := search.moved.next(at)) is not None and found[0] < end:
        back = _equal_before(old, found[1], new, found[0], at)
        start, place = found[0] - back, found[1] - back
        length = min(_equal_after(old, place, new, start), end - start)
        if start > at:
            yield Part(-1, at, start - at)
        yield Part(place, start, length)
        at = start + length
    if at < end:
        yield Part(-1, at, end - at)


class _Search:
    """Looks for the next bytes of the new file that the old one has too."""

    def __init__(self, old: Content, new: Content) -> None:
        self._old, self._new = old, new
        self._trust = _TRUST
        self._moved: Optional[_Moved] = None

    def next(self, at: int, place: int) -> Optional[Tuple[int, int]]:
        """A place at or after `at` in the new file, and the same bytes' place in the old one, which was expected at `place`."""
        near = self._near(at, place)
        if near is not None:
            self._trust = min(self._trust + 1, 4 * _TRUST)
            return near
        self._trust = max(self._trust - 1, 0)
        if len(self._new) - at < _LEAST:
            return None
        return self.moved.next(at)

    @property
    def moved(self) -> _Moved:
        """Made when it is first needed: it takes two seconds for 100 MB."""
        if self._moved is None:
            self._moved = _Moved(self._old, self._new)
        return self._moved

    def _near(self, at: int, place: int) -> Optional[Tuple[int, int]]:
        window, begin = b"", max(0, place - _AROUND)
        if self._trust:
            window = self._old[begin : place + _STEPS[-1] + _AROUND]
        for step in _STEPS:
            needle = self._new[at + step : at + step + _NEEDLE]
            if len(needle) < _NEEDLE:
                return None
            if self._old[place + step : place + step + _NEEDLE] == needle:
                return at + step, place + step
            if window:
                expected = place + step - begin
                found = window.find(needle, expected, expected + _AROUND)
                if found < 0:
                    found = window.find(needle, max(0, expected - step - _AROUND), expected + _NEEDLE)
                if found >= 0:
                    return at + step, begin + found
        return None


class _Moved:
    """The old file's chunks by their hash, and the new file's in order."""

    def __init__(self, old: Content, new: Content) -> None:
        least = max(_LEAST, max(len(old), len(new)) // _CHUNKS)
        ending = _ending(old)
        self._places: Dict[int, int] = {}
        for begin, end in _chunks(old, ending, least):
            self._places.setdefault(hash(old[begin:end]), begin)
        self._starts: List[int] = []
        self._hits: List[int] = []
        for begin, end in _chunks(new, ending, least):
            chunk = new[begin:end]
            place = self._places.get(hash(chunk))
            if place is not None and old[place : place + len(chunk)] == chunk:
                self._starts.append(begin)
                self._hits.append(place)

    def next(self, at: int) -> Optional[Tuple[int, int]]:
        """As `_Search.next`."""
        found = bisect_left(self._starts, at)
        return (self._starts[found], self._hits[found]) if found < len(self._starts) else None


def _ending(content: Content) -> Pattern[bytes]:
    """Some bytes that stand at about one place in 4,096 of what `content` is like, to end chunks at.

    A sample decides: what is common in a text is rare in an archive. Of several tries the one that is spread most evenly is taken.
    """
    step = max(_BLOCK, len(content) // _SAMPLES)
    sample = b"".join(content[at : at + _BLOCK] for at in range(0, len(content), step))
    tries = [_try(sample, number) for number in range(_TRIES)]
    return max(
        tries, key=lambda found: len({match.end() // (2 * _APART) for match in found.finditer(sample)})
    )


def _try(sample: bytes, number: int) -> Pattern[bytes]:
    """A beginning, and the bytes after it: longer, or more of them, until they are as rare as wanted."""
    wanted = max(1, len(sample) // _APART)
    prefix = b""
    for _ in range(_LONGEST_END):
        followers = Counter(re.findall(re.escape(prefix) + b"(?s:(.))", sample))
        taken: List[bytes] = []
        common, count = b"", 0
        for byte in sorted(followers, key=lambda each: (each[0] + 1) * _ORDERS[number] % 257):
            if count + followers[byte] > 4 * wanted:
                common = common or byte
                continue
            taken.append(byte)
            count += followers[byte]
            if count >= wanted:
                break
        if count >= wanted // 2 or not common:
            return re.compile(
                re.escape(prefix) + b"(?:" + b"|".join(map(re.escape, taken)) + b")" if taken else _NEVER
            )
        prefix += common
    return re.compile(_NEVER)


def _chunks(content: Content, ending: Pattern[bytes], least: int) -> Iterator[Tuple[int, int]]:
    begin = 0
    for match in ending.finditer(content):
        end = match.end()
        while end - begin > _MOST + least:
            yield begin, begin + _MOST
            begin += _MOST
        if end - begin >= least:
            yield begin, end
            begin = end
    while begin < len(content):
        yield begin, min(begin + _MOST, len(content))
        begin += _MOST


def _equal_after(old: Content, place: int, new: Content, at: int) -> int:
    """How many bytes are the same from these places on."""
    length, most = 0, min(len(old) - place, len(new) - at)
    block = 256
    while length < most:
        size = min(block, most - length)
        mine = old[place + length : place + length + size]
        theirs = new[at + length : at + length + size]
        if mine != theirs:
            return length + _first_difference(mine, theirs)
        length += size
        block = min(2 * block, _BLOCK)
    return length


def _equal_before(old: Content, place: int, new: Content, at: int, first: int) -> int:
    """How many bytes are the same before these places; the new file's before `first` are not asked."""
    length, most = 0, min(place, at - first)
    block = 256
    while length < most:
        size = min(block, most - length)
        mine = old[place - length - size : place - length]
        theirs = new[at - length - size : at - length]
        if mine != theirs:
            return length + _first_difference(mine[::-1], theirs[::-1])
        length += size
        block = min(2 * block, _BLOCK)
    return length


def _first_difference(one: bytes, other: bytes) -> int:
    """Where two different texts of the same length begin to differ."""
    low, high = 0, len(one)
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
