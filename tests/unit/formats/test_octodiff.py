# ruff: noqa: S324 -- the format says SHA-1
"""Signatures and deltas: what comes out is exactly the new file, or nothing is said to have come out."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.octodiff import CHUNK, DeltaRefused, apply_delta, rolling_sum, signature

Command = tuple[int, int] | bytes
OLD = bytes(range(256)) * 20


def delta_of(new: bytes, commands: Sequence[Command]) -> bytes:
    """A delta of copies (offset, length) and bytes."""
    whole = b"OCTODELTA\x01\x04SHA1" + struct.pack("<i", 20) + hashlib.sha1(new).digest() + b">>>"
    for one in commands:
        if isinstance(one, bytes):
            whole += b"\x80" + struct.pack("<q", len(one)) + one
        else:
            whole += b"\x60" + struct.pack("<qq", *one)
    return whole


def applied(delta: bytes, old: bytes = OLD) -> bytes:
    new = io.BytesIO()
    size, digest = apply_delta(io.BytesIO(old), io.BytesIO(delta), new)
    assert (size, digest) == (len(new.getvalue()), hashlib.sha1(new.getvalue()).hexdigest())
    return new.getvalue()


def slow_sum(chunk: bytes) -> int:
    a, b = 1, 0
    for each in chunk:
        a = (a + each) % 65536
        b = (b + a) % 65536
    return b << 16 | a


@given(st.binary(max_size=3000) | st.integers(0, 2100).map(lambda count: b"\xff" * count))
def test_the_sum_is_the_one_of_the_format(chunk: bytes) -> None:
    assert rolling_sum(chunk) == slow_sum(chunk)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 10 * CHUNK + 7])
def test_a_signature_has_every_chunk_in_order(size: int) -> None:
    content = bytes(number * 7 % 251 for number in range(size))
    found = signature(io.BytesIO(content))
    head, _, body = found.partition(b">>>")
    assert head == b"OCTOSIG\x01\x04SHA1\x07Adler32"
    assert len(body) % 26 == 0
    chunks = [content[at : at + CHUNK] for at in range(0, size, CHUNK)]
    expected = [(len(c), slow_sum(c), hashlib.sha1(c).digest()) for c in chunks]
    assert [struct.unpack("<hI20s", body[at : at + 26]) for at in range(0, len(body), 26)] == expected


@given(
    st.lists(
        st.binary(max_size=50)
        | st.tuples(st.integers(0, len(OLD) - 1), st.integers(0, 100)).map(lambda c: (c[0], min(c[1], len(OLD) - c[0]))),
        max_size=12,
    )
)  # fmt: skip
def test_a_delta_makes_the_new_file(commands: list[Command]) -> None:
    new = b"".join(one if isinstance(one, bytes) else OLD[one[0] : one[0] + one[1]] for one in commands)
    assert applied(delta_of(new, commands)) == new


_GOOD = delta_of(OLD[5:50] + b"xyz", [(5, 45), b"xyz"])


@pytest.mark.parametrize(
    ("delta", "told"),
    [
        (b"", "does not begin"),
        (b"OCTOSIG" + _GOOD, "does not begin"),
        (_GOOD[:30], "cut off"),
        (_GOOD[:-1], "cut off"),
        (_GOOD[:50], "cut off"),
        (_GOOD[:-3] + b"xyy", "SHA-1"),
        (_GOOD + b"\x60", "cut off"),
        (_GOOD + b"\x61", "command 0x61"),
        (delta_of(b"", [(len(OLD), 1)]), "does not have"),
        (delta_of(b"", [(-1, 1)]), "does not have"),
        (delta_of(b"", [(0, -1)]), "does not have"),
        (delta_of(b"", [(2**62, 2**62)]), "does not have"),
        (delta_of(b"", [b"x"])[:-9] + struct.pack("<q", 2**40), "more bytes"),
        (delta_of(b"", [(0, len(OLD))] * 1000), "more than 8 times"),
    ],
)
def test_what_is_no_good_delta_is_refused(delta: bytes, told: str) -> None:
    with pytest.raises(DeltaRefused, match=told):
        applied(delta)


def test_a_head_without_its_end_is_refused() -> None:
    with pytest.raises(DeltaRefused, match="head is damaged"):
        applied(_GOOD.replace(b">>>", b">>x"))
