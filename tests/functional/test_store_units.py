"""The store's contract, on SQLite and on PostgreSQL: units, snapshots, notifications."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from gurita.kernel.errors import Conflict
from gurita.kernel.ids import SystemRandomness
from gurita.store.db import Store
from gurita.store.installation import installation_in, renew_incarnation_in
from gurita.store.prepared import Prepared
from gurita.store.tables import metadata
from gurita.store.tx import Tx
from tests.looping import in_loop, until

note = Table(
    "test_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, unique=True),
    Column("count", BigInteger, nullable=False, server_default="0"),
)
PUT = Prepared(insert(note).values(id=bindparam("new_id"), text=bindparam("new_text")))
GET = Prepared(select(note.c.id, note.c.text).where(note.c.id == bindparam("id")))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


def put(tx: Tx, id: int, text: str | None = None) -> None:
    tx.run(insert(note), {"id": id, "text": text or f"note {id}"})


def putting(id: int, text: str | None = None) -> Callable[[Tx], None]:
    """A unit that puts one note."""
    return lambda tx: put(tx, id, text)


def ids(tx: Tx) -> list[int]:
    return [row["id"] for row in tx.all(select(note.c.id).order_by(note.c.id))]


@in_loop
async def test_what_a_unit_wrote_is_there_for_the_next_read(database_url: str) -> None:
    async with opened(database_url) as store:
        assert await store.write(lambda tx: tx.run(PUT, {"new_id": 1, "new_text": "x"}).rowcount) == 1
        assert await store.read(ids) == [1]


@in_loop
async def test_a_failed_unit_leaves_nothing_and_its_neighbours_in_the_group_commit(database_url: str) -> None:
    async with opened(database_url) as store:

        def unit(tx: Tx, id: int) -> int:
            put(tx, id)
            if id % 3 == 0:
                raise Conflict(f"no {id}")
            return id

        units = [partial(unit, id=id) for id in range(1, 31)]
        given = await asyncio.gather(*map(store.write, units), return_exceptions=True)
        for id, result in enumerate(given, 1):
            assert isinstance(result, Conflict) if id % 3 == 0 else result == id
        assert await store.read(ids) == [id for id in range(1, 31) if id % 3]


@in_loop
async def test_an_error_of_the_database_rolls_back_the_unit_alone(database_url: str) -> None:
    async with opened(database_url) as store:

        def doubled(tx: Tx) -> None:
            put(tx, 2)
            put(tx, 3, "note 1")

        results = await asyncio.gather(
            store.write(putting(1)),
            store.write(doubled),
            store.write(putting(4)),
            return_exceptions=True,
        )
        assert results[0] is None and results[2] is None
        assert type(results[1]).__name__ == "IntegrityError"
        assert await store.read(ids) == [1, 4]


@in_loop
async def test_a_nested_savepoint_survives_an_error_and_drops_its_notes(database_url: str) -> None:
    async with opened(database_url) as store:
        waiting = store.subscribe("inner")

        def unit(tx: Tx) -> str:
            put(tx, 1)
            try:
                with tx.nested():
                    tx.notify("inner")
                    put(tx, 2)
                    put(tx, 3, "note 1")
            except IntegrityError:
                return "survived"
            return "no error"

        assert await store.write(unit) == "survived"
        assert await store.read(ids) == [1]
        assert not await waiting.wait(0.1)


@in_loop
async def test_a_prepared_statement_gives_what_the_same_statement_gives(database_url: str) -> None:
    async with opened(database_url) as store:
        odd = "quote ' percent % dollar $1 back\\slash ünïcode \U0001f419 \n end"
        await store.write(lambda tx: tx.run(PUT, {"new_id": 7, "new_text": odd}).rowcount)
        await store.write(
            lambda tx: tx.run(PUT, [{"new_id": 8, "new_text": None}, {"new_id": 9, "new_text": ""}])
        )

        def query(tx: Tx) -> None:
            for id in (7, 8, 9, 10):
                slow = tx.one(select(note.c.id, note.c.text).where(note.c.id == id))
                assert tx.one(GET, {"id": id}) == (dict(slow) if slow else None)
            assert tx.scalar(GET, {"id": 7}) == 7
            assert tx.run(GET, {"id": 9}).rows == [(9, "")]

        await store.read(query)
        with pytest.raises(KeyError, match="new_text"):
            await store.write(lambda tx: tx.run(PUT, {"new_id": 1}))
        with pytest.raises(Exception, match=r"(?i)unique"):
            await store.write(lambda tx: tx.run(PUT, {"new_id": 11, "new_text": odd}))
        assert await store.read(ids) == [7, 8, 9]


@in_loop
async def test_large_numbers_and_null_survive_a_prepared_statement(database_url: str) -> None:
    count = Prepared(
        update(note).where(note.c.id == bindparam("i")).values(count=bindparam("n")).returning(note.c.count)
    )
    async with opened(database_url) as store:
        await store.write(putting(1))
        for value in (0, -1, 2**31, 2**62):
            assert (
                await store.write(partial(Tx.scalar, statement=count, params={"i": 1, "n": value})) == value
            )


@in_loop
async def test_a_read_sees_one_snapshot_throughout(database_url: str) -> None:
    async with opened(database_url) as store:
        await store.write(putting(1))
        loop = asyncio.get_running_loop()
        seen = asyncio.Event()
        go_on = asyncio.Event()

        def query(tx: Tx) -> tuple[int, int]:
            first = tx.scalar(select(func.count()).select_from(note))
            loop.call_soon_threadsafe(seen.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(120)
            return first, tx.scalar(select(func.count()).select_from(note))

        reading = asyncio.ensure_future(store.read(query))
        await seen.wait()
        await store.write(putting(2))
        go_on.set()
        assert await reading == (1, 1)
        assert await store.read(ids) == [1, 2]


@in_loop
async def test_a_read_cannot_write(database_url: str) -> None:
    async with opened(database_url) as store:
        with pytest.raises(Exception, match=r"(?i)read-?only"):
            await store.read(putting(1))
        assert await store.read(ids) == []


@in_loop
async def test_a_result_left_open_does_not_hold_up_what_follows(database_url: str) -> None:
    async with opened(database_url) as store:
        for id in range(50):
            await store.write(putting(id))
        left = await store.read(lambda tx: tx.run(select(note)))
        assert left is not None
        for id in range(50, 60):
            await store.write(putting(id))
            assert len(await store.read(ids)) == id + 1


@in_loop
async def test_a_committed_unit_wakes_subscribers_and_a_failed_one_does_not(database_url: str) -> None:
    async with opened(database_url) as store:
        jobs, other = store.subscribe("jobs"), store.subscribe("other")

        def failing(tx: Tx) -> None:
            tx.notify("other", "never")
            raise Conflict("no")

        await asyncio.gather(
            store.write(lambda tx: tx.notify("jobs", "it's \\ 1")),
            store.write(failing),
            return_exceptions=True,
        )
        assert await jobs.wait(60)
        assert jobs.take() == {"it's \\ 1"}
        assert not await jobs.wait(0.05)
        assert not await other.wait(0.05)
        jobs.close()
        await store.write(lambda tx: tx.notify("jobs", "2"))
        assert not await jobs.wait(0.05)


@in_loop
async def test_calls_after_the_commit_run_before_the_writer_goes_on(database_url: str) -> None:
    async with opened(database_url) as store:
        heard: list[str] = []

        def failing(tx: Tx) -> None:
            tx.after_commit(lambda: heard.append("failed"))
            raise Conflict("no")

        with pytest.raises(Conflict):
            await store.write(failing)
        await store.write(lambda tx: tx.after_commit(lambda: heard.append("committed")))
        assert heard == ["committed"]


@in_loop
async def test_twelve_hammering_writers_lose_and_double_nothing(database_url: str) -> None:
    async with opened(database_url) as store:
        await store.write(putting(0))

        def add(tx: Tx) -> None:
            count = tx.scalar(select(note.c.count).where(note.c.id == 0))
            tx.run(update(note).where(note.c.id == 0).values(count=count + 1))

        def adding_nothing(tx: Tx) -> float:
            add(tx)
            return 1 / 0

        async def hammer(number: int) -> None:
            for turn in range(40):
                await store.write(add)
                if turn % 10 == number % 10:
                    with pytest.raises(ZeroDivisionError):
                        await store.write(adding_nothing)
                await store.read(ids)

        await asyncio.gather(*(hammer(number) for number in range(12)))
        assert await store.read(lambda tx: tx.scalar(select(note.c.count).where(note.c.id == 0))) == 480


@in_loop
async def test_a_cancelled_caller_does_not_disturb_the_others(database_url: str) -> None:
    async with opened(database_url) as store:
        begun, go_on = threading.Event(), threading.Event()

        def slow(tx: Tx) -> None:
            begun.set()
            go_on.wait(120)
            put(tx, 1)

        first = asyncio.ensure_future(store.write(slow))
        await until(begun.is_set)
        second = asyncio.ensure_future(store.write(putting(2)))
        third = asyncio.ensure_future(store.write(putting(3)))
        await asyncio.sleep(0)
        second.cancel()
        go_on.set()
        await asyncio.gather(first, third)
        assert await store.read(ids) == [1, 3]


@in_loop
async def test_an_idle_store_takes_no_processor_time(database_url: str) -> None:
    async with opened(database_url) as store:
        await store.read(ids)
        spent = []
        for _ in range(6):  # what else is in this process may have to do now and then, but not all the time
            before = time.process_time()
            await asyncio.sleep(1)
            spent.append(time.process_time() - before)
            if spent[-1] < 0.02:
                break
        assert min(spent) < 0.02, spent


@in_loop
async def test_closing_finishes_what_was_asked(database_url: str) -> None:
    store = await Store.open(database_url)
    asked = [asyncio.ensure_future(store.write(putting(id))) for id in range(20)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*asked)
    with pytest.raises(RuntimeError, match="closed"):
        await store.write(ids)
    async with opened(database_url) as again:
        assert len(await again.read(ids)) == 20


@in_loop
async def test_a_database_keeps_its_identity_and_a_restore_renews_its_incarnation(database_url: str) -> None:
    async with opened(database_url) as store:
        first = await store.read(installation_in)
    async with opened(database_url) as store:
        assert await store.read(installation_in) == first
        renewed = await store.write(lambda tx: renew_incarnation_in(tx, SystemRandomness()))
        assert renewed.id == first.id
        assert renewed.incarnation != first.incarnation
        await store.write(lambda tx: tx.run(delete(note)))
        assert await store.read(installation_in) == renewed
