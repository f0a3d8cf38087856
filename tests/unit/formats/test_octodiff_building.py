"""Deltas made of both files: applied they give the new file, and they are about as long as what was changed."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.octodiff import apply_delta, build_delta
from gurita.formats.octodiff.building import parts_of

_SEED = random.Random(20261122)
BASE = _SEED.randbytes(600_000)
TEXT = "".join(f"line {number}: {_SEED.random()}\n" for number in range(20_000)).encode()


def made_of(old: bytes, new: bytes) -> int:
    """The size of the delta; it has been applied."""
    delta, found = io.BytesIO(), io.BytesIO()
    size = build_delta(old, new, delta, len(new) + 1000)
    assert size == len(delta.getvalue()) > 0
    apply_delta(io.BytesIO(old), io.BytesIO(delta.getvalue()), found)
    assert found.getvalue() == new
    return size


edits = st.lists(
    st.tuples(st.integers(0, len(BASE)), st.integers(0, 3000), st.binary(max_size=200), st.integers(1, 20)),
    max_size=8,
)


@given(edits)
def test_a_delta_of_a_changed_file_gives_it_and_holds_little_more_than_the_changes(
    changes: list[tuple[int, int, bytes, int]],
) -> None:
    new = BASE
    for at, removed, put, times in changes:
        new = new[:at] + put * times + new[at + removed :]
    added = sum(len(put) * times for _, _, put, times in changes)
    assert made_of(BASE, new) <= 2 * added + 200 * len(changes) + 6000


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_a_delta_of_any_two_files_gives_the_second(old: bytes, new: bytes) -> None:
    parts = list(parts_of(old, new))
    assert [part.start for part in parts] == [sum(p.length for p in parts[:at]) for at in range(len(parts))]
    assert sum(part.length for part in parts) == len(new)
    if new:
        made_of(old * 10, new)


@pytest.mark.parametrize("base", [BASE, TEXT], ids=["bytes", "text"])
def test_what_was_moved_far_away_is_found(base: bytes) -> None:
    pieces = [base[at : at + 40_000] for at in range(0, len(base), 40_000)]
    random.Random(3).shuffle(pieces)
    assert made_of(base, b"".join(pieces)) < 0.05 * len(base)


def test_what_repeats_itself_is_a_few_commands() -> None:
    assert made_of(bytes(300_000), bytes(200_000)) < 100
    assert made_of(b"ab" * 100_000, b"x" + b"ab" * 100_000) < 200


def test_a_delta_that_would_be_too_large_is_none() -> None:
    other = random.Random(4).randbytes(100_000)
    assert build_delta(BASE, other, io.BytesIO(), 80_000) == 0
    assert build_delta(BASE, other, io.BytesIO(), 101_000) > 100_000
