"""Frames of the runner's channel, cut anywhere."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.transport.frames import MOST_HEADER, MOST_PAYLOAD, BadFrame, Frame, FrameReader, encoded

headers = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=20) | st.none(), max_size=4)


@given(
    st.lists(st.tuples(headers, st.binary(max_size=200)), max_size=6),
    st.lists(st.integers(1, 40), min_size=1),
)
def test_frames_are_the_same_however_the_stream_is_cut(frames, cuts) -> None:  # type: ignore[no-untyped-def]
    stream = b"".join(encoded(header, payload) for header, payload in frames)
    reader = FrameReader()
    found: list[Frame] = []
    at = number = 0
    while at < len(stream):
        size = cuts[number % len(cuts)]
        found += reader.feed(stream[at : at + size])
        at += size
        number += 1
    assert found == [Frame(header, payload) for header, payload in frames]


@pytest.mark.parametrize("sizes", [(MOST_HEADER + 1, 0), (2, MOST_PAYLOAD + 1)])
def test_a_frame_larger_than_agreed_is_refused_before_it_is_read(sizes: tuple[int, int]) -> None:
    with pytest.raises(BadFrame, match="too large"):
        FrameReader().feed(struct.pack(">II", *sizes))


@pytest.mark.parametrize("text", [b"[]", b"nonsense", b"\xff\xfe", b"3"])
def test_a_header_that_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(BadFrame):
        FrameReader().feed(struct.pack(">II", len(text), 0) + text)


def test_a_request_larger_than_agreed_is_not_sent() -> None:
    with pytest.raises(BadFrame, match="16 MiB"):
        encoded({}, b"x" * (MOST_PAYLOAD + 1))
