"""Many requests at once on one channel of the runner."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from gurita.kernel.errors import Fenced, GuritaError
from gurita.transport.errors import ConnectionLost, HostBusy, RunnerRefused, TransportError
from gurita.transport.frames import Frame, FrameReader, encoded
from gurita.transport.ports import Channel

__all__ = ["RunnerClient"]

_BLOCK = 256 * 1024
_PLENTY = 2 * 1024 * 1024
_TOO_MUCH = 64 * 1024 * 1024


class RunnerClient:
    """Sends requests and hands answers to whoever asked. Reconnecting is the hub's matter.

    Reading pauses while streams hold more than they are read (2 MiB), so that a fast log fills no memory; but never
    while somebody waits for an answer, unless 64 MiB lie here.
    """

    def __init__(self, channel: Channel, where: str, head: bytes = b"") -> None:
        self._channel = channel
        self._where = where
        self._waiting: dict[int, _Answers] = {}
        self._last_id = 0
        self._failure: GuritaError | None = None
        self._held = 0
        self._moved = asyncio.Event()
        self._stderr = bytearray()
        self._reading = asyncio.ensure_future(self._read(head))
        self._listening = asyncio.ensure_future(self._listen())

    @property
    def closed(self) -> bool:
        """Whether the channel has ended or failed."""
        return self._failure is not None

    async def ask(
        self, op: str, fields: dict[str, Any], payload: bytes = b"", *, timeout: float = 60
    ) -> Frame:
        """One request, one answer. Raises ConnectionLost, also when no answer comes within `timeout` seconds (the channel
        is given up then), and Fenced, HostBusy or RunnerRefused when the runner says no."""
        number, answers = self._register(single=True)
        try:
            async with asyncio.timeout(timeout):
                await self._send({**fields, "id": number, "op": op}, payload)
                return _checked(await answers.next())
        except TimeoutError:
            error = ConnectionLost(f"the runner on {self._where} did not answer within {timeout:g} s")
            self._fail(error)
            self._channel.close()
            raise error from None
        finally:
            self._leave(number)

    async def stream(self, op: str, fields: dict[str, Any]) -> AsyncIterator[Frame]:
        """One request, answers until one says `more: false`. Raises as `ask`, without a limit of time."""
        number, answers = self._register(single=False)
        try:
            await self._send({**fields, "id": number, "op": op}, b"")
            more = True
            while more:
                frame = _checked(await answers.next())
                self._held -= len(frame.payload)
                self._moved.set()
                more = bool(frame.header.get("more"))
                yield frame
        finally:
            self._leave(number)

    async def close(self) -> None:
        """Ends the channel; whoever still waits gets ConnectionLost."""
        self._fail(ConnectionLost(f"the channel to {self._where} was closed"))
        self._channel.close_input()
        self._channel.close()
        for task in (self._reading, self._listening):
            task.cancel()
        await asyncio.gather(self._reading, self._listening, return_exceptions=True)

    def _register(self, *, single: bool) -> tuple[int, _Answers]:
        if self._failure is not None:
            raise self._failure
        self._last_id += 1
        answers = _Answers(single)
        self._waiting[self._last_id] = answers
        self._channel.rest(False)
        self._moved.set()
        return self._last_id, answers

    def _leave(self, number: int) -> None:
        answers = self._waiting.pop(number, None)
        if answers is not None and not answers.single:
            self._held -= answers.held()
        self._channel.rest(not self._waiting)
        self._moved.set()

    async def _send(self, header: dict[str, Any], payload: bytes) -> None:
        if self._failure is not None:
            raise self._failure
        await self._channel.write(encoded(header, payload))

    async def _read(self, head: bytes) -> None:
        reader = FrameReader()
        try:
            data = head or await self._channel.read(_BLOCK)
            while data:
                for frame in reader.feed(data):
                    self._deliver(frame)
                while self._enough():
                    self._moved.clear()
                    await self._moved.wait()
                data = await self._channel.read(_BLOCK)
            await asyncio.sleep(0)
            said = _last_words(bytes(self._stderr).decode(errors="replace"))
            self._fail(ConnectionLost(f"the runner on {self._where} has ended{': ' + said if said else ''}"))
        except TransportError as error:
            self._fail(error if isinstance(error, ConnectionLost) else ConnectionLost(str(error)))
            self._channel.close()

    def _deliver(self, frame: Frame) -> None:
        number = frame.header.get("id")
        answers = self._waiting.get(number) if isinstance(number, int) else None
        if answers is None:
            return
        if not answers.single:
            self._held += len(frame.payload)
        answers.put(frame)

    def _enough(self) -> bool:
        if self._held > _TOO_MUCH:
            return True
        return self._held > _PLENTY and not any(answers.hungry for answers in self._waiting.values())

    def _fail(self, error: GuritaError) -> None:
        if self._failure is None:
            self._failure = error
            for answers in self._waiting.values():
                answers.fail(error)

    async def _listen(self) -> None:
        with contextlib.suppress(TransportError):
            while data := await self._channel.read_error(_BLOCK):
                self._stderr = (self._stderr + data)[-2000:]


class _Answers:
    """What has come for one request."""

    __slots__ = ("_failure", "_frames", "_waiter", "single")

    def __init__(self, single: bool) -> None:
        self.single = single
        self._frames: deque[Frame] = deque()
        self._failure: GuritaError | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def hungry(self) -> bool:
        """Whether somebody waits and nothing is there."""
        return not self._frames and (self.single or self._waiter is not None)

    def held(self) -> int:
        """Bytes nobody has taken."""
        return sum(len(frame.payload) for frame in self._frames)

    def put(self, frame: Frame) -> None:
        self._frames.append(frame)
        self._wake()

    def fail(self, error: GuritaError) -> None:
        self._failure = error
        self._wake()

    async def next(self) -> Frame:
        while not self._frames:
            if self._failure is not None:
                raise self._failure
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._frames.popleft()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _checked(frame: Frame) -> Frame:
    error = frame.header.get("error")
    if error is None:
        return frame
    if not isinstance(error, dict):
        raise RunnerRefused("bad-answer", "the runner sent an error that cannot be read")
    code, message = str(error.get("code", "")), str(error.get("message", ""))
    if code == "fenced":
        raise Fenced(message or "another owner has taken the task over")
    if code == "busy":
        raise HostBusy(str(error.get("holder") or frame.header.get("holder") or message))
    raise RunnerRefused(code, message)


def _last_words(stderr: str) -> str:
    """What a program said before it ended; of Python's account of an error only what went wrong."""
    said = stderr.strip()
    return said.rpartition("\n")[2] if "Traceback (most recent call last)" in said else said
