"""What the store does when the database does not: cut connections, deadlocks, full disks, servers that go away."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Integer, Table, Text, bindparam, insert, select, text, update

from gurita.kernel.errors import Retryable
from gurita.store.backend import PostgresqlBackend
from gurita.store.db import Store
from gurita.store.errors import DatabaseDown, NoSpace, OutcomeUnknown
from gurita.store.prepared import Prepared
from gurita.store.tables import metadata
from gurita.store.tx import Tx
from tests.fixtures_postgres import Postgres, server
from tests.looping import in_loop, until

tally = Table(
    "test_tally",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("filling", Text),
)
ADD = Prepared(update(tally).where(tally.c.id == bindparam("row")).values(count=tally.c.count + 1))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        await store.write(lambda tx: begin(tx))
        yield store
    finally:
        await store.close()


def begin(tx: Tx) -> None:
    if tx.scalar(select(tally.c.id).where(tally.c.id == 1)) is None:
        tx.run(insert(tally), [{"id": 1, "count": 0}, {"id": 2, "count": 0}])


def add(tx: Tx, row: int = 1) -> None:
    tx.run(ADD, {"row": row})


def count(tx: Tx, row: int = 1) -> int:
    return int(tx.scalar(select(tally.c.count).where(tally.c.id == row)))


def postgresql(store: Store) -> PostgresqlBackend:
    assert isinstance(store.backend, PostgresqlBackend)
    return store.backend


def writers_backend(store: Store) -> int:
    return next(iter(postgresql(store).backends.values()))


@in_loop
async def test_a_commit_that_succeeded_unheard_is_found_and_not_repeated(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(postgres_url) as store:
        seal, cuts = store.backend.seal, iter([True])

        def commit_then_cut(session: Any, *rest: Any) -> None:
            seal(session, *rest)
            if next(cuts, False):
                session.connection.connection.driver_connection.pgconn.finish()
                raise psycopg.OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(store.backend, "seal", commit_then_cut)
        ran: list[int] = []

        def unit(tx: Tx) -> None:
            ran.append(1)
            add(tx)

        await asyncio.gather(*(store.write(unit) for _ in range(10)))
        assert len(ran) == 10
        assert await store.read(count) == 10


@in_loop
async def test_a_commit_cut_before_it_happened_is_found_missing_and_its_units_run_again(
    postgres: Postgres, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(postgres_url) as store:
        seal, cuts = store.backend.seal, iter([True])

        def kill_then_commit(session: Any, *rest: Any) -> None:
            if next(cuts, False):
                postgres.ask(f"SELECT pg_terminate_backend({session.backend})")
            seal(session, *rest)

        monkeypatch.setattr(store.backend, "seal", kill_then_commit)
        ran: list[int] = []

        def unit(tx: Tx) -> None:
            ran.append(1)
            add(tx)

        await asyncio.gather(*(store.write(unit) for _ in range(10)))
        assert len(ran) > 10
        assert await store.read(count) == 10


@in_loop
async def test_an_outcome_nobody_can_tell_is_said_to_be_unknown(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(postgres_url) as store:
        seal = store.backend.seal

        def commit_then_cut(session: Any, *rest: Any) -> None:
            seal(session, *rest)
            session.connection.connection.driver_connection.pgconn.finish()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(store.backend, "seal", commit_then_cut)
        monkeypatch.setattr(store.backend, "committed", lambda writer, batch: None)
        with pytest.raises(OutcomeUnknown):
            await store.write(add)
        monkeypatch.setattr(store.backend, "seal", seal)
        assert await store.read(count) == 1


@in_loop
async def test_backends_killed_at_any_moment_double_and_lose_nothing(
    postgres: Postgres, postgres_url: str
) -> None:
    async with opened(postgres_url) as store:
        over = threading.Event()

        def kill() -> None:
            with psycopg.connect(postgres.url("postgres"), autocommit=True) as killer:
                while not over.wait(0.03):
                    with contextlib.suppress(
                        StopIteration, RuntimeError
                    ):  # none just now, or another just now
                        killer.execute(f"SELECT pg_terminate_backend({writers_backend(store)})")

        killing = threading.Thread(target=kill)
        killing.start()
        sure = unsure = 0
        until_then, at_last = time.monotonic() + 4, time.monotonic() + 120

        async def work() -> None:
            nonlocal sure, unsure
            while time.monotonic() < (at_last if sure <= 100 else until_then):
                try:
                    await store.write(add)
                    sure += 1
                except OutcomeUnknown:
                    unsure += 1
                except Retryable:
                    await asyncio.sleep(0.01)

        try:
            await asyncio.gather(*(work() for _ in range(20)))
        finally:
            over.set()
            killing.join()
        assert sure > 100
        assert unsure == 0
        assert await store.read(count) == sure


@in_loop
async def test_nodes_that_deadlock_run_their_units_again(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as two:

        def both(tx: Tx, first: int, second: int, met: threading.Barrier, ran: list[int]) -> None:
            ran.append(first)
            add(tx, first)
            if ran.count(first) == 1:  # each has the row the other one will want
                met.wait(120)
            add(tx, second)

        for _ in range(3):
            met, ran = threading.Barrier(2), list[int]()
            there = partial(both, first=1, second=2, met=met, ran=ran)
            back = partial(both, first=2, second=1, met=met, ran=ran)
            await asyncio.gather(one.write(there), two.write(back), one.write(add))
            assert len(ran) > 2
        assert await one.read(lambda tx: (count(tx, 1), count(tx, 2))) == (9, 6)


@in_loop
async def test_a_reader_whose_connection_died_reads_on_a_new_one(
    postgres: Postgres, postgres_url: str
) -> None:
    async with opened(postgres_url) as store:
        await asyncio.gather(*(store.read(count) for _ in range(20)))
        name = postgres_url.split("/")[3].split("?", maxsplit=1)[0]
        postgres.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        assert await asyncio.gather(*(store.read(count) for _ in range(20))) == [0] * 20
        await store.write(add)


@in_loop
async def test_a_commit_wakes_the_other_nodes_also_after_their_ear_was_cut(
    postgres: Postgres, postgres_url: str
) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as two:
        waiting = two.subscribe("news")
        await one.write(lambda tx: tx.notify("news", "first"))
        assert await waiting.wait(60)
        assert waiting.take() == {"first"}
        name = postgres_url.split("/")[3].split("?", maxsplit=1)[0]
        postgres.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND application_name = 'gurita-listen'"
        )
        assert await waiting.wait(60), "a cut ear may have missed something: everybody is woken"
        assert waiting.take() == {""}
        await one.write(lambda tx: tx.notify("news", "second"))
        assert await waiting.wait(60)
        assert waiting.take() == {"second"}


@in_loop
async def test_a_full_disk_refuses_the_unit_that_fills_it_and_says_so(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/gurita.db") as store:
        await store.write(lambda tx: tx.run(text("PRAGMA max_page_count = 1")))

        def fill(tx: Tx) -> None:
            add(tx)
            tx.run(insert(tally), {"id": 3, "count": 0, "filling": "x" * 5_000_000})

        results = await asyncio.gather(
            store.write(add), store.write(fill), store.write(add), return_exceptions=True
        )
        assert isinstance(results[1], NoSpace)
        assert "no space left" in str(results[1])
        assert results[0] is None and results[2] is None
        assert await store.read(count) == 2


@in_loop
async def test_a_full_disk_of_postgresql_is_told_the_same_way(postgres_url: str) -> None:
    async with opened(postgres_url) as store:
        full = text("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")
        with pytest.raises(NoSpace, match="no space left"):
            await store.write(lambda tx: tx.run(full))


@in_loop
async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DatabaseDown):
        await Store.open(f"postgresql://gurita@/none?host={tmp_path}&port=1")
    with pytest.raises(ValueError, match="mysql"):
        await Store.open("mysql://localhost/x")


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A server the test may end."""
    with server() as running:
        yield running


@in_loop
async def test_a_server_that_goes_away_and_comes_back_is_used_again(own_server: Postgres) -> None:
    async with opened(own_server.url("gurita_template")) as store:
        waiting = store.subscribe("news")
        await store.write(add)
        own_server.halt()
        for _ in range(2):
            with pytest.raises(DatabaseDown):
                await store.write(add)
            with pytest.raises(DatabaseDown):
                await store.read(count)
        own_server.begin()
        await store.write(add)
        assert await store.read(count) == 2
        await until(lambda: "" in waiting._payloads)


@in_loop
async def test_notes_are_told_once_and_large_ones_without_their_text(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as two:
        near, far = one.subscribe("large"), two.subscribe("large")
        await one.write(lambda tx: tx.notify("large", "x" * 10_000))
        assert await far.wait(60) and await near.wait(60)
        assert far.take() == {""}
        await asyncio.sleep(0.1)
        assert not await near.wait(0.05)
