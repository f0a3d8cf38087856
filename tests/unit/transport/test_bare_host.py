"""Hosts without Python: the log parsed here, answers read, scripts prepared."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.masking import Masker
from gurita.kernel.errors import Fenced
from gurita.kernel.sensitive import Sensitive
from gurita.transport.bare_client import BareTickets, prepared
from gurita.transport.bare_log import BareLog
from gurita.transport.errors import (
    ConnectionLost,
    HostBusy,
    HostUnfit,
    NeedsRunner,
    RunnerRefused,
    TransportError,
)
from gurita.transport.ports import Channel, Finished
from gurita.transport.streams import Incoming
from gurita.transport.tickets import Batch, Final, Private, Record, Ref, Spec, Work
from tests.looping import in_loop

HELLO = b"format 1\nstore_id s1\nboot_id b1\nbegun 4\nhostname web 01\nos Linux\nfree_bytes 1024\nbash 5.2\n"
LINE = b"ended 0 %d 5 s1 b1\n"
REF = Ref("a" * 32, "b" * 32)
MESSAGE = b"##octopus[setVariable name='b3V0' value='czNjcjN0' sensitive='VHJ1ZQ==']\n"


class Script:
    """A connection that answers from a list, and remembers what it was asked."""

    closed = False

    def __init__(self, *answers: Finished) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.stdin = b""

    async def run(self, command: str, stdin: bytes = b"", *, timeout: float) -> Finished:
        self.asked.append(command)
        self.stdin = stdin
        return self.answers.pop(0)

    async def open(self, command: str) -> Channel:
        self.asked.append(command)
        return Stream(self.answers.pop(0))

    async def put(self, data: AsyncIterator[bytes], path: str, *, mode: int) -> None:
        raise AssertionError

    def get(self, path: str, *, offset: int = 0) -> AsyncIterator[bytes]:
        raise AssertionError

    async def close(self) -> None:
        """Nothing."""


class Stream:
    """A channel that has already ended; its stdout comes in pieces of five bytes."""

    def __init__(self, finished: Finished) -> None:
        self._finished = finished
        self._out = Incoming(lambda: None)
        self._err = Incoming(lambda: None)
        for stream, data in ((self._out, finished.out), (self._err, finished.err)):
            if data:
                stream.feed(data)
            stream.end()

    async def write(self, data: bytes) -> None:
        raise AssertionError

    async def read(self, size: int = 65536) -> bytes:
        return await self._out.read(5)

    async def read_error(self, size: int = 65536) -> bytes:
        return await self._err.read(size)

    def close_input(self) -> None:
        """Nothing."""

    async def wait(self) -> int:
        return self._finished.rc

    def rest(self, resting: bool) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Fixed:
    """A clock that stands."""

    def now(self) -> datetime:
        return datetime(2024, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0

    async def sleep(self, seconds: float) -> None:
        """At once."""


async def greeted(*answers: Finished) -> tuple[BareTickets, Script]:
    script = Script(Finished(0, HELLO, b""), *answers)

    def command(words: Sequence[str]) -> str:
        return " ".join(words)

    return await BareTickets.greet(script, command, Fixed()), script


async def followed(
    tickets: BareTickets, parser: bytes = b"", offset: int = 0, masker: Masker | None = None
) -> list[Batch | Final]:
    return [each async for each in tickets.follow(REF, 3, offset, parser, masker)]


@in_loop
async def test_hello_is_read_word_by_word() -> None:
    tickets, _ = await greeted()
    facts = tickets.facts
    assert (facts.hostname, facts.free_bytes, dict(facts.shells)) == ("web 01", 1024, {"bash": "5.2"})
    assert (facts.identity.store_id, facts.identity.begun) == ("s1", 4)


@in_loop
async def test_a_hello_without_an_identity_is_an_unfit_host() -> None:
    with pytest.raises(HostUnfit):
        await BareTickets.greet(Script(Finished(0, b"hostname x\n", b"")), " ".join, Fixed())


@in_loop
async def test_a_start_names_who_holds_the_host_in_plain_words() -> None:
    tickets, script = await greeted(Finished(0, b"running - 0 5 s1 b1\n", b""))
    work = Work(
        *("a" * 32, "b" * 32), "inst", "A server; rm -rf /", "write", Spec("sh", timeout=1.2), Private("x")
    )
    assert (await tickets.start(work, 3)).state == "running"
    assert script.asked[-1] == f"start {REF.task} {REF.ticket} 3 sh 2 10 write inst A_server_rm_-rf_/"
    assert script.stdin.endswith(b"\nx")
    assert (await tickets.identity()).begun == 5


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"error fenced 7\n", Fenced),
        (b"noise\nerror busy the other server\n", HostBusy),
        (b"error no-space /x\n", RunnerRefused),
        (b"Segmentation fault\n", ConnectionLost),
    ],
)
@in_loop
async def test_a_refusal_is_told_apart_from_a_broken_host(line: bytes, expected: type[Exception]) -> None:
    tickets, _ = await greeted(Finished(3, b"", line), Finished(3, b"", line))
    with pytest.raises(expected):
        await tickets.status(REF, 3)
    with pytest.raises(expected):
        await followed(tickets)


@pytest.mark.parametrize("answer", [b"", b"ended 0\n", b"ended x y z s b\n"])
@in_loop
async def test_an_answer_that_cannot_be_read_is_a_lost_connection(answer: bytes) -> None:
    tickets, _ = await greeted(Finished(0, answer, b""))
    with pytest.raises(ConnectionLost):
        await tickets.status(REF, 3)


@in_loop
async def test_a_log_cut_off_before_its_end_is_a_lost_connection() -> None:
    tickets, _ = await greeted(Finished(0, b"abc\n", LINE % 9))
    with pytest.raises(ConnectionLost):
        await followed(tickets)


@in_loop
async def test_what_was_not_stored_comes_again_and_nothing_twice() -> None:
    raw = b"one\n" + MESSAGE + b"two \xe2\x82\xac\nrest"
    whole, _ = await greeted(Finished(0, raw, LINE % len(raw)))
    everything = await followed(whole)
    expected = [record for each in everything if isinstance(each, Batch) for record in each.records]
    for stop in range(len(everything)):
        kept = everything[stop]
        if not isinstance(kept, Batch):
            continue
        seen = [
            record for each in everything[: stop + 1] if isinstance(each, Batch) for record in each.records
        ]
        again, script = await greeted(Finished(0, raw[kept.next :], LINE % len(raw)))
        for each in await followed(again, kept.parser, kept.next):
            seen += each.records if isinstance(each, Batch) else []
        assert script.asked[-1].endswith(f" {kept.next}")
        assert _told(seen) == _told(expected)


def _told(records: list[Record]) -> list[object]:
    return [record.text if record.text is not None else record.message for record in records]


@in_loop
async def test_a_sensitive_output_is_part_of_its_message_and_not_printable() -> None:
    tickets, _ = await greeted(Finished(0, MESSAGE, LINE % len(MESSAGE)))
    *batches, final = await followed(tickets)
    [record] = [record for each in batches if isinstance(each, Batch) for record in each.records]
    assert record.message == {
        "name": "setVariable",
        "variable": "out",
        "value": Sensitive("s3cr3t"),
        "sensitive": True,
    }
    assert "s3cr3t" not in repr(batches)
    assert isinstance(final, Final)
    assert (final.state, final.rc, final.next) == ("ended", 0, len(MESSAGE))


@in_loop
async def test_a_secret_over_pieces_and_lines_is_masked_and_one_that_is_told_from_then_on() -> None:
    raw = (
        b"a 0123456789\nabcdefgh b\n"
        + MESSAGE
        + b"s3cr3t\n##octopus[setVariable name='b3V0' value='czNjcjN0']\n"
    )
    masker = Masker(["0123456789abcdefgh"])
    tickets, _ = await greeted(Finished(0, raw, LINE % len(raw)))
    batches = [each for each in await followed(tickets, masker=masker) if isinstance(each, Batch)]
    records = [record for each in batches for record in each.records]
    shown = "\n".join(record.text for record in records if record.text is not None)
    assert shown == "a ********\n******** b\n********"
    assert [record.message["value"] for record in records if record.message] == [Sensitive("s3cr3t")] * 2
    assert masker.reveals("s3cr3t")


@in_loop
async def test_a_line_that_ends_like_a_secret_begins_is_not_kept_back_until_the_end() -> None:
    heard = asyncio.Event()

    class Pausing(Stream):
        async def read(self, size: int = 65536) -> bytes:
            if not (data := await self._out.read(size)):
                await heard.wait()
            return data

    class Slow(Script):
        async def open(self, command: str) -> Channel:
            return Pausing(self.answers.pop(0))

    script = Slow(Finished(0, HELLO, b""), Finished(0, b"pizza\n", LINE % 6))
    tickets = await BareTickets.greet(script, " ".join, Fixed())
    stream = tickets.follow(REF, 3, 0, b"", Masker(["a-long-secret-of-many-letters"]))
    first = await anext(stream)
    assert isinstance(first, Batch)
    assert ([each.text for each in first.records], first.next) == (["pizza"], 6)
    heard.set()
    assert isinstance(await anext(stream), Final)


def test_a_stored_state_that_cannot_be_read_is_said_so() -> None:
    with pytest.raises(TransportError):
        BareLog(b"{}")


@pytest.mark.parametrize("spec", [Spec("python"), Spec("pwsh"), Spec("sh", fail_on_stderr=True)])
def test_what_only_the_runner_can_do_is_refused(spec: Spec) -> None:
    with pytest.raises(NeedsRunner):
        prepared(spec, "")


texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)


@given(st.lists(texts, min_size=1, max_size=3), texts)
def test_arguments_and_environment_reach_the_script_as_they_are(arguments: list[str], value: str) -> None:
    script = prepared(Spec("sh", tuple(arguments), environment={"V": value}), 'printf "%s\\0" "$V" "$@"')
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == [value, *arguments]


def test_a_script_that_needs_nothing_is_left_as_it_is() -> None:
    assert prepared(Spec("sh"), "#!/bin/sh\necho") == "#!/bin/sh\necho"
