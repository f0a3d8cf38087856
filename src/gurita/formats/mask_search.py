"""Finding the forms of secrets in a block of bytes, and the tail that may become one.

Work is done in blocks: a sieve tells which forms may be there, and only those are searched in full. Long forms are
searched in the block without its line breaks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Dict, Iterable, List, NamedTuple, Set, Tuple

from gurita.formats.mask_sieve import Sieve
from gurita.formats.mask_tail import Heads
from gurita.formats.secret_forms import forms_of

__all__ = ["FOLD", "FormSet", "Span"]

FOLD = 16
"""Bytes a form needs to be found across line breaks too; shorter ones would match by chance."""

_BREAK = re.compile(rb"[\r\n]")
Span = Tuple[int, int]


class _Form(NamedTuple):
    text: bytes
    span: int
    folds: bool


class FormSet:
    """The forms of a growing set of secrets, shared by the maskers of all streams of one script."""

    def __init__(self) -> None:
        self.secrets: Set[str] = set()
        self.longest = 0
        self._plain: Dict[bytes, _Form] = {}
        self._folded: Dict[bytes, _Form] = {}
        self._sieve: Sieve[Tuple[bool, bytes]] = Sieve()
        self._plain_heads, self._folded_heads = Heads(), Heads()

    def add_all(self, secrets: Iterable[str]) -> None:
        """Add secrets; those too short to mask are passed over."""
        for secret in secrets:
            if secret in self.secrets:
                continue
            forms = forms_of(secret)
            if forms:
                self.secrets.add(secret)
            for form in forms:
                self._add(form)

    def _add(self, form: bytes) -> None:
        bare = form.translate(None, b"\r\n")
        folds = len(bare) >= FOLD
        forms, text, span = (self._folded, bare, 2 * len(form)) if folds else (self._plain, form, len(form))
        if text not in forms:
            self._sieve.add(bare, (folds, text))
        elif forms[text].span >= span:
            return
        forms[text] = _Form(text, span, folds)
        (self._folded_heads if folds else self._plain_heads).add(text, span)
        self.longest = max(self.longest, span)

    def search(self, buffer: bytes, hold: bool = False) -> Tuple[List[Span], int]:
        """Where forms lie in `buffer` (sorted, those that overlap joined), and where the tail begins that must be held.

        Without `hold` the tail is empty. A folded form spans at most twice its length: this bounds the tail.
        """
        spans: List[Span] = []
        bare = _without_breaks(buffer)
        found = self._sieve.candidates(bare)
        for folds, text in found:
            if not folds:
                spans.extend(_occurrences(buffer, text))
        folded = [self._folded[text] for folds, text in found if folds]
        if folded:
            spans.extend(_unfolded(buffer, bare, folded))
        held = self._tail(buffer, bare) if hold else len(buffer)
        return (_joined(spans) if len(spans) > 1 else spans), held

    def _tail(self, buffer: bytes, bare: bytes) -> int:
        held = next((at for at, _ in self._plain_heads.begun(buffer)), len(buffer))
        for at, span in self._folded_heads.begun(bare):
            raw = _raw_start(buffer, len(bare) - at)
            if len(buffer) - raw < span:
                return min(held, raw)
        return held


def _without_breaks(buffer: bytes) -> bytes:
    bare = buffer.replace(b"\n", b"")
    return bare.replace(b"\r", b"") if b"\r" in bare else bare


def _occurrences(text: bytes, form: bytes) -> List[Span]:
    """All places of `form`, overlapping ones too; neighbours that overlap come as one."""
    spans: List[Span] = []
    size = len(form)
    at = text.find(form)
    while at >= 0:
        if spans and at < spans[-1][1]:
            spans[-1] = (spans[-1][0], at + size)
        else:
            spans.append((at, at + size))
        at = text.find(form, at + 1)
    return spans


def _unfolded(buffer: bytes, bare: bytes, forms: List[_Form]) -> List[Span]:
    breaks: List[int] = []
    spans: List[Span] = []
    for form in forms:
        at = bare.find(form.text)
        while at >= 0:
            if not breaks:
                breaks = _breaks(buffer)
            end = at + len(form.text) - 1
            start_raw = at + bisect_right(breaks, at)
            end_raw = end + bisect_right(breaks, end) + 1
            if end_raw - start_raw <= form.span:
                spans.append((start_raw, end_raw))
            at = bare.find(form.text, at + 1)
    return spans


def _breaks(buffer: bytes) -> List[int]:
    """For each line break, how many other bytes stand before it (one more entry that nothing reaches)."""
    found = [match.start() - number for number, match in enumerate(_BREAK.finditer(buffer))]
    return [*found, len(buffer) + 1]


def _raw_start(buffer: bytes, need: int) -> int:
    """Where the last `need` bytes that are no line breaks begin in `buffer`."""
    start = len(buffer)
    while need:
        stop, start = start, max(0, start - need)
        need -= len(_without_breaks(buffer[start:stop]))
    return start


def _joined(spans: List[Span]) -> List[Span]:
    spans.sort()
    joined = [spans[0]]
    for start, end in spans[1:]:
        if start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
