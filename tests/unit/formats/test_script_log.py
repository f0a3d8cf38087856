"""The way from a script's raw output to its log: levels, whole lines, masks, values put aside."""

from __future__ import annotations

import base64
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.records import BLOCK, STDERR, STDOUT
from gurita.formats.script_log import Lines, Output, Parsed, ScriptLog, Secret
from gurita.formats.service_messages import ERROR, INFO, VERBOSE, WARNING, encode_message

PARTS = [
    b"a line\n",
    b"half ",
    b"\r\n",
    b"\n",
    b"secret-0123456789",
    b"secret-01",
    b"##octopus[stdout-verbose]\n",
    b"##octopus[stdout-ignore]\n",
    b"##octopus[stdout-default]\n",
    encode_message("setVariable", {"name": "n", "value": "later-secret", "sensitive": "True"}).encode()
    + b"\n",
    b"later-secret\n",
    b"\xff\n",
    "é".encode() * 3,
]


def run(
    data: bytes, cuts: list[int] | None = None, secrets: list[str] | None = None
) -> list[tuple[int, str]]:
    log = ScriptLog(secrets or [])
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    outputs: list[Output] = []
    for start, stop in itertools.pairwise(places):
        outputs.extend(log.feed(STDOUT, data[start:stop]))
    return lines_of([*outputs, *log.finish(STDOUT)])


def lines_of(outputs: list[Output]) -> list[tuple[int, str]]:
    return [
        (output.level, line)
        for output in outputs
        if isinstance(output, Lines)
        for line in output.data.decode().split("\n")
    ]


@given(st.lists(st.sampled_from(PARTS), max_size=30), st.lists(st.integers(0, 999), max_size=30))
def test_any_chunking_gives_the_same_lines_and_levels(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    assert run(data, cuts, ["secret-0123456789"]) == run(data, secrets=["secret-0123456789"])


@given(st.lists(st.sampled_from(PARTS), max_size=30), st.integers(0, 999))
def test_a_settled_log_goes_on_from_its_state(parts: list[bytes], cut: int) -> None:
    data = b"".join(parts)
    place = cut % (len(data) + 1)
    first = ScriptLog(["secret-0123456789"])
    outputs = first.feed(STDOUT, data[:place])
    if not first.settled:
        with pytest.raises(ValueError, match="middle"):
            first.state()
        return
    known = ["secret-0123456789"] + ["later-secret"] * (PARTS[9] in data[: place + 1])
    second = ScriptLog.resumed(first.state(), known)
    outputs += second.feed(STDOUT, data[place:]) + second.finish(STDOUT)
    assert lines_of(outputs) == run(data, secrets=["secret-0123456789"])


def test_the_last_line_arrives_without_its_line_break() -> None:
    assert run(b"one\ntwo") == [(INFO, "one"), (INFO, "two")]


def test_levels_hold_until_they_are_switched_back() -> None:
    assert run(b"a\n##octopus[stdout-verbose]\nb\nc\n##octopus[stdout-default]\nd\n") == [
        (INFO, "a"),
        (VERBOSE, "b"),
        (VERBOSE, "c"),
        (INFO, "d"),
    ]


def test_text_before_a_message_ends_its_line_there() -> None:
    assert run(b"before ##octopus[stdout-verbose]\nafter\n") == [(INFO, "before "), (VERBOSE, "after")]


def test_a_message_that_cannot_be_read_is_a_warning_line_with_secrets_masked() -> None:
    assert run(b"##octopus[x y=hunter22]\n", secrets=["hunter22"]) == [
        (WARNING, "Could not parse '##octopus[x y=********]'")
    ]


def test_stderr_is_error_unless_a_message_on_stdout_says_otherwise() -> None:
    log = ScriptLog()
    outputs = log.feed(STDERR, b"bad\n")
    assert log.errors_seen
    quiet = ScriptLog()
    quiet.feed(STDOUT, b"##octopus[stderr-progress]\n")
    outputs += quiet.feed(STDERR, b"42 %\n")
    assert not quiet.errors_seen
    assert [(lines.kind, lines.level) for lines in outputs if isinstance(lines, Lines)] == [
        (STDERR, ERROR),
        (STDERR, VERBOSE),
    ]


def test_a_sensitive_value_is_put_aside_and_masked_from_then_on() -> None:
    log = ScriptLog()
    line = encode_message("setVariable", {"name": "Key", "value": "t0p-s3cret", "sensitive": "True"})
    outputs = log.feed(STDOUT, f"{line}\nt0p-s3cret {base64.b64encode(b't0p-s3cret').decode()}\n".encode())
    assert outputs[0] == Parsed("setVariable", {"variable": "Key", "value": Secret("t0p-s3cret")})
    assert b"t0p" not in outputs[1].data if isinstance(outputs[1], Lines) else False


def test_a_plain_output_that_holds_a_known_secret_is_put_aside_too() -> None:
    log = ScriptLog(["hunter2222"])
    line = encode_message("setVariable", {"name": "Url", "value": "https://u:hunter2222@host"})
    assert log.feed(STDOUT, line.encode()) == [
        Parsed("setVariable", {"variable": "Url", "value": Secret("https://u:hunter2222@host")})
    ]


def test_other_messages_carry_masked_texts_and_secret_attributes_aside() -> None:
    log = ScriptLog(["hunter2222"])
    progress = encode_message("progress", {"percentage": "5", "message": "with hunter2222"})
    account = encode_message("create-tokenaccount", {"name": "acc", "token": "tok-123456"})
    assert log.feed(STDOUT, f"{progress}\n{account}\n".encode()) == [
        Parsed("progress", {"percentage": "5", "message": "with ********"}),
        Parsed("create-tokenaccount", {"token": Secret("tok-123456"), "label": "acc"}),
    ]


def test_a_mask_message_adds_its_value_and_does_not_repeat_it() -> None:
    log = ScriptLog()
    outputs = log.feed(STDOUT, encode_message("mask", {"value": "from-now-on"}).encode() + b"\nfrom-now-on\n")
    outputs += log.finish(STDOUT)
    assert outputs == [Parsed("mask", {}), Lines(STDOUT, INFO, b"********")]


def test_a_line_beyond_64_kib_is_cut_and_loses_no_byte() -> None:
    log = ScriptLog()
    data = ("é" * 100_000).encode()
    outputs = log.feed(STDOUT, data[:70_001]) + log.feed(STDOUT, data[70_001:]) + log.finish(STDOUT)
    pieces = [lines.data for lines in outputs if isinstance(lines, Lines)]
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= BLOCK


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    assert run(b"a\xff\xfeb\n") == [(INFO, "a\ufffd\ufffdb")]
