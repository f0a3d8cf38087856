"""Finding many sequences at few places: the same as looking for each of them everywhere."""

from __future__ import annotations

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.mask_digits import LEAST as LEAST_DIGITS
from gurita.formats.mask_digits import Digits
from gurita.formats.mask_reading import read, seven_bits
from gurita.formats.mask_search import FOLD, FormSet
from gurita.formats.mask_sieve import Sieve
from gurita.formats.mask_windows import LEAST, Windows
from gurita.formats.secret_forms import forms_of

_ANY = st.one_of(
    st.binary(max_size=60),
    st.text("ab1", max_size=60).map(str.encode),
    st.text("abé€\0]^-\\", max_size=40).map(str.encode),
)
_PARTS = st.lists(_ANY, min_size=1, max_size=6)


def _found(windows: Windows[bytes], block: bytes) -> set[bytes]:
    plain = seven_bits(block)
    return windows.found(block, plain, read(plain)[::2])


def _told(windows: Windows[bytes], block: bytes, sequences: set[bytes]) -> None:
    assert _found(windows, block) == {each for each in sequences if each in block}


def _block(data: st.DataObject, sequences: set[bytes]) -> bytes:
    """Random bytes with sequences, and parts of them, in between."""
    known = sorted(sequences) or [b""]
    cut = st.tuples(st.sampled_from(known), st.integers(0, 9), st.integers(0, 60)).map(
        lambda t: t[0][t[1] : t[2]]
    )
    return b"".join(data.draw(st.lists(st.one_of(_ANY, st.sampled_from(known), cut), max_size=8)))


@given(st.sets(_ANY.filter(lambda each: len(each) >= LEAST), max_size=40), st.data())
def test_what_is_found_is_what_is_there(sequences: set[bytes], data: st.DataObject) -> None:
    windows: Windows[bytes] = Windows()
    for each in sequences:
        windows.add(each, each)
    for _ in range(3):
        block = _block(data, sequences)
        _told(windows, block, sequences)
        windows._learn(block.translate(bytes(byte & 127 for byte in range(256))))
    _told(windows, _block(data, sequences), sequences)


@given(st.sets(_ANY.filter(bool), min_size=1, max_size=40), st.data())
def test_short_sequences_are_found_beside_long_ones(sequences: set[bytes], data: st.DataObject) -> None:
    sieve: Sieve[bytes] = Sieve()
    for each in sequences:
        sieve.add(each, each)
    block = _block(data, sequences)
    assert sieve.candidates(block) == {each for each in sequences if each in block}


@given(_PARTS, st.lists(st.text("ab1é\n\r +", min_size=4, max_size=24), max_size=4), st.data())
def test_the_fast_way_finds_what_the_slow_one_does(
    parts: list[bytes], secrets: list[str], data: st.DataObject
) -> None:
    forms = FormSet()
    forms.add_all(secrets)
    slow = {form for secret in secrets for form in forms_of(secret)}
    buffer = b"\n".join(parts) + _block(data, slow)
    assert forms.search(buffer)[0] == _slowly(buffer, slow)


def _slowly(buffer: bytes, forms: set[bytes]) -> list[tuple[int, int]]:
    """Every place of every form, those with breaks in them too; places that overlap are one."""
    spans: set[tuple[int, int]] = set()
    for form in forms:
        bare = form.translate(None, b"\r\n")
        folds = len(bare) >= FOLD
        written = b"[\r\n]*".join(re.escape(bytes([byte])) for byte in bare) if folds else re.escape(form)
        for match in re.finditer(b"(?=(" + written + b"))", buffer):
            start, end = match.span(1)
            if not folds or (buffer[start] not in b"\r\n" and end - start <= 2 * len(form)):
                spans.add((start, end))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def test_sequences_added_later_are_found_after_learning_too() -> None:
    drawn = random.Random(5)
    windows: Windows[bytes] = Windows()
    sequences: set[bytes] = set()
    text = b"".join(b"at %d, %s\n" % (n, drawn.randbytes(4).hex().encode()) for n in range(3000))
    for number in range(60):
        more = drawn.randbytes(drawn.randint(4, 20)).hex().encode()
        sequences.add(more)
        windows.add(more, more)
        at = drawn.randrange(len(text))
        _told(windows, text[:at] + (more if number % 2 else b"") + text[at:], sequences)


def test_places_where_the_text_is_like_a_sequence_are_soon_left_alone() -> None:
    windows: Windows[bytes] = Windows()
    looked = [b"#Q%02d~Zx" % number + b"harmless-%02d" % number for number in range(50)]
    for each in looked:
        windows.add(each, each)
    text = b"#Q#Q#~Zx#" * 5000
    assert _found(windows, text[:90]) == set()
    assert windows._vain > 0
    _found(windows, text)
    assert _found(windows, text + looked[7]) == {looked[7]}
    assert windows._vain < 9


_HEX = st.text("0123456789abcdef", min_size=1, max_size=50).map(str.encode)
_NUMBERS = st.one_of(_HEX, _HEX.map(bytes.upper), st.text("01", min_size=1, max_size=40).map(str.encode))


@given(st.sets(_NUMBERS, min_size=1, max_size=30), st.data())
def test_long_numbers_are_found_among_numbers_wherever_they_fall(
    sequences: set[bytes], data: st.DataObject
) -> None:
    sieve: Sieve[bytes] = Sieve()
    for each in sequences:
        sieve.add(each, each)
    for _ in range(3):
        between = st.one_of(_NUMBERS, _ANY)
        parts = data.draw(st.lists(st.one_of(between, st.sampled_from(sorted(sequences))), max_size=8))
        block = b"".join(parts)
        assert sieve.candidates(block) == {each for each in sequences if each in block}


def test_digits_are_those_of_one_case_and_enough_of_them() -> None:
    assert Digits.takes(b"0123456789abcdef")
    assert Digits.takes(b"0" * LEAST_DIGITS)
    assert not Digits.takes(b"0" * (LEAST_DIGITS - 1))
    assert not Digits.takes(b"0123456789abcdeF")
    assert not Digits.takes(b"0123456789abcdeg")
    assert not Digits.takes(b"0123456789abcdef\n")


def test_where_a_text_is_full_of_long_numbers_digits_are_looked_for_with_the_rest() -> None:
    drawn = random.Random(3)
    secrets = [drawn.randbytes(12).hex().encode() for _ in range(40)]
    sieve: Sieve[bytes] = Sieve()
    for each in secrets:
        sieve.add(each, each)
    for number in range(12):
        dump = drawn.randbytes(8000).hex().encode()
        block = dump[: 7000 + number] + secrets[number] + dump[7000 + number :]
        assert sieve.candidates(block) == {secrets[number]}
    assert not sieve._digits._begun
