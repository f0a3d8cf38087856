"""Chunks of a log: what is packed comes back, whether it was worth compressing or not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gurita.engine.logs import LogEntry, pack, unpack

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
entries = st.builds(LogEntry, st.integers(0, 2**53), st.integers(0, 6), texts)


@given(st.lists(entries, min_size=1, max_size=20))
def test_what_was_packed_is_unpacked_and_its_lines_are_counted(made: list[LogEntry]) -> None:
    data, lines = pack(made)
    assert unpack(data) == made
    assert lines == sum(len(entry.text.split("\n")) for entry in made)


def test_a_long_chunk_is_compressed_and_a_short_one_costs_nothing() -> None:
    short, long = [LogEntry(1, 1, "done")], [LogEntry(1, 1, "the same again\n" * 1000)]
    assert len(pack(short)[0]) < 20
    assert len(pack(long)[0]) < 200
    assert unpack(pack(long)[0]) == long
