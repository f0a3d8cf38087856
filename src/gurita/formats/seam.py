"""Where the output of one stream goes on in the other's: a secret written partly to stdout and partly to stderr.

Each stream has a masker of its own, which knows nothing of the other's bytes. A seam sees both in the order in which they were
read: while the end of one stream may begin a secret, what comes next is looked at together with it, whichever stream it comes
from, under the same rules for line breaks. As long as one stream talks alone, it does nothing.
"""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence

from gurita.formats.mask_search import FormSet
from gurita.formats.masking import RELAXED, Masker

__all__ = ["Seam"]

_FEW = 64
"""Bytes that mostly tell that nothing goes on."""


class _Piece(NamedTuple):
    """Bytes of one masker's stream. `start` counts from the beginning of that stream."""

    masker: Masker
    start: int
    data: bytes


class Seam:
    """Looks over the borders between streams whose maskers share `forms`."""

    def __init__(self, forms: FormSet) -> None:
        self._forms = forms
        self._last: Optional[Masker] = None
        self._pieces: List[_Piece] = []

    def join(self, masker: Masker, data: bytes) -> Sequence[Masker]:
        """Take what `masker` is fed next, before it is. Tells which other maskers may give back what they kept for this."""
        last, self._last = self._last, masker
        if not self._pieces:
            if last is None or last is masker or not last.held or not data:
                return ()
            self._pieces = [_Piece(last, last.read - last.held, last.tail)]
        return self._look(masker, data) if data else ()

    def idle(self) -> Sequence[Masker]:
        """Nothing came for a while: what began like a secret by so few characters was chance. Tells as `join`."""
        begun = b"".join(piece.data for piece in self._pieces)
        return self._keep([]) if len(begun.translate(None, b"\r\n")) < RELAXED else ()

    def _look(self, masker: Masker, data: bytes) -> Sequence[Masker]:
        before = b"".join(piece.data for piece in self._pieces)
        border = len(before)
        spans, cut = self._forms.search(before + data[:_FEW], hold=True)
        if cut < border and len(data) > _FEW:
            spans, cut = self._forms.search(before + data[: self._forms.longest], hold=True)
        pieces = [*self._pieces, _Piece(masker, masker.read, data)]
        for begin, end in spans:
            if begin < border:
                _cover(pieces, begin, end)
        freed = self._keep(_from(pieces, cut) if cut < border else [])
        return [each for each in freed if each is not masker]

    def _keep(self, pieces: List[_Piece]) -> List[Masker]:
        """What may still become a secret is kept by its maskers, everything else is not."""
        kept = {id(piece.masker): piece for piece in reversed(pieces)}
        freed: List[Masker] = []
        for piece in [*self._pieces, *pieces]:
            wanted = kept.get(id(piece.masker))
            if piece.masker.keep(None if wanted is None else wanted.start):
                freed.append(piece.masker)
        self._pieces = pieces
        return freed


def _cover(pieces: Sequence[_Piece], begin: int, end: int) -> None:
    at = 0
    for piece in pieces:
        first, last = max(begin, at), min(end, at + len(piece.data))
        if first < last:
            piece.masker.cover(piece.start + first - at, piece.start + last - at)
        at += len(piece.data)


def _from(pieces: Sequence[_Piece], cut: int) -> List[_Piece]:
    """The pieces without their first `cut` bytes."""
    left: List[_Piece] = []
    for piece in pieces:
        gone = min(cut, len(piece.data))
        cut -= gone
        if gone < len(piece.data):
            left.append(_Piece(piece.masker, piece.start + gone, piece.data[gone:]))
    return left
