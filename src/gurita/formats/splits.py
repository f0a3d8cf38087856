"""Secrets cut in two between two texts of which nobody knows where the one belongs in the other.

Two pipes that are both ready when they are looked at have lost the order of what was written to them. So a secret is looked for
whose beginning stands anywhere in one and whose rest stands anywhere in the other. Both parts must be long enough not to
be there by chance.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

from gurita.formats.mask_search import FormSet, Span
from gurita.formats.secret_forms import forms_of

__all__ = ["LARGEST", "PART", "Splits"]

PART = 4
"""Bytes the smaller part of a secret has at least."""

LARGEST = 16 * 1024
"""Bytes of a text that is looked at; what says so much at once is read too fast to tell."""


class _Part(NamedTuple):
    """A part of a form: where it begins and ends in its text."""

    start: int
    stop: int


class Splits:
    """Looks for the two parts of the forms of a growing set of secrets."""

    def __init__(self, forms: FormSet) -> None:
        self._forms = forms
        self._learned: Set[str] = set()
        self._heads: Dict[bytes, List[bytes]] = {}
        self._tails: Dict[bytes, List[bytes]] = {}

    def find(self, left: bytes, right: bytes) -> Tuple[List[Span], List[Span]]:
        """What of each text is part of a secret that the other has the rest of; nothing for texts that are too large."""
        if not left or not right or max(len(left), len(right)) > LARGEST:
            return [], []
        self._learn()
        of_left, of_right = self._one_way(left, right)
        more_right, more_left = self._one_way(right, left)
        return [*of_left, *more_left], [*of_right, *more_right]

    def _learn(self) -> None:
        for secret in self._forms.secrets - self._learned:
            self._learned.add(secret)
            for form in forms_of(secret):
                if len(form) >= 2 * PART:
                    self._heads.setdefault(form[:PART], []).append(form)
                    self._tails.setdefault(form[-PART:], []).append(form)

    def _one_way(self, first: bytes, second: bytes) -> Tuple[List[Span], List[Span]]:
        """Beginnings in the first text whose ends are in the second."""
        begun = _gathered(_beginnings(first, self._heads))
        ended = _gathered(_ends(second, self._tails)) if begun else {}
        of_first: List[Span] = []
        of_second: List[Span] = []
        for form, beginnings in begun.items():
            ends = ended.get(form, [])
            longest_end = max((part.stop - part.start for part in ends), default=0)
            longest = max(part.stop - part.start for part in beginnings)
            if longest + longest_end >= len(form):
                of_first += [part for part in beginnings if part.stop - part.start + longest_end >= len(form)]
                of_second += [part for part in ends if part.stop - part.start + longest >= len(form)]
        return of_first, of_second


Parts = Iterator[Tuple[bytes, _Part]]


def _gathered(parts: Parts) -> Dict[bytes, List[_Part]]:
    found: Dict[bytes, List[_Part]] = {}
    for form, part in parts:
        found.setdefault(form, []).append(part)
    return found


def _beginnings(text: bytes, heads: Dict[bytes, List[bytes]]) -> Parts:
    """Where forms begin and do not end: those that are there whole are found by the text's own masker."""
    for at in range(len(text) - PART + 1):
        for form in heads.get(text[at : at + PART], ()):
            stop, most = at + PART, min(len(text), at + len(form))
            while stop < most and text[stop] == form[stop - at]:
                stop += 1
            if stop - at < len(form):
                yield form, _Part(at, stop)


def _ends(text: bytes, tails: Dict[bytes, List[bytes]]) -> Parts:
    for stop in range(PART, len(text) + 1):
        for form in tails.get(text[stop - PART : stop], ()):
            start, least = stop - PART, max(0, stop - len(form))
            while start > least and text[start - 1] == form[start - 1 - stop]:
                start -= 1
            if stop - start < len(form):
                yield form, _Part(start, stop)
