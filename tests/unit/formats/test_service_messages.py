"""Service messages: read in any chunks, never lost, never in the text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.service_messages import (
    ERROR,
    HIGHLIGHT,
    IGNORE,
    INFO,
    VERBOSE,
    WAIT,
    WARNING,
    Event,
    Levels,
    Message,
    Parser,
    Text,
    Unparsable,
    encode_message,
)

PARTS = st.lists(
    st.sampled_from(
        [
            b"text ",
            b"\n",
            b"\r\n",
            b"#",
            b"##octopus",
            b"##octopus[",
            b"]",
            b"##octopus[stdout-verbose]",
            encode_message("setVariable", {"name": "a", "value": "x\ny"}).encode(),
            b"##octopus[broken a=b]",
            b"\xff\xfe",
        ]
    ),
    max_size=25,
)


def parsed(data: bytes, cuts: list[int] | None = None) -> list[Event]:
    parser = Parser()
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    events: list[Event] = []
    for start, stop in itertools.pairwise(places):
        events.extend(parser.feed(data[start:stop]))
    return joined([*events, *parser.finish()])


def joined(events: list[Event]) -> list[Event]:
    out: list[Event] = []
    for event in events:
        if isinstance(event, Text) and out and isinstance(out[-1], Text):
            out[-1] = Text(out[-1].data + event.data)
        else:
            out.append(event)
    return out


@given(PARTS, st.lists(st.integers(0, 999), max_size=30))
def test_any_chunking_gives_the_same_events(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    assert parsed(data, cuts) == parsed(data)


@given(PARTS, st.integers(0, 999))
def test_a_parser_goes_on_from_its_state_as_if_it_had_never_stopped(parts: list[bytes], cut: int) -> None:
    data = b"".join(parts)
    place = cut % (len(data) + 1)
    first = Parser()
    events = first.feed(data[:place])
    second = Parser.resumed(first.state())
    assert joined([*events, *second.feed(data[place:]), *second.finish()]) == parsed(data)


@given(st.binary(max_size=300).filter(lambda data: b"##octopus[" not in data))
def test_output_without_messages_passes_byte_for_byte(data: bytes) -> None:
    assert b"".join(event.data for event in parsed(data) if isinstance(event, Text)) == data


@given(st.text(min_size=1, max_size=50), st.text(max_size=200))
def test_names_and_values_of_any_text_round_trip(name: str, value: str) -> None:
    try:
        line = encode_message("setVariable", {"name": name, "value": value}).encode()
    except UnicodeEncodeError:
        return
    assert parsed(line) == [Message("setVariable", {"name": name, "value": value})]


@pytest.mark.parametrize(
    "line",
    ["##octopus[setVariable name='QQ==' value='Qg==']", '##octopus[setVariable NAME="QQ=="  Value = "Qg=="]'],
)
def test_both_quotes_and_any_case_of_attribute_names_are_read(line: str) -> None:
    assert parsed(line.encode()) == [Message("setVariable", {"name": "A", "value": "B"})]


def test_a_message_may_be_broken_over_lines() -> None:
    assert parsed(b"##octopus[setVariable na\nme='QQ=\r\n=' value='Qg==']\nnext") == [
        Message("setVariable", {"name": "A", "value": "B"}),
        Text(b"next"),
    ]


def test_text_before_a_message_on_its_line_is_kept() -> None:
    assert parsed(b"before ##octopus[stdout-verbose]\nafter\n") == [
        Text(b"before "),
        Message("stdout-verbose", {}),
        Text(b"after\n"),
    ]


@pytest.mark.parametrize(
    "inner",
    ["setVariable name=QQ==", "setVariable name='Q'", "setVariable name='QQ==' name='QQ=='", "", "a b c"],
)
def test_what_cannot_be_read_is_a_warning_that_shows_it(inner: str) -> None:
    assert parsed(f"##octopus[{inner}]".encode()) == [Unparsable(f"Could not parse '##octopus[{inner}]'")]


def test_a_message_that_never_ends_is_text_after_all() -> None:
    assert parsed(b"see ##octopus[progress and no end\nmore") == [
        Text(b"see ##octopus[progress and no end\nmore")
    ]


def test_levels_switch_and_fall_back() -> None:
    levels = Levels()
    seen = []
    for name in ["verbose", "highlight", "wait", "warning", "error", "ignore", "default"]:
        assert levels.apply(f"stdout-{name}")
        seen.append(levels.stdout)
    assert seen == [VERBOSE, HIGHLIGHT, WAIT, WARNING, ERROR, IGNORE, INFO]
    assert levels.stderr == ERROR
    assert levels.apply("stderr-progress")
    assert levels.stderr == VERBOSE
    assert not levels.apply("progress")
