"""Waking those who wait for a change. A wake is a hint: whoever is woken looks into the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

__all__ = ["Subscription", "Subscriptions"]

_MOST_PAYLOADS = 1000


class Subscription:
    """Somebody waiting on some channels. Wakes that arrive while nobody waits are remembered, as one."""

    def __init__(self, owner: Subscriptions, channels: tuple[str, ...]) -> None:
        self.channels = channels
        self._owner = owner
        self._woken = asyncio.Event()
        self._payloads: set[str] = set()

    async def wait(self, timeout: float | None = None) -> bool:
        """True when woken since the last wait; False when `timeout` seconds passed without."""
        if not self._woken.is_set():
            try:
                async with asyncio.timeout(timeout):
                    await self._woken.wait()
            except TimeoutError:
                return False
        self._woken.clear()
        return True

    def take(self) -> set[str]:
        """The payloads since the last take. An empty text among them means *anything may have changed*."""
        payloads, self._payloads = self._payloads, set()
        return payloads

    def wake(self, payload: str = "") -> None:
        """Wakes the one who waits."""
        if len(self._payloads) >= _MOST_PAYLOADS:
            self._payloads = {""}
        self._payloads.add(payload)
        self._woken.set()

    def close(self) -> None:
        """Ends the subscription."""
        self._owner.drop(self)


class Subscriptions:
    """Who waits on which channel, on this node."""

    def __init__(self) -> None:
        self._channels: dict[str, set[Subscription]] = {}

    def add(self, *channels: str) -> Subscription:
        subscription = Subscription(self, channels)
        for channel in channels:
            self._channels.setdefault(channel, set()).add(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        for channel in subscription.channels:
            waiting = self._channels.get(channel, set())
            waiting.discard(subscription)
            if not waiting:
                self._channels.pop(channel, None)

    def deliver(self, notes: Iterable[tuple[str, str]]) -> None:
        """Wakes whoever waits on a noted channel. Event loop's thread only."""
        for channel, payload in notes:
            for subscription in self._channels.get(channel, ()):
                subscription.wake(payload)

    def wake_all(self) -> None:
        """After notifications may have been missed."""
        for waiting in self._channels.values():
            for subscription in waiting:
                subscription.wake()
