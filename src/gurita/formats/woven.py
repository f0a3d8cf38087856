"""Secrets written in three or more parts, by turns to two streams of which only the texts are left, not the order.

Each text then has its parts one after the other, but for line ends; woven together they are the secret. Which of them was
written when is found by trying, in as few steps as `STEPS` for two texts, whatever stands in them.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Sequence, Set, Tuple

from gurita.formats.mask_search import Span

__all__ = ["STEPS", "common", "woven"]

STEPS = 5_000
"""Steps spent on two texts. What could not be told by then is masked: such texts are made of little else than parts."""


_NEAR = 12
"""Bytes that are compared one by one: most texts have few in common."""


class _Text(NamedTuple):
    """A text without its line breaks, where its bytes stood before, and where every `part` bytes of it stand."""

    bare: bytes
    places: Sequence[int]
    parts: Dict[bytes, List[int]]


class _State(NamedTuple):
    """How much of a form each of the texts has given, and which of them goes on."""

    given: Tuple[int, int]
    turn: int


def woven(texts: Tuple[bytes, bytes], forms: Iterable[bytes], part: int) -> Tuple[List[Span], List[Span]]:
    """What of the two texts is parts of forms, each at least `part` bytes, that were written by turns."""
    found: Tuple[List[Span], List[Span]] = [], []
    bare = [text.translate(None, b"\r\n") for text in texts]
    there = {text[at : at + part] for text in bare for at in range(len(text) - part + 1)}
    likely = [
        each for each in (form.translate(None, b"\r\n") for form in forms) if _is_covered(each, there, part)
    ]
    both = [_text(*each, part) for each in zip(texts, bare)] if likely else []
    steps = [STEPS]
    for form in likely:
        spans = _of_form(form, both, part, steps)
        for number, text in enumerate(both):
            found[number].extend(
                (text.places[start], text.places[stop - 1] + 1) for start, stop in spans[number]
            )
    return found


def common(one: bytes, other: bytes) -> int:
    """How many bytes at their beginning two texts have in common."""
    low, high = 0, min(len(one), len(other))
    while low < high and one[low] == other[low]:
        low += 1
        if low == _NEAR:
            break
    else:
        return low
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _text(raw: bytes, bare: bytes, part: int) -> _Text:
    places: Sequence[int] = range(len(raw))
    if len(bare) < len(raw):
        places = [at for at, byte in enumerate(raw) if byte not in b"\r\n"]
    parts: Dict[bytes, List[int]] = {}
    for at in range(len(bare) - part + 1):
        parts.setdefault(bare[at : at + part], []).append(at)
    return _Text(bare, places, parts)


def _of_form(
    form: bytes, both: Sequence[_Text], part: int, steps: List[int]
) -> Tuple[List[Span], List[Span]]:
    """Spans of the two bare texts."""
    found: Tuple[List[Span], List[Span]] = [], []
    last = {form[at : at + part]: at for at in range(len(form) - part + 1)}
    for turn, text in enumerate(both):
        other = both[1 - turn]
        for at in text.parts.get(form[:part], ()):
            reach = common(text.bare[at : at + len(form)], form)
            for cut in range(part, reach + 1 if reach < len(form) else 0):
                steps[0] -= 1
                if last.get(text.bare[at + cut : at + cut + part], 0) < cut + part:
                    continue  # nothing that comes later in the form follows here
                for start in other.parts.get(form[cut : cut + part], ()):
                    bases = (at, start) if turn == 0 else (start, at)
                    given = (cut, 0) if turn == 0 else (0, cut)
                    end = _end(form, both, bases, _State(given, 1 - turn), part, steps)
                    for number in range(2 if end else 0):
                        found[number].append((bases[number], bases[number] + end[number]))
                if steps[0] < 0:
                    return _all_parts(form, both[0], part), _all_parts(form, both[1], part)
    return found


def _is_covered(form: bytes, there: Set[bytes], part: int) -> bool:
    """Whether every byte of the form is in a part that is there at all: what few forms are is told quickly."""
    reached = 0
    for at in range(len(form) - part + 1):
        if form[at : at + part] in there:
            reached = at + part
        elif at >= reached:
            return False
    return reached == len(form)


def _end(
    form: bytes, both: Sequence[_Text], bases: Tuple[int, int], state: _State, part: int, steps: List[int]
) -> Tuple[int, ...]:
    """How much of the form each text has given when it is whole, () if it never is."""
    seen: Set[_State] = {state}
    left = [state]
    while left and steps[0] >= 0:
        given, turn = left.pop()
        done, at = sum(given), bases[turn] + given[turn]
        rest = form[done:]
        reach = common(both[turn].bare[at : at + len(rest)], rest)
        if reach == len(rest):
            return (given[0] + reach, given[1]) if turn == 0 else (given[0], given[1] + reach)
        for more in range(part, reach + 1):
            steps[0] -= 1
            after = (given[0] + more, given[1]) if turn == 0 else (given[0], given[1] + more)
            then = _State(after, 1 - turn)
            if then not in seen:
                seen.add(then)
                left.append(then)
        steps[0] -= 1
    return ()


def _all_parts(form: bytes, text: _Text, part: int) -> List[Span]:
    """Wherever a text has as much of the form as a part."""
    parts = {form[at : at + part] for at in range(len(form) - part + 1)}
    spans: List[Span] = []
    for at in sorted(at for each in parts for at in text.parts.get(each, ())):
        start = spans.pop()[0] if spans and at <= spans[-1][1] else at
        spans.append((start, at + part))
    return spans
