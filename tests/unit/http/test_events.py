from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from gurita.http.api import Call
from gurita.http.events import EventStream, event, last_event_id
from gurita.http.routes import Routes
from gurita.kernel.errors import Unauthenticated
from tests.unit.http.asking import ask, make_api


def test_an_event_carries_id_kind_and_every_line_of_its_data() -> None:
    assert event("one\ntwo\r\nthree", id=7, kind="log") == (
        b"id: 7\nevent: log\ndata: one\ndata: two\ndata: three\n\n"
    )
    assert event(b"") == b"data: \n\n"


def test_data_cannot_forge_another_event() -> None:
    assert event("x\r\rid: 9\n\ndata: forged").count(b"\n\n") == 1


async def _yes() -> bool:
    return True


async def _chunks(stream: EventStream) -> list[bytes]:
    body: AsyncIterator[bytes] = stream.body_iterator  # type: ignore[assignment]
    return [chunk async for chunk in body]


def test_a_silent_source_is_heard_by_its_beat() -> None:
    closed = []

    async def run() -> list[bytes]:
        enough = asyncio.Event()

        async def source() -> AsyncGenerator[bytes, None]:
            try:
                yield event("first")
                await enough.wait()
                yield event("second")
            finally:
                closed.append(True)

        chunks: list[bytes] = []
        body: AsyncIterator[bytes] = EventStream(source(), allowed=_yes, beat=0.02).body_iterator  # type: ignore[assignment]
        async for chunk in body:
            chunks.append(chunk)
            if len(chunks) == 3:
                enough.set()
        return chunks

    chunks = asyncio.run(run())
    assert chunks[0] == event("first")
    assert chunks[-1] == event("second")
    assert chunks[1:3] == [event("{}", kind="beat")] * 2
    assert set(chunks[1:-1]) == {event("{}", kind="beat")}
    assert closed == [True]


def test_a_stream_ends_soon_after_the_viewer_may_no_longer_look() -> None:
    asked, closed = [], []

    async def source() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield event("secret")
                await asyncio.sleep(0.002)
        finally:
            closed.append(True)

    async def allowed() -> bool:
        asked.append(True)
        if len(asked) == 3:
            raise Unauthenticated
        return True

    async def run() -> list[bytes]:
        async with asyncio.timeout(100):
            return await _chunks(EventStream(source(), allowed=allowed, check=0.01))

    assert asyncio.run(run())
    assert len(asked) == 3
    assert closed == [True]


def test_the_source_is_closed_when_the_client_goes() -> None:
    closed = []

    async def source() -> AsyncGenerator[bytes, None]:
        try:
            yield event("first")
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    async def run() -> None:
        body: AsyncGenerator[bytes, None] = EventStream(source(), allowed=_yes).body_iterator  # type: ignore[assignment]
        assert await anext(body) == event("first")
        await body.aclose()

    asyncio.run(run())
    assert closed == [True]


def test_a_client_resumes_where_it_left_off() -> None:
    routes = Routes("space")

    @routes.get("/tasks/{id}/events", permission="TaskView")
    async def events(call: Call, id: str) -> EventStream:
        async def source() -> AsyncGenerator[bytes, None]:
            yield event(id, id=int(last_event_id(call.request, "0")) + 1)

        return EventStream(source(), allowed=call.still_allowed)

    app = make_api(routes.items)
    answer = ask(app, "GET", "/api/tasks/T/events", headers={"Last-Event-ID": "41"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-cache, no-transform"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.body == b"id: 42\ndata: T\n\n"
    assert ask(app, "GET", "/api/tasks/T/events?LASTEVENTID=7").body.startswith(b"id: 8\n")
    assert ask(app, "HEAD", "/api/tasks/T/events").body == b""
