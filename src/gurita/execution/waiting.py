"""Waiting for several things at once, without leaving any behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

__all__ = ["either", "in_time", "unless", "within"]

T = TypeVar("T")


async def within(waited: Awaitable[object], seconds: float) -> bool:
    """Whether it came within so many seconds; it is given up otherwise."""
    try:
        await asyncio.wait_for(asyncio.ensure_future(waited), seconds)
    except TimeoutError:
        return False
    return True


async def either(*waited: Awaitable[object]) -> None:
    """Waits for the first to come, and gives the others up."""
    tasks = [asyncio.ensure_future(each) for each in waited]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def unless(event: asyncio.Event, work: Awaitable[T]) -> T | None:
    """What the work gives; None when the event came first, and the work was given up."""
    doing, told = asyncio.ensure_future(work), asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([doing, told], return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        for each in (doing, told):
            each.cancel()
        await asyncio.gather(doing, told, return_exceptions=True)


async def in_time(source: AsyncIterator[T], pause: float) -> AsyncIterator[T | None]:
    """What comes from `source`, and None `pause` seconds after the first item that came since the last None."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Task[T] | None = None
    due: float | None = None
    try:
        while True:
            waiting = waiting or asyncio.create_task(_next(source))
            left = None if due is None else due - loop.time()
            if left is None or left > 0:
                await asyncio.wait([waiting], timeout=left)
            if not waiting.done() or (left is not None and left <= 0):
                due = None
                yield None
                continue
            item, waiting = waiting.result(), None
            due = due or loop.time() + pause
            yield item
    except _Ended:
        return
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


class _Ended(Exception):
    """The source has ended (a StopAsyncIteration cannot be raised into a task)."""


async def _next(source: AsyncIterator[T]) -> T:
    try:
        return await anext(source)
    except StopAsyncIteration:
        raise _Ended from None
