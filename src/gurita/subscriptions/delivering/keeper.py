"""Looks for what is to be told whenever something was sealed or is due, on every node; one of them tells each subscription at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from typing import TYPE_CHECKING

from gurita.audit.service import SEALED, newest_seal_in
from gurita.store.lookout import look_out
from gurita.subscriptions.delivering.digests import Digests
from gurita.subscriptions.delivering.webhooks import Webhooks
from gurita.subscriptions.positions import RELEASED, Key, due_in, next_in, release_in
from gurita.subscriptions.records import EMAIL

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["INTERVAL", "Keeper"]

INTERVAL = 1.0
"""Seconds between two looks, if there is something to tell all the time."""

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
        self._told = False

    async def start(self) -> None:
        """Begins. What a former life of this node was at is free again at once."""
        await self._store.write(lambda tx: release_in(tx, self._node))
        clock, channels = self._ctx.services.clock, (SEALED, RELEASED)
        run = look_out(self._store, clock, channels, self._look, self._interval)
        self._loop = asyncio.create_task(run, name="subscriptions")

    async def stop(self) -> None:
        """Ends; what is on its way may arrive and comes again under the same id."""
        running = [*self._running.values(), *([self._loop] if self._loop else [])]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._store.write(lambda tx: release_in(tx, self._me))

    async def look(self) -> float | None:
        """Begins everything there may be something to do for; in how many seconds there may be more."""
        now, clock = self._ctx.services.milliseconds(), asyncio.get_running_loop().time()
        due, upcoming = await self._store.read(lambda tx: self._due_in(tx, now))
        for key in due:
            if key not in self._running and self._rest.get(key, 0.0) <= clock:
                self._running[key] = asyncio.create_task(self._tell(key), name=f"tell {key[0]}")
        return None if upcoming is None else max(self._interval, (upcoming - now) / 1000)

    async def settle(self) -> None:
        """Looks, and waits until all that was begun has ended: for tests."""
        await self.look()
        await asyncio.gather(*self._running.values())

    def _due_in(self, tx: Tx, now: int) -> tuple[list[Key], int | None]:
        newest = newest_seal_in(tx)
        return due_in(tx, self._me, now, newest), next_in(tx, self._me, now, newest)

    async def _look(self) -> float | None:
        try:
            wait = await self.look()
        except Exception as error:  # noqa: BLE001 - a database that is away for a while ends nothing
            if not self._told:
                _log.warning("subscriptions stand still for now: %s", error)
            self._told = True
            return self._interval
        self._told = False
        return wait

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
