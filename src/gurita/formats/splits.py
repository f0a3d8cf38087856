"""Secrets cut between two texts of which nobody knows where the one belongs in the other.

Two pipes that are both ready when they are looked at have lost the order of what was written to them. So a secret is looked for
whose beginning stands anywhere in one and whose rest stands anywhere in the other, or which was written by turns in more
parts (`woven`). All parts must be long enough not to be there by chance.
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, NamedTuple, Set, Tuple

from gurita.formats.mask_search import FormSet, Span
from gurita.formats.secret_forms import forms_of
from gurita.formats.woven import common, woven

__all__ = ["LARGEST", "PART", "Splits"]

PART = 4
"""Bytes the smallest part of a secret has at least."""

LARGEST = 16 * 1024
"""Bytes of a text that is looked at; what says so much at once is read too fast to tell."""


class _Part(NamedTuple):
    """A part of a form: where it begins and ends in its text."""

    start: int
    stop: int


Found = Dict[bytes, List[_Part]]
"""Parts by the form they are of."""


class Splits:
    """Looks for the parts of the forms of a growing set of secrets."""

    def __init__(self, forms: FormSet) -> None:
        self._forms = forms
        self._learned: Set[str] = set()
        self._heads: Dict[bytes, List[bytes]] = {}
        self._tails: Dict[bytes, List[Tuple[bytes, bytes]]] = {}

    def find(self, left: bytes, right: bytes) -> Tuple[List[Span], List[Span]]:
        """What of each text is part of a secret that the other has more of; nothing for texts that are too large."""
        if not left or not right or max(len(left), len(right)) > LARGEST:
            return [], []
        self._learn()
        begun = [_gathered(_beginnings(text, self._heads)) for text in (left, right)]
        if not any(begun):
            return [], []
        ended = [_gathered(_ends(text, self._tails)) for text in (left, right)]
        of_left, of_right = _in_two(begun[0], ended[1])
        more_right, more_left = _in_two(begun[1], ended[0])
        maybe = [
            form
            for form in {**begun[0], **begun[1]}
            if len(form) >= 3 * PART and (form in ended[0] or form in ended[1])
        ]
        woven_left, woven_right = woven((left, right), maybe, PART) if maybe else ([], [])
        return [*of_left, *more_left, *woven_left], [*of_right, *more_right, *woven_right]

    def _learn(self) -> None:
        for secret in self._forms.secrets - self._learned:
            self._learned.add(secret)
            for form in forms_of(secret):
                if len(form) >= 2 * PART:
                    self._heads.setdefault(form[:PART], []).append(form)
                    self._tails.setdefault(form[-PART:], []).append((form, form[::-1]))


def _in_two(begun: Found, ended: Found) -> Tuple[List[Span], List[Span]]:
    """Beginnings in the first text whose ends are in the second."""
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


def _gathered(parts: Iterable[Tuple[bytes, _Part]]) -> Found:
    found: Found = {}
    for form, part in parts:
        found.setdefault(form, []).append(part)
    return found


def _beginnings(text: bytes, heads: Dict[bytes, List[bytes]]) -> Iterator[Tuple[bytes, _Part]]:
    """Where forms begin and do not end: those that are there whole are found by the text's own masker."""
    for at in range(len(text) - PART + 1):
        for form in heads.get(text[at : at + PART], ()):
            size = common(text[at : at + len(form)], form)
            if size < len(form):
                yield form, _Part(at, at + size)


def _ends(text: bytes, tails: Dict[bytes, List[Tuple[bytes, bytes]]]) -> Iterator[Tuple[bytes, _Part]]:
    for stop in range(PART, len(text) + 1):
        for form, backwards in tails.get(text[stop - PART : stop], ()):
            size = common(text[max(0, stop - len(form)) : stop][::-1], backwards)
            if size < len(form):
                yield form, _Part(stop - size, stop)
