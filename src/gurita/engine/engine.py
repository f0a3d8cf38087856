"""The engine of one node: claims tasks, runs them, watches over the others."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from gurita import __version__
from gurita.engine.compaction import compact, uncompacted_in
from gurita.engine.heartbeat import Heartbeat
from gurita.engine.nodes import (
    anything_late_in,
    beat_in,
    end_overdue_cancels_in,
    enlist_in,
    leave_in,
    node_id,
    node_state_in,
    reap_in,
    take_back_in,
)
from gurita.engine.queue import Claimed, claim_in, expire_in
from gurita.engine.run import Handler, Run
from gurita.engine.schedules import Recurring, anything_due_in, due_in, register_in
from gurita.engine.tables import task
from gurita.engine.transitions import QUEUE
from gurita.kernel.clock import Clock
from gurita.kernel.errors import GuritaError, Retryable
from gurita.store.blobs import Blobs
from gurita.store.db import Store
from gurita.store.tx import Tx

__all__ = ["Engine", "Options"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """`cap`: tasks at once. `lease`, `watch`, `cancel_deadline`: seconds."""

    node: str = "main"
    cap: int = 5
    lease: float = 10.0
    watch: float = 2.0
    poll: float = 10.0
    cancel_deadline: float = 60.0


class Engine:
    """Register handlers, then `start`. `beat` runs in a thread of its own and must not use the store's threads."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        clock: Clock,
        options: Options,
        beat: Callable[[Callable[[Tx], bool]], bool] | None = None,
    ) -> None:
        self.options = options
        self.node = node_id(options.node)
        self.life = uuid.uuid4().hex
        self.running: dict[int, asyncio.Task[None]] = {}
        self._store, self._blobs, self._clock = store, blobs, clock
        self._handlers: dict[str, Handler] = {}
        self._recurring: dict[str, Recurring] = {}
        self._background: list[asyncio.Task[None]] = []
        self._stopping = False
        self._heartbeat = None
        if beat is not None:
            life = lambda tx: beat_in(tx, options.node, self.life, self._now())  # noqa: E731
            self._heartbeat = Heartbeat(lambda: beat(life), options.lease)

    def handle(self, names: Iterable[str], handler: Handler) -> None:
        """Says who does the work of these task types."""
        for name in names:
            self._handlers[name] = handler

    def recur(self, work: Recurring) -> None:
        """Registers recurring work; call before `start`."""
        self._recurring[work.key] = work

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def holds_lease(self) -> bool:
        """Whether this node may begin and write things. A single node always may."""
        return self._heartbeat is None or self._heartbeat.holds()

    async def start(self) -> None:
        """Takes back what an earlier life of this node was doing, then begins to work."""
        options = self.options

        def enlist(tx: Tx) -> list[int]:
            enlist_in(tx, options.node, self.life, options.cap, __version__, self._now())
            for work in self._recurring.values():
                register_in(tx, work, self._now())
            return take_back_in(tx, [self.node], self._now())

        taken = await self._store.write(enlist)
        if taken:
            _log.info("taking up again: %s", ", ".join(f"ServerTasks-{n}" for n in taken))
        if self._heartbeat is not None:
            await asyncio.to_thread(self._heartbeat.start)
        loops = {"claim": self._claim_loop, "watch": self._watch_loop}
        for name, loop in loops.items():
            self._background.append(asyncio.create_task(self._keep(name, loop), name=name))

    async def stop(self) -> None:
        """Leaves at once: other nodes, or the next life of this one, go on with its tasks."""
        self._stopping = True
        for each in [*self._background, *self.running.values()]:
            each.cancel()
        await asyncio.gather(*self._background, *self.running.values(), return_exceptions=True)
        if self._heartbeat is not None:
            await asyncio.to_thread(self._heartbeat.stop)
        try:
            await self._store.write(lambda tx: leave_in(tx, self.options.node, self.life, self._now()))
        except GuritaError as error:
            _log.warning("could not say goodbye: %s", error)

    async def _keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """A database that is away for a while does not end a loop."""
        while not self._stopping:
            try:
                await loop()
            except Retryable as error:
                _log.warning("%s: %s", name, error)
            except Exception:  # noqa: BLE001 - a loop outlives every mistake in what it calls
                _log.exception("%s stopped unexpectedly and goes on", name)
            await asyncio.sleep(1)

    async def _claim_loop(self) -> None:
        queue = self._store.subscribe(QUEUE)
        try:
            while not self._stopping:
                await self._claim_what_fits()
                await queue.wait(await self._until_due())
        finally:
            queue.close()

    async def _claim_what_fits(self) -> None:
        state = await self._store.read(lambda tx: node_state_in(tx, self.options.node))
        if state is None or state.draining or state.run != self.life:
            return
        for _ in range(2 * state.cap):
            if len(self.running) >= state.cap or not self.holds_lease():
                return
            claimed = await self._store.write(lambda tx: claim_in(tx, self.node, self._now()))
            if claimed is None:
                return
            if isinstance(claimed, Claimed):
                self._launch(claimed)

    def _launch(self, claimed: Claimed) -> None:
        number = claimed.owner.number
        handler = self._handlers[claimed.name]
        run = Run(self._store, self._clock, claimed, handler, self.holds_lease)
        made = asyncio.create_task(run.drive(), name=run.id)
        self.running[number] = made
        made.add_done_callback(lambda _: self._landed(number))

    def _landed(self, number: int) -> None:
        self.running.pop(number, None)
        if not self._stopping:
            self._background.append(asyncio.create_task(self._tidy(number)))
            self._background = [each for each in self._background if not each.done()]

    async def _tidy(self, number: int) -> None:
        """After a task: make room known, and move its log from rows into one blob."""
        await self._store.write(lambda tx: tx.notify(QUEUE))
        try:
            await compact(self._store, self._blobs, number)
        except GuritaError as error:
            _log.warning("log of ServerTasks-%s stays in rows for now: %s", number, error)

    async def _until_due(self) -> float:
        """Seconds until a scheduled task may start, at most `poll`."""
        soonest = select(func.min(task.c.not_before)).where(
            task.c.state == "Queued", task.c.not_before > self._now()
        )
        due: int | None = await self._store.read(lambda tx: tx.scalar(soonest))
        if due is None:
            return self.options.poll
        return min(self.options.poll, max(0.001, (due - self._now()) / 1000))

    async def _watch_loop(self) -> None:
        for number in await self._store.read(uncompacted_in):
            await self._tidy(number)
        while not self._stopping:
            await asyncio.sleep(self.options.watch)
            if self.holds_lease():
                await self._watch()

    async def _watch(self) -> None:
        """Looks for what nobody owns. Reads first: an idle server writes nothing."""
        now = self._now()
        held = select(task.c.number).where(
            task.c.node == self.node, task.c.state.in_(["Executing", "Cancelling"])
        )
        mine = await self._store.read(lambda tx: tx.all(held))
        dropped = [row["number"] for row in mine if row["number"] not in self.running]

        judges = self._heartbeat is not None and self._heartbeat.may_judge()
        lease = self.options.lease if judges else None

        def needed(tx: Tx) -> bool:
            late = anything_late_in(tx, lease, self.options.cancel_deadline, now)
            return late or anything_due_in(tx, now)

        def unit(tx: Tx) -> None:
            if dropped:
                take_back_in(tx, [self.node], now, only=dropped)
            if lease is not None:
                reap_in(tx, lease, now)
            end_overdue_cancels_in(tx, self.options.cancel_deadline, now)
            expire_in(tx, now)
            due_in(tx, self._recurring, now)

        wanted = bool(dropped) or await self._store.read(needed)
        if wanted:
            await self._store.write(unit)
