"""Record frames round-trip, and a torn one is never taken for whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.records import LARGEST, BadRecord, Record, decode, encode, encode_all, measure

RECORD = st.builds(
    Record, st.integers(0, 2**63), st.integers(0, 2), st.integers(0, 5), st.binary(max_size=100)
)


@given(st.lists(RECORD, max_size=20))
def test_records_round_trip(records: list[Record]) -> None:
    data = encode_all(records)
    assert decode(data) == (records, len(data))
    assert measure(data) == (len(records), len(data))


@given(st.lists(RECORD, min_size=1, max_size=5), st.integers(1, 400))
def test_a_frame_cut_at_the_end_is_not_counted(records: list[Record], missing: int) -> None:
    data = encode_all(records)
    cut = data[: max(0, len(data) - missing)]
    found, used = decode(cut)
    assert found == records[: len(found)]
    assert len(found) < len(records)
    assert measure(cut) == (len(found), used)


def test_measuring_stops_at_the_wanted_number() -> None:
    frame = encode(Record(1, 0, 1, b"x"))
    assert measure(frame * 5, 2) == (2, 2 * len(frame))
    assert measure(frame * 5, 2, start=len(frame)) == (2, 3 * len(frame))


@pytest.mark.parametrize("length", [0, 9, LARGEST + 1, 0xFFFFFFFF])
def test_an_impossible_length_is_refused(length: int) -> None:
    data = length.to_bytes(4, "big") + bytes(100)
    for read in (decode, measure):
        with pytest.raises(BadRecord):
            read(data)


def test_a_record_too_large_for_a_channel_frame_is_refused() -> None:
    with pytest.raises(BadRecord):
        encode(Record(1, 2, 1, bytes(LARGEST)))
