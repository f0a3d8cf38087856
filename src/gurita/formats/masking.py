"""Streaming masking of secrets in bytes.

A `Masker` reads one stream and gives it back with every form of every secret (`secret_forms`) replaced by `MASK`. What it
gives back does not depend on how the stream was cut into chunks. Forms of at least `FOLD` bytes are also found when line
breaks were put into them (wrapped base64, a secret split over lines). Text without secrets passes byte for byte.
"""

from __future__ import annotations

import re
from typing import Iterable, List, Optional, Tuple

from gurita.formats.mask_search import FOLD, FormSet, Span
from gurita.formats.secret_forms import SHORTEST

__all__ = ["FOLD", "MASK", "RELAXED", "SHORTEST", "Masker", "mask_text"]

MASK = b"********"

_PIECES = re.compile(rb"[\r\n]+|[^\r\n]+")
RELAXED = 8
"""Characters that begin a secret by chance, on a stream that is idle."""

Tagged = List[Tuple[int, bytes]]


class Masker:
    """Masks one stream. `sibling()` makes one for another stream over the same, growing set of secrets.

    It holds back a tail that may be the beginning of a secret, never longer than `longest` bytes; `flush()` gives the rest.
    """

    def __init__(self, secrets: Iterable[str] = (), forms: Optional[FormSet] = None) -> None:
        self._forms = forms if forms is not None else FormSet()
        self._forms.add_all(secrets)
        self._held = b""
        self._covered = 0
        self._inside = False
        self._marks: List[Tuple[int, int]] = []
        self._base = 0
        self._kept: Optional[int] = None
        self._told: List[Span] = []

    def __repr__(self) -> str:
        return f"<Masker of {len(self._forms.secrets)} secrets>"

    @property
    def forms(self) -> FormSet:
        """The forms of the secrets, shared with siblings."""
        return self._forms

    @property
    def longest(self) -> int:
        """The most bytes the masker may hold back."""
        return self._forms.longest

    @property
    def held(self) -> int:
        """How many bytes are held back now."""
        return len(self._held)

    @property
    def tail(self) -> bytes:
        """What is held back now, as it came."""
        return self._held

    @property
    def read(self) -> int:
        """How many bytes of the stream came so far; those from before the first secret may be left out."""
        return self._base + len(self._held)

    def keep(self, start: Optional[int]) -> bool:
        """Hold back everything from this place of the stream on; None for no more than is held anyway. Tells whether
        that may let something go."""
        before, self._kept = self._kept, start
        return before is not None and (start is None or start > before)

    def cover(self, start: int, stop: int) -> None:
        """Mask these bytes of the stream, which were not given back yet: with those of another stream they are a secret."""
        if self._told and self._told[-1][1] == start:
            start = self._told.pop()[0]
        self._told.append((start, stop))

    def sibling(self) -> Masker:
        """A masker for another stream that shares this one's secrets, also those added later."""
        return Masker((), self._forms)

    def add(self, secret: str) -> None:
        """Make `secret` a secret for all that was not given back yet. Values of 1 to 3 characters are ignored."""
        self._forms.add_all((secret,))

    def reveals(self, text: str) -> bool:
        """Whether the text contains a form of a secret."""
        return bool(self._forms.search(text.encode("utf-8", "surrogatepass"))[0])

    def whole(self, data: bytes) -> bytes:
        """These bytes, which are all there is, masked. The stream does not matter."""
        spans = self._forms.search(data)[0] if self._forms.secrets else []
        return _joined(self.sibling()._release(data, len(data), spans)) if spans else data  # noqa: SLF001

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes of the stream; give back what can be told by now, masked."""
        return _joined(self.feed_tagged(data, 0))

    def flush(self) -> bytes:
        """The stream ended: give back what was held."""
        return _joined(self.flush_tagged())

    def relax(self) -> bytes:
        """The stream is idle: as `relax_tagged`."""
        return _joined(self.relax_tagged())

    def feed_tagged(self, data: bytes, tag: int) -> Tagged:
        """As `feed`; each piece comes back with the tag of the bytes it came from."""
        forms = self._forms
        if not forms.secrets:
            return [(tag, data)] if data else []
        if not self._marks or self._marks[-1][1] != tag:
            self._marks.append((len(self._held), tag))
        buffer = self._held + data if self._held else data
        spans, hold = forms.search(buffer, hold=True)
        if self._told or self._kept is not None:
            spans = self._with_told(spans)
            hold = min(hold, max(0, self._kept - self._base)) if self._kept is not None else hold
        return self._release(buffer, hold, spans)

    def flush_tagged(self) -> Tagged:
        """As `flush`, with tags. The masker is ready for a new stream afterwards."""
        spans = self._with_told(self._forms.search(self._held)[0])
        out = self._release(self._held, len(self._held), spans)
        self._covered, self._inside, self._marks = 0, False, []
        self._kept, self._told = None, []
        return out

    def relax_tagged(self) -> Tagged:
        """Let whole lines go that are held only because their last few characters begin a long secret.

        For an idle stream, so that a reader does not wait for the last line. A secret wrapped so that fewer than
        eight of its characters stand on the first line, written with a pause there, escapes.
        """
        held = self._held
        if self._kept is None and held[-1:] in (b"\n", b"\r") and len(held.rstrip(b"\r\n")) < RELAXED:
            spans = self._with_told(self._forms.search(held)[0])
            return self._release(held, len(held), spans)
        return []

    def _with_told(self, spans: List[Span]) -> List[Span]:
        """The spans of what is held, and those another stream has told of; joined where they overlap."""
        self._told = [span for span in self._told if span[1] > self._base]
        if not self._told:
            return spans
        base = self._base
        joined: List[Span] = []
        for start, stop in sorted([*spans, *((max(0, a - base), b - base) for a, b in self._told)]):
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
            else:
                joined.append((start, stop))
        return joined

    def _release(self, buffer: bytes, cut: int, spans: List[Span]) -> Tagged:
        """Give back `buffer[:cut]` with the spans masked; keep the rest, and how much of it a span already covers."""
        if self._covered:
            spans = _merged(spans, self._covered)
        out: Tagged = []
        marks = self._marks or [(0, 0)]
        for number, (start, tag) in enumerate(marks):
            stop = marks[number + 1][0] if number + 1 < len(marks) else len(buffer)
            stop = min(stop, cut)
            if start < stop:
                piece = self._masked(buffer, start, stop, spans) if spans else buffer[start:stop]
                if piece:
                    out.append((tag, piece))
        if not spans and cut:
            self._inside = False
        self._covered = max([0] + [end - cut for start, end in spans if start < cut < end])
        self._held = buffer[cut:]
        self._base += cut
        self._marks = _shifted(marks, cut)
        return out

    def _masked(self, buffer: bytes, start: int, stop: int, spans: List[Span]) -> bytes:
        out: List[bytes] = []
        at = start
        for begin, end in spans:
            begin_here, end_here = max(begin, start), min(end, stop)
            if begin_here >= end_here:
                continue
            if begin_here > at:
                out.append(buffer[at:begin_here])
            if begin >= start:
                self._inside = False
            for piece in _PIECES.findall(buffer[begin_here:end_here]):
                if piece[0] in b"\r\n":
                    out.append(piece)
                    self._inside = False
                elif not self._inside:
                    out.append(MASK)
                    self._inside = True
            at = end_here
        if at < stop:
            out.append(buffer[at:stop])
            self._inside = False
        return b"".join(out)


def mask_text(text: str, masker: Masker) -> str:
    """One text, whole, masked with the secrets of `masker`."""
    return masker.whole(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")


def _joined(pieces: Tagged) -> bytes:
    return pieces[0][1] if len(pieces) == 1 else b"".join(piece for _, piece in pieces)


def _merged(spans: List[Span], covered: int) -> List[Span]:
    """The spans with the one that began before the buffer; spans that overlap it become one with it."""
    end = covered
    rest = 0
    while rest < len(spans) and spans[rest][0] < end:
        end = max(end, spans[rest][1])
        rest += 1
    return [(-1, end), *spans[rest:]]


def _shifted(marks: List[Tuple[int, int]], cut: int) -> List[Tuple[int, int]]:
    kept = [(max(0, start - cut), tag) for start, tag in marks]
    first = 0
    while first + 1 < len(kept) and kept[first + 1][0] == 0:
        first += 1
    return kept[first:]
