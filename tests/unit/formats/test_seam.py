"""Secrets whose parts come from two streams: masked on both, and nothing else is touched."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gurita.formats.records import STDERR, STDOUT
from gurita.formats.script_log import Lines, Output, ScriptLog
from gurita.formats.service_messages import encode_message

Piece = tuple[int, bytes]
KINDS = st.sampled_from([STDOUT, STDERR])
PLAIN = st.text("abc .:\n", max_size=12).map(str.encode)
TALK = st.lists(st.tuples(KINDS, PLAIN), max_size=6)
SECRET = st.text("XYZ123", min_size=4, max_size=60)
CUTS = st.lists(st.integers(0, 999), max_size=5)


def told(pieces: Iterable[Piece], secrets: Iterable[str] = (), *, idle: bool = False) -> dict[int, bytes]:
    """What each stream's lines come to."""
    log = ScriptLog(secrets)
    outputs: list[Output] = []
    for kind, data in pieces:
        outputs += log.feed(kind, data)
        if idle:
            outputs += log.idle()
    outputs += log.finish(STDERR) + log.finish(STDOUT)
    assert log.settled
    return {
        kind: b"".join(each.data + b"\n" for each in outputs if isinstance(each, Lines) and each.kind == kind)
        for kind in (STDOUT, STDERR)
    }


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:stop] for start, stop in itertools.pairwise(places)]


@given(TALK, TALK, SECRET, CUTS, st.lists(KINDS, min_size=6, max_size=6))
@example([], [], "XYZ1", [2], [STDOUT, STDERR] * 3)
@example([(STDERR, b"a")], [], "X" * 20, [3, 9], [STDOUT, STDERR, STDOUT] * 2)
def test_a_secret_is_masked_however_its_parts_change_streams(
    before: list[Piece], after: list[Piece], secret: str, cuts: list[int], kinds: list[int]
) -> None:
    parts = list(zip(kinds, split(secret.encode(), cuts), strict=False))
    both = told([*before, *parts, *after], [secret])
    assert not set(both[STDOUT] + both[STDERR]) & set(b"XYZ123")


@given(TALK, SECRET.filter(lambda secret: len(secret) >= 16), st.integers(1, 999), KINDS, st.booleans())
def test_a_long_secret_with_a_line_end_where_it_changes_streams_is_masked_too(
    after: list[Piece], secret: str, cut: int, kind: int, idle: bool
) -> None:
    place = 8 + cut % (len(secret) - 8) if idle else 1 + cut % (len(secret) - 1)
    raw = secret.encode()
    parts = [(kind, raw[:place] + b"\n"), (1 - kind, raw[place:] + b"\n")]
    both = told([*parts, *after], [secret], idle=idle)
    assert not set(both[STDOUT] + both[STDERR]) & set(b"XYZ123")


@given(
    st.lists(PLAIN, min_size=4, max_size=4),
    SECRET.filter(lambda secret: len(secret) >= 8),
    CUTS,
    KINDS,
    PLAIN,
)
def test_of_streams_that_are_ready_at_once_both_parts_are_masked_wherever_they_stand(
    around: list[bytes], secret: str, cuts: list[int], kind: int, earlier: bytes
) -> None:
    raw = secret.encode()
    place = 4 + sum(cuts) % (len(raw) - 7)
    log = ScriptLog([secret])
    outputs = log.feed(kind, earlier)
    parts = [(kind, around[0] + raw[:place] + around[1]), (1 - kind, around[2] + raw[place:] + around[3])]
    for turn in (parts, parts[::-1], parts):
        outputs += log.feed_together(turn)
    outputs += log.finish(STDOUT) + log.finish(STDERR)
    assert not set(b"".join(each.data for each in outputs if isinstance(each, Lines))) & set(b"XYZ123")


@given(
    st.lists(PLAIN, min_size=4, max_size=4),
    st.text("XYZ123", min_size=12, max_size=60),
    CUTS,
    KINDS,
    st.booleans(),
)
@example([b"", b"", b"", b""], "XYZ1" * 15, [20, 40], STDOUT, True)
@example([b"", b"", b"", b""], "X" * 60, [20, 40], STDERR, False)
def test_of_streams_that_are_ready_at_once_parts_written_by_turns_are_masked(
    around: list[bytes], secret: str, cuts: list[int], kind: int, lines: bool
) -> None:
    parts = at_least_four(secret.encode(), cuts)
    said = [b"".join(part + b"\n" * lines for part in parts[first::2]) for first in (0, 1)]
    log = ScriptLog([secret])
    turn = [(kind, around[0] + said[0] + around[1]), (1 - kind, around[2] + said[1] + around[3])]
    outputs = [each for pair in (turn, turn[::-1]) for each in log.feed_together(pair)]
    outputs += log.finish(STDOUT) + log.finish(STDERR)
    assert not set(b"".join(each.data for each in outputs if isinstance(each, Lines))) & set(b"XYZ123")


def at_least_four(data: bytes, cuts: list[int]) -> list[bytes]:
    """Cut, but never into parts of fewer than four bytes."""
    places = [0]
    for place in sorted(cut % len(data) for cut in cuts):
        if place - places[-1] >= 4 and len(data) - place >= 4:
            places.append(place)
    return [data[start:stop] for start, stop in itertools.pairwise([*places, len(data)])]


def at_once(secret: str, stdout: bytes, stderr: bytes) -> list[bytes]:
    log = ScriptLog([secret])
    outputs = log.feed_together([(STDOUT, stdout), (STDERR, stderr)])
    outputs += log.finish(STDOUT) + log.finish(STDERR)
    return [each.data for each in outputs if isinstance(each, Lines)]


def test_parts_written_by_turns_are_masked_and_what_stands_around_them_is_not() -> None:
    assert at_once("correct-horse-battery-staple", b"a correct-battery- b\n", b"say horse-staple!\n") == [
        b"a ******** b",
        b"say ********!",
    ]
    assert at_once("correct-horse-battery-staple", b"correct-\nbattery-\nend\n", b"horse-\nstaple\n") == [
        b"********\n********\nend",
        b"********",
        b"********",
    ]


@pytest.mark.parametrize(
    ("stdout", "stderr"),
    [
        (b"correct-staple", b"horse-battery"),
        (b"correct-, then battery-staple", b"horse-"),
        (b"staplecorrect-", b"horse-battery-"),
    ],
)
def test_words_that_no_turns_make_a_secret_stay(stdout: bytes, stderr: bytes) -> None:
    assert at_once("correct-horse-battery-staple", stdout, stderr) == [stdout, stderr]


def test_texts_made_of_parts_alone_are_masked_after_a_bounded_search() -> None:
    secret = "-=" * 30 + "x"
    said = at_once(secret, b"-=" * 4000 + b"\n" + b"=-=x and more", b"=-" * 4000 + b" end")
    assert not set(b"".join(said)) & set(b"-=")


def test_the_first_part_may_be_held_and_messages_may_stand_between() -> None:
    log = ScriptLog(["hunter22-and-more"])
    switch = encode_message("stdout-verbose", {}).encode() + b"\n"
    outputs = log.feed(STDOUT, b"see hunter")
    outputs += log.feed_together([(STDOUT, b" x\n" + switch + b"done\n"), (STDERR, b"so 22-and-more\n")])
    outputs += log.finish(STDOUT) + log.finish(STDERR)
    assert [each.data for each in outputs if isinstance(each, Lines)] == [
        b"see ******** x",
        b"done",
        b"so ********",
    ]


def test_a_whole_secret_on_one_stream_masks_nothing_like_its_end_on_the_other() -> None:
    log = ScriptLog(["hunter22"])
    outputs = log.feed_together([(STDOUT, b"hunter22\n"), (STDERR, b"er22 and hunt\n")])
    outputs += log.finish(STDOUT) + log.finish(STDERR)
    assert [each.data for each in outputs if isinstance(each, Lines)] == [b"********", b"er22 and hunt"]


@given(st.lists(st.tuples(PLAIN, PLAIN), max_size=5), st.lists(SECRET, max_size=3))
def test_without_a_secret_every_byte_stays_of_streams_that_are_ready_at_once(
    turns: list[tuple[bytes, bytes]], secrets: list[str]
) -> None:
    log = ScriptLog(secrets)
    outputs = [each for turn in turns for each in log.feed_together(list(enumerate(turn)))]
    outputs += log.finish(STDOUT) + log.finish(STDERR)
    for kind in (STDOUT, STDERR):
        said = b"".join(turn[kind] for turn in turns)
        found = b"".join(
            each.data + b"\n" for each in outputs if isinstance(each, Lines) and each.kind == kind
        )
        assert found == (said if said.endswith(b"\n") or not said else said + b"\n")


@given(TALK, st.lists(SECRET, max_size=3))
def test_without_a_secret_every_byte_of_both_streams_stays(pieces: list[Piece], secrets: list[str]) -> None:
    for kind, found in told(pieces, secrets).items():
        said = b"".join(data for each, data in pieces if each == kind)
        assert found == (said if said.endswith(b"\n") or not said else said + b"\n")


@given(
    st.lists(st.tuples(KINDS, st.text("XY\n", max_size=12).map(str.encode)), max_size=8),
    st.lists(st.text("XY", min_size=4, max_size=24), max_size=3),
)
def test_how_a_turn_of_a_stream_is_cut_does_not_matter(pieces: list[Piece], secrets: list[str]) -> None:
    one_by_one = [(kind, data[at : at + 1]) for kind, data in pieces for at in range(len(data))]
    assert told(pieces, secrets) == told(one_by_one, secrets)


@pytest.mark.parametrize(
    ("pieces", "stdout", "stderr"),
    [
        ([(STDOUT, b"pw hunt"), (STDERR, b"er22 end\n")], b"pw ********\n", b"******** end\n"),
        ([(STDERR, b"pw hunt"), (STDOUT, b"er22 end\n")], b"******** end\n", b"pw ********\n"),
        ([(STDOUT, b"hu"), (STDERR, b"nte"), (STDOUT, b"r2"), (STDERR, b"2")], b"********\n", b"********\n"),
        ([(STDOUT, b"hunt"), (STDERR, b"x"), (STDOUT, b"er22\n")], b"********\n", b"x\n"),
        ([(STDOUT, b"hunt"), (STDERR, b"xer22\n")], b"hunt\n", b"xer22\n"),
        ([(STDOUT, b"hunt\n"), (STDERR, b"er22\n")], b"hunt\n", b"er22\n"),
        ([(STDOUT, b"hunt"), (STDERR, b"er2"), (STDOUT, b"er22")], b"********\n", b"er2\n"),
    ],
)
def test_what_stands_on_each_stream(pieces: list[Piece], stdout: bytes, stderr: bytes) -> None:
    assert told(pieces, ["hunter22"]) == {STDOUT: stdout, STDERR: stderr}


def test_other_forms_of_a_secret_count_too() -> None:
    coded = base64.b64encode(b"user:correct horse battery").rstrip(b"=")
    both = told([(STDOUT, coded[:15]), (STDERR, coded[15:])], ["correct horse battery"])
    assert coded[10:15] not in both[STDOUT]
    assert coded[15:30] not in both[STDERR]


def test_a_secret_that_a_message_names_counts_from_then_on() -> None:
    named = encode_message("mask", {"value": "from-now-on"}).encode() + b"\n"
    both = told([(STDOUT, b"from-"), (STDERR, named), (STDOUT, b"from-"), (STDERR, b"now-on\n")])
    assert both == {STDOUT: b"from-********\n", STDERR: b"********\n"}


def test_what_is_kept_for_the_other_stream_comes_as_soon_as_it_was_nothing() -> None:
    log = ScriptLog(["1" * 12 + "2" * 12 + "3" * 12])
    assert log.feed(STDOUT, b"1" * 12 + b"\n") == []
    assert log.feed(STDERR, b"2" * 12 + b"\n") == []
    assert log.idle() == []
    assert [each.data for each in log.feed(STDOUT, b"no\n") if isinstance(each, Lines)] == [
        b"2" * 12,
        b"1" * 12 + b"\nno",
    ]


def test_a_beginning_by_chance_goes_when_nothing_comes() -> None:
    log = ScriptLog(["e" + "B" * 20])
    assert [*log.feed(STDOUT, b"done e\n"), *log.feed(STDERR, b"BBB\n")] == []
    assert sorted(each.data for each in log.idle() if isinstance(each, Lines)) == [b"BBB", b"done e"]
