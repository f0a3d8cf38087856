"""Finding the forms of secrets in a block of bytes, and the tail that may become one.

Work is done in blocks: a sieve tells which forms may be there, and only those are searched in full. Long forms are
searched in the block without its line breaks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Dict, Iterable, List, NamedTuple, Set, Tuple

from gurita.formats.mask_sieve import Sieve
from gurita.formats.secret_forms import forms_of

__all__ = ["FOLD", "FormSet", "Span"]

FOLD = 16
"""Bytes a form needs to be found across line breaks too; shorter ones would match by chance."""

_WINDOW = 8
_BREAK = re.compile(rb"[\r\n]")
Span = Tuple[int, int]


class _Form(NamedTuple):
    text: bytes
    span: int


class FormSet:
    """The forms of a growing set of secrets, shared by the maskers of all streams of one script."""

    def __init__(self) -> None:
        self.secrets: Set[str] = set()
        self.longest = 0
        self._plain: Dict[bytes, _Form] = {}
        self._folded: Dict[bytes, _Form] = {}
        self._plain_sieve: Sieve[bytes] = Sieve()
        self._folded_sieve: Sieve[bytes] = Sieve()

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
            (self._folded_sieve if folds else self._plain_sieve).add(text, text)
        elif forms[text].span >= span:
            return
        forms[text] = _Form(text, span)
        self.longest = max(self.longest, span)

    def search(self, buffer: bytes, hold: bool = False) -> Tuple[List[Span], int]:
        """Where forms lie in `buffer` (sorted, those that overlap joined), and where the tail begins that must be held.

        Without `hold` the tail is empty. A folded form spans at most twice its length: this bounds the tail.
        """
        spans: List[Span] = []
        held = len(buffer)
        for text in self._plain_sieve.candidates(buffer) if self._plain else ():
            spans.extend(_occurrences(buffer, text))
        if hold and self._plain:
            held = min(held, _plain_tail(buffer, self._plain.values()))
        if self._folded:
            bare = _without_breaks(buffer)
            found = [self._folded[text] for text in self._folded_sieve.candidates(bare)]
            if found:
                spans.extend(_unfolded(buffer, bare, found))
            if hold:
                held = min(held, _folded_tail(buffer, bare, self._folded.values()))
        return (_joined(spans) if len(spans) > 1 else spans), held


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


def _prefix_start(tail: bytes, form: bytes, start: int) -> int:
    """The first place from `start` on where `tail` ends in a proper prefix of `form`; its length when there is none."""
    size = len(tail)
    head = form[:_WINDOW]
    at = tail.find(head, start)
    while at >= 0:
        if size - at < len(form) and form.startswith(tail[at:]):
            return at
        at = tail.find(head, at + 1)
    for at in range(max(start, size - len(head) + 1), size):
        if form.startswith(tail[at:]):
            return at
    return size


def _plain_tail(buffer: bytes, forms: Iterable[_Form]) -> int:
    size = len(buffer)
    longest = max(len(form.text) for form in forms)
    offset = max(0, size - longest + 1)
    tail = buffer[offset:]
    return offset + min(
        _prefix_start(tail, form.text, max(0, len(tail) - len(form.text) + 1)) for form in forms
    )


def _folded_tail(buffer: bytes, bare: bytes, forms: Iterable[_Form]) -> int:
    held = len(buffer)
    longest = max(len(form.text) for form in forms)
    tail = bare[max(0, len(bare) - longest + 1) :]
    for form in forms:
        start = max(0, len(tail) - len(form.text) + 1)
        while start < len(tail):
            start = _prefix_start(tail, form.text, start)
            if start == len(tail):
                break
            raw = _raw_start(buffer, len(tail) - start)
            if len(buffer) - raw < form.span:
                held = min(held, raw)
                break
            start += 1
    return held


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
