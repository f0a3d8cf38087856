"""Server-sent events: resumable, with a beat, closed when the viewer may no longer look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any
from weakref import WeakSet

from starlette.requests import Request
from starlette.responses import StreamingResponse

from gurita.kernel.errors import Refused

__all__ = ["BEAT", "EventStream", "end_streams", "event", "last_event_id"]

_HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
_LONGEST_ID = 200

BEAT = 10.0
"""Seconds of silence after which a stream shows that it lives."""


def event(data: str | bytes, *, id: str | int | None = None, kind: str | None = None) -> bytes:
    """One event as it travels. A client that reconnects sends `id` back as Last-Event-ID."""
    text = data.decode() if isinstance(data, bytes) else data
    head = f"id: {id}\n" if id is not None else ""
    head += f"event: {kind}\n" if kind else ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (head + "".join(f"data: {line}\n" for line in lines) + "\n").encode()


_BEAT = event("{}", kind="beat")


def last_event_id(request: Request, otherwise: str = "") -> str:
    """Where a reconnecting client left off: the header, or `?lastEventId=` for a client that cannot send it."""
    found = request.headers.get("last-event-id") or _from_query(request) or otherwise
    return found[:_LONGEST_ID]


def _from_query(request: Request) -> str:
    return next((value for name, value in request.query_params.items() if name.lower() == "lasteventid"), "")


class EventStream(StreamingResponse):
    """A stream of what `event` makes.

    An event of the kind `beat` is sent whenever the source is silent for `beat` seconds, so that proxies keep the line,
    and both sides notice that the other has gone without a word: a comment would not be shown to a page. Every `check`
    seconds `allowed` (`Call.still_allowed`) is asked, and a no ends the stream. The source is closed whichever way the
    stream ends.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        source: AsyncGenerator[bytes, None],
        *,
        allowed: Callable[[], Awaitable[bool]],
        beat: float = BEAT,
        check: float = 3.0,
    ) -> None:
        self.over = asyncio.Event()
        super().__init__(_with_beat(source, allowed, beat, check, self.over), headers=_HEADERS)
        self.source = source
        _open.add(self)


_open: WeakSet[EventStream] = WeakSet()


def end_streams() -> None:
    """Ends every stream of this process in good order, for a server that is about to leave: clients come back."""
    for stream in list(_open):
        stream.over.set()


async def _with_beat(
    source: AsyncGenerator[bytes, None],
    allowed: Callable[[], Awaitable[bool]],
    beat: float,
    check: float,
    over: asyncio.Event,
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    heard = checked = loop.time()
    waiting: asyncio.Future[bytes | None] | None = None
    ending = asyncio.ensure_future(over.wait())
    try:
        while not over.is_set():
            waiting = waiting or asyncio.ensure_future(anext(source, None))
            now = loop.time()
            patience = max(0.0, min(heard + beat, checked + check) - now)
            both: set[asyncio.Future[Any]] = {waiting, ending}
            await asyncio.wait(both, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            now = loop.time()
            if now >= checked + check:
                checked = now
                if not await _permitted(allowed):
                    return
            if waiting.done():
                item, waiting, heard = waiting.result(), None, now
                if item is None:
                    return
                yield item
            elif now >= heard + beat:
                heard = now
                yield _BEAT
    finally:
        left = [each for each in (waiting, ending) if each is not None]
        for each in left:
            each.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await source.aclose()


async def _permitted(allowed: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await allowed()
    except Refused:
        return False
