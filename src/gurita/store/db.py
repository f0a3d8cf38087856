"""The store: units are written in group commits, queries read snapshots, commits wake subscribers.

Units and queries are plain functions of a `Tx`, run in the store's own threads, the same for both databases.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy.engine import make_url

from gurita.store.backend import Backend, PostgresqlBackend, SqliteBackend
from gurita.store.errors import translated
from gurita.store.listener import Listener
from gurita.store.migrate import prepare
from gurita.store.notify import Subscription, Subscriptions
from gurita.store.shapes import learn_structs
from gurita.store.tx import Tx
from gurita.store.workers import Done, Job, Jobs, Reader, Writer, settle

__all__ = ["Store", "accompanied"]

T = TypeVar("T")

_companion: ContextVar[Callable[[Tx], None] | None] = ContextVar("companion", default=None)


class Store:
    """The database of one node. Belongs to the event loop it was opened in."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.dialect = backend.dialect
        self._loop = asyncio.get_running_loop()
        self._subscriptions = Subscriptions()
        self._units: Jobs = queue.SimpleQueue()
        self._queries: Jobs = queue.SimpleQueue()
        self._long_queries: Jobs = queue.SimpleQueue()
        self._workers: list[Writer | Reader] = []
        self._listener: Listener | None = None
        self._closed = False

    @classmethod
    async def open(cls, url: str) -> Store:
        """Opens `sqlite:///path` or `postgresql://…`, made or migrated first if need be.

        Raises DatabaseDown, DatabaseTooNew, ValueError for another kind of URL.
        """
        learn_structs()
        store = cls(_backend(url))
        try:
            await asyncio.to_thread(prepare, store.backend)
            await store._start()
        except Exception as error:
            await store.close()
            raise translated(error) from error
        return store

    async def _start(self) -> None:
        if isinstance(self.backend, PostgresqlBackend):
            self._listener = Listener(self.backend, self._subscriptions)
            await self._listener.start()
            life = self.backend.life
        else:
            life = "sqlite"
        for number in range(self.backend.writers):
            self._workers.append(Writer(self.backend, f"{life}-{number}", self._units, self._deliver))
        for name, count, jobs in (
            ("reader", self.backend.readers, self._queries),
            ("long-reader", self.backend.long_readers, self._long_queries),
        ):
            made = (Reader(self.backend, f"{name}-{number}", jobs, self._deliver) for number in range(count))
            self._workers.extend(made)
        for worker in self._workers:
            worker.start()

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """Runs `unit` in a group commit and returns its result once that is committed.

        Any exception rolls this unit back, alone, and is raised here. A unit may run more than once:
        it has no effects but through its Tx. A caller that is cancelled does not know what became of it.
        """
        companion = _companion.get()
        return await self._ask(self._units, unit if companion is None else _joined(unit, companion))

    async def read(self, query: Callable[[Tx], T], *, long: bool = False) -> T:
        """Runs `query` on one consistent snapshot. It sees what was committed before; it writes nothing.

        One that is `long`, because it works out a lot of what it reads, has threads of its own: however many there are,
        short ones never wait behind them.
        """
        return await self._ask(self._long_queries if long else self._queries, query)

    def _ask(self, jobs: Jobs, call: Callable[[Tx], T]) -> asyncio.Future[T]:
        if self._closed:
            raise RuntimeError("the store is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        jobs.put(Job(call, future))
        return future

    def subscribe(self, *channels: str) -> Subscription:
        """Wakes whenever a committed unit of any node notified one of the channels. Close it when done."""
        return self._subscriptions.add(*channels)

    def _deliver(self, done: list[Done]) -> None:
        """Worker's thread."""
        self._loop.call_soon_threadsafe(self._settle, done)

    def _settle(self, done: list[Done]) -> None:
        if notes := settle(done):
            self._subscriptions.deliver(dict.fromkeys(notes))

    async def close(self) -> None:
        """Finishes what was asked, then closes all connections."""
        if self._closed:
            return
        self._closed = True
        for worker in self._workers:
            worker.end()
        for worker in self._workers:
            await asyncio.to_thread(worker.join)
        if self._listener is not None:
            await self._listener.close()
        self.backend.engine.dispose()


@contextlib.contextmanager
def accompanied(companion: Callable[[Tx], None]) -> Iterator[None]:
    """Units written inside, by this task and those it starts, are each followed by `companion` in the same unit."""
    token = _companion.set(companion)
    try:
        yield
    finally:
        _companion.reset(token)


def _joined(unit: Callable[[Tx], T], companion: Callable[[Tx], None]) -> Callable[[Tx], T]:
    def both(tx: Tx) -> T:
        result = unit(tx)
        companion(tx)
        return result

    return both


def _backend(url: str) -> Backend:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteBackend(parsed)
    if parsed.get_backend_name() == "postgresql":
        return PostgresqlBackend(parsed)
    raise ValueError(
        f"'{parsed.drivername}' is not a database this server knows: sqlite:///… or postgresql://…"
    )
