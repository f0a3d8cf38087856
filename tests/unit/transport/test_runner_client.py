"""Many requests on one channel, against a runner made of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gurita.kernel.errors import Fenced
from gurita.transport.errors import ConnectionLost, HostBusy, RunnerRefused
from gurita.transport.frames import Frame, FrameReader, encoded
from gurita.transport.runner_client import RunnerClient
from gurita.transport.streams import Incoming
from tests.looping import in_loop

Behaviour = Callable[["Pretended", Frame], None]


class Pretended:
    """A channel whose other side answers each frame as a test wants."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._reader = FrameReader()
        self.out = Incoming(lambda: None)
        self.err = Incoming(lambda: None)
        self.seen: list[Frame] = []
        self.taken = 0
        self.resting = False

    async def write(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            self.seen.append(frame)
            self._behaviour(self, frame)

    def answer(self, to: Frame, payload: bytes = b"", **header: Any) -> None:
        self.out.feed(encoded({"id": to.header["id"], **header}, payload))

    async def read(self, size: int = 65536) -> bytes:
        data = await self.out.read(size)
        self.taken += len(data)
        return data

    async def read_error(self, size: int = 65536) -> bytes:
        return await self.err.read(size)

    def close_input(self) -> None:
        self.out.end()
        self.err.end()

    async def wait(self) -> int:
        return 0

    def rest(self, resting: bool) -> None:
        self.resting = resting

    def close(self) -> None:
        self.close_input()


def silent(channel: Pretended, frame: Frame) -> None:
    """Answers nothing."""


@in_loop
async def test_answers_find_their_request_in_any_order() -> None:
    def behaviour(channel: Pretended, frame: Frame) -> None:
        if len(channel.seen) == 3:
            for each in reversed(channel.seen):
                channel.answer(each, of=each.header["op"])

    channel = Pretended(behaviour)
    client = RunnerClient(channel, "here")
    asking = asyncio.gather(*(client.ask(op, {}) for op in ("a", "b", "c")))
    await asyncio.sleep(0)
    assert [channel.resting] == [False]
    assert [answer.header["of"] for answer in await asking] == ["a", "b", "c"]
    assert [channel.resting] == [True]
    await client.close()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"code": "fenced", "message": "5 was seen"}, Fenced),
        ({"code": "busy", "holder": "other", "message": ""}, HostBusy),
        ({"code": "no-space", "message": "full"}, RunnerRefused),
        ("rubbish", RunnerRefused),
    ],
)
@in_loop
async def test_a_refusal_becomes_the_error_the_engine_knows(error: object, expected: type[Exception]) -> None:
    client = RunnerClient(Pretended(lambda channel, frame: channel.answer(frame, error=error)), "here")
    with pytest.raises(expected):
        await client.ask("start", {})
    with pytest.raises(expected):
        async for _ in client.stream("follow", {}):
            pass
    assert not client.closed
    await client.close()


@in_loop
async def test_a_runner_that_ends_is_a_lost_connection_with_its_last_words() -> None:
    channel = Pretended(silent)
    client = RunnerClient(channel, "here")
    asking = asyncio.ensure_future(client.ask("status", {}))
    await asyncio.sleep(0)
    channel.err.feed(b"no space left")
    await asyncio.sleep(0)
    channel.close_input()
    with pytest.raises(ConnectionLost, match="no space left"):
        await asking
    assert client.closed
    with pytest.raises(ConnectionLost):
        await client.ask("status", {})
    await client.close()


@in_loop
async def test_rubbish_on_the_channel_ends_it() -> None:
    channel = Pretended(lambda channel, frame: channel.out.feed(b"bash: warning: setlocale"))
    client = RunnerClient(channel, "here")
    with pytest.raises(ConnectionLost, match="too large"):
        await client.ask("hello", {})
    await client.close()


@in_loop
async def test_no_answer_in_time_is_a_lost_connection() -> None:
    client = RunnerClient(Pretended(silent), "here")
    with pytest.raises(ConnectionLost, match=r"0\.05 s"):
        await client.ask("status", {}, timeout=0.05)
    assert client.closed
    await client.close()


@in_loop
async def test_a_fast_log_is_not_read_ahead_of_its_reader() -> None:
    block = b"x" * 262_000

    def behaviour(channel: Pretended, frame: Frame) -> None:
        for _ in range(40):
            channel.answer(frame, block, more=True)
        channel.answer(frame, more=False)

    channel = Pretended(behaviour)
    client = RunnerClient(channel, "here")
    stream = client.stream("follow", {})
    assert (await anext(stream)).payload == block
    await asyncio.sleep(0.05)
    assert channel.taken < 4_000_000
    frames = [frame async for frame in stream]
    assert len(frames) == 40
    await client.close()


@in_loop
async def test_a_question_in_the_middle_of_a_full_log_is_answered() -> None:
    def behaviour(channel: Pretended, frame: Frame) -> None:
        if frame.header["op"] == "follow":
            for _ in range(20):
                channel.answer(frame, b"x" * 262_000, more=True)
        else:
            channel.answer(frame, b"secret")

    client = RunnerClient(Pretended(behaviour), "here")
    stream = client.stream("follow", {})
    await anext(stream)
    await asyncio.sleep(0.02)
    assert (await client.ask("secret", {}, timeout=60)).payload == b"secret"
    await stream.aclose()  # type: ignore[attr-defined]
    await client.close()


@in_loop
async def test_a_log_nobody_follows_any_more_does_not_stop_the_others() -> None:
    def behaviour(channel: Pretended, frame: Frame) -> None:
        if frame.header["op"] == "follow":
            for _ in range(20):
                channel.answer(frame, b"x" * 262_000, more=True)
        else:
            channel.answer(frame)

    client = RunnerClient(Pretended(behaviour), "here")
    for _ in range(3):
        stream = client.stream("follow", {})
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]
    assert (await client.ask("status", {}, timeout=60)).header["id"] == 4
    await client.close()
