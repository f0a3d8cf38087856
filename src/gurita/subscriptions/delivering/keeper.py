"""Looks every second for what is to be told, on every node; each subscription is told by one of them at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from typing import TYPE_CHECKING

from gurita.audit.service import newest_seal_in
from gurita.subscriptions.delivering.digests import Digests
from gurita.subscriptions.delivering.webhooks import Webhooks
from gurita.subscriptions.positions import Key, due_in, release_in
from gurita.subscriptions.records import EMAIL

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["INTERVAL", "Keeper"]

INTERVAL = 1.0
"""Seconds between two looks. With nothing to tell a look is one query."""

MOST_AT_ONCE = 8
_REST = 30.0
_log = logging.getLogger(__name__)


class Keeper:
    """One a node. `interval` is seconds."""

    def __init__(self, system: Context, interval: float = INTERVAL) -> None:
        self._ctx, self._store, self._interval = system, system.services.store, interval
        node = system.services.settings.node_name
        self._node = f"{node}/"
        self._me = f"{node}/{uuid.uuid4().hex}"
        self._webhooks, self._digests = Webhooks(system, self._me), Digests(system, self._me)
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._rest: dict[Key, float] = {}
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins. What a former life of this node was at is free again at once."""
        await self._store.write(lambda tx: release_in(tx, self._node))
        self._loop = asyncio.create_task(self._run(), name="subscriptions")

    async def stop(self) -> None:
        """Ends; what is on its way may arrive and comes again under the same id."""
        running = [*self._running.values(), *([self._loop] if self._loop else [])]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._store.write(lambda tx: release_in(tx, self._me))

    async def look(self) -> None:
        """Begins everything there may be something to do for, and returns."""
        now, clock = self._ctx.services.milliseconds(), asyncio.get_running_loop().time()
        for key in await self._store.read(lambda tx: self._due_in(tx, now)):
            if key not in self._running and self._rest.get(key, 0.0) <= clock:
                self._running[key] = asyncio.create_task(self._tell(key), name=f"tell {key[0]}")

    async def settle(self) -> None:
        """Looks, and waits until all that was begun has ended: for tests."""
        await self.look()
        await asyncio.gather(*self._running.values())

    def _due_in(self, tx: Tx, now: int) -> list[Key]:
        return due_in(tx, self._me, now, newest_seal_in(tx))

    async def _run(self) -> None:
        told = False
        while True:
            await asyncio.sleep(self._interval)
            try:
                await self.look()
                told = False
            except Exception as error:  # noqa: BLE001 - a database that is away for a while ends nothing
                if not told:
                    _log.warning("subscriptions stand still for now: %s", error)
                told = True

    async def _tell(self, key: Key) -> None:
        try:
            async with self._room:
                await (self._digests if key[1] == EMAIL else self._webhooks).tell(key)
            self._rest.pop(key, None)
        except Exception as error:  # noqa: BLE001 - one that cannot be told must not hold up the others
            self._rest[key] = asyncio.get_running_loop().time() + _REST
            _log.warning("the subscription %s stands still for now: %s", key[0], error, exc_info=True)
        finally:
            self._running.pop(key, None)
