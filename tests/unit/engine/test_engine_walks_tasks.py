"""The engine on a real SQLite journal, with a handler that plays instead of working."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, RowMapping, select

from gurita.engine.engine import Engine, Options
from gurita.engine.interruptions import answer_in
from gurita.engine.journal import Asking, Progress
from gurita.engine.log_reader import LogReader
from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.plan import Frozen, Plan, PlanAction, PlanStep, Skip, Target
from gurita.engine.queue import NewTask, cancel_in, submit_in
from gurita.engine.rows import ActionRow
from gurita.engine.run import Run
from gurita.engine.tables import action, interruption, lock, node, poison, stopped_queue, task
from gurita.engine.walk import Start
from gurita.engine.why import reasons_in
from gurita.kernel.clock import SystemClock
from gurita.store.blobs import Blobs
from gurita.store.db import Store
from gurita.store.tx import Tx

Play = Callable[[Run, Start], Awaitable[str]]


async def succeed(_run: Run, _start: Start) -> str:
    return "success"


class Player:
    """A handler whose actions end as `play` says."""

    def __init__(self, plan: Plan, play: Play = succeed) -> None:
        self.made, self.play = plan, play
        self.started: list[tuple[int, str, int]] = []
        self.ended: list[str] = []

    async def plan(self, _run: Run) -> Plan:
        return self.made

    async def freeze(self, _run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        if not holds:
            return Frozen(skip=Skip(code="condition", reason="An earlier step failed."))
        return Frozen(targets=step.targets, window=step.window)

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)
        self.started.append((start.step.index, start.target.id, start.attempt))
        key = f"target:{run.number}:{start.target.id}"
        if row is None:
            asked = await run.ask(Asking(place, f"{run.number}-{place}", "store", "boot", 0, key))
            if not isinstance(asked, ActionRow):
                return None
            row = asked
        state = await self.play(run, start)
        entries = [LogEntry(run.now(), 1, f"{start.target.name} says {state}")]
        told = Progress(row.number, place, entries, 1, b"", state=state, error="no" * (state != "success"))
        told.lock = key
        await run.progress(told)
        return replace(row, state=state)

    def finishing_in(self, run: Run, _tx: Tx, state: str) -> None:
        self.ended.append(f"{run.id} {state}")


def plan(steps: int = 1, targets: int = 1, **more: Any) -> Plan:
    to = tuple(Target(id=f"Machines-{n}", name=f"m{n}") for n in range(targets))
    act = PlanAction(index=0, id="a", name="a", number="1", type="x")
    made = tuple(
        PlanStep(index=n, id=f"s{n}", name=f"s{n}", number=str(n), group=n, actions=(act,), targets=to)
        for n in range(steps)
    )
    return Plan(steps=made, **more)


@asynccontextmanager
async def engine(folder: Path, handler: Player, **options: Any) -> AsyncIterator[tuple[Engine, Store]]:
    store = await Store.open(f"sqlite:///{folder}/test.db")
    made = Engine(store, Blobs.open(folder / "blobs"), SystemClock(), Options(watch=0.05, **options))
    made.handle(["Deploy"], handler)
    await made.start()
    try:
        yield made, store
    finally:
        await made.stop()
        await store.close()


async def submit(store: Store, **more: Any) -> int:
    return await store.write(lambda tx: submit_in(tx, NewTask("Spaces-1", "Deploy", "a task", **more), 1))


async def change(store: Store, statement: Executable) -> None:
    def unit(tx: Tx) -> None:
        tx.run(statement)

    await store.write(unit)


async def row_of(store: Store, number: int) -> RowMapping:
    row = await store.read(lambda tx: tx.one(select(task).where(task.c.number == number)))
    assert row is not None
    return row


async def until(store: Store, number: int, *states: str, waits: bool = False) -> RowMapping:
    row = await row_of(store, number)
    for _ in range(9000):
        row = await row_of(store, number)
        if row["state"] in states and (row["waits"] or not waits):
            return row
        await asyncio.sleep(0.01)
    raise AssertionError(f"still {row['state']}, not {states}: {row['error']}")


async def test_a_task_runs_every_step_on_every_target_once(tmp_path: Path) -> None:
    player = Player(plan(steps=3, targets=4))
    async with engine(tmp_path, player) as (_, store):
        number = await submit(store)
        row = await until(store, number, "Success", "Failed")
        assert row["state"] == "Success"
        assert len(player.started) == len(set(player.started)) == 12
        assert player.ended == [f"ServerTasks-{number} Success"]


async def test_the_log_counts_its_lines_without_gap_and_outlives_its_rows(tmp_path: Path) -> None:
    async with engine(tmp_path, Player(plan(steps=2, targets=3))) as (_, store):
        number = await submit(store)
        await until(store, number, "Success")
        for _ in range(9000):
            if (await row_of(store, number))["log_blob"]:
                break
            await asyncio.sleep(0.01)
        row = await row_of(store, number)
        assert row["log_blob"]
        reader = LogReader(store, Blobs.open(tmp_path / "blobs"))
        chunks = [chunk async for chunk in reader.lines(number, 0, 10_000)]
        assert [chunk.first for chunk in chunks] == list(range(6)) == list(range(row["log_lines"]))
        assert all("success" in chunk.entries[0].text for chunk in chunks)


async def test_two_tasks_with_one_tag_never_run_at_the_same_time(tmp_path: Path) -> None:
    inside = most = 0

    async def play(_run: Run, _start: Start) -> str:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.03)
        inside -= 1
        return "success"

    async with engine(tmp_path, Player(plan(), play)) as (_, store):
        numbers = [await submit(store, tag="Projects-1/Environments-1") for _ in range(4)]
        for number in numbers:
            await until(store, number, "Success")
    assert most == 1


async def test_a_waiting_task_says_which_task_holds_its_tag(tmp_path: Path) -> None:
    go = asyncio.Event()

    async def play(_run: Run, _start: Start) -> str:
        await go.wait()
        return "success"

    async with engine(tmp_path, Player(plan(), play)) as (_, store):
        first = await submit(store, tag="a/b")
        await until(store, first, "Executing")
        second = await submit(store, tag="a/b")
        reasons = await store.read(lambda tx: reasons_in(tx, second, 1))
        assert reasons[0].code == "tag-busy"
        assert reasons[0].ids == (f"ServerTasks-{first}",)
        go.set()
        await until(store, second, "Success")
        assert await store.read(lambda tx: tx.one(select(lock))) is None


async def test_a_queued_task_is_canceled_at_once_and_a_running_one_by_its_owner(tmp_path: Path) -> None:
    async def play(run: Run, _start: Start) -> str:
        await run.cancelling.wait()
        return "canceled"

    async with engine(tmp_path, Player(plan(steps=2), play), cap=1) as (_, store):
        running = await submit(store)
        queued = await submit(store)
        await until(store, running, "Executing")
        assert await store.write(lambda tx: cancel_in(tx, queued, 2)) == "Canceled"
        await asyncio.sleep(0.05)
        assert await store.write(lambda tx: cancel_in(tx, running, 2)) == "Cancelling"
        await until(store, running, "Canceled")
        assert await store.write(lambda tx: cancel_in(tx, running, 3)) == "Canceled"


async def test_a_cancel_nobody_confirms_ends_at_its_deadline_and_leaves_a_poison(tmp_path: Path) -> None:
    playing = asyncio.Event()

    async def play(_run: Run, _start: Start) -> str:
        playing.set()
        await asyncio.Event().wait()
        return "success"

    async with engine(tmp_path, Player(plan(), play), cancel_deadline=0.0) as (_, store):
        number = await submit(store)
        await until(store, number, "Executing")
        await asyncio.wait_for(playing.wait(), 90)
        await store.write(lambda tx: cancel_in(tx, number, 2))
        row = await until(store, number, "Canceled")
        assert "Machines-0" in row["error"]
        poisoned = await store.read(lambda tx: tx.one(select(poison)))
        assert poisoned is not None
        assert poisoned["target"] == "Machines-0"


async def test_guided_failure_holds_no_place_while_it_waits_and_goes_on_with_the_answer(
    tmp_path: Path,
) -> None:
    outcomes = iter(["failed", "success"])

    async def play(_run: Run, start: Start) -> str:
        return next(outcomes) if start.step.index == 0 else "success"

    player = Player(plan(steps=2, guided=True), play)
    async with engine(tmp_path, player, cap=1) as (made, store):
        number = await submit(store)
        row = await until(store, number, "Executing", waits=True)
        assert row["node"] is None
        assert row["interruptions"] == 1
        for _ in range(9000):
            if not made.running:
                break
            await asyncio.sleep(0.01)
        assert not made.running
        asked = await store.read(lambda tx: tx.one(select(interruption)))
        assert asked is not None

        def answer(tx: Tx) -> bool:
            return answer_in(tx, asked["number"], "retry", {"Guidance": "Retry"}, "Users-1", 5)

        assert await store.write(answer)
        assert not await store.write(answer)
        await until(store, number, "Success")
        assert player.started == [(0, "Machines-0", 1), (0, "Machines-0", 2), (1, "Machines-0", 1)]


async def test_a_new_life_of_the_node_takes_its_tasks_up_where_they_were(tmp_path: Path) -> None:
    async def hang(_run: Run, start: Start) -> str:
        if start.step.index == 1:
            await asyncio.Event().wait()
        return "success"

    first = Player(plan(steps=3), hang)
    async with engine(tmp_path, first) as (_, store):
        number = await submit(store)
        for _ in range(9000):
            if (1, "Machines-0", 1) in first.started:
                break
            await asyncio.sleep(0.01)
        assert (1, "Machines-0", 1) in first.started
        await asyncio.sleep(0.05)
    second = Player(plan(steps=3))
    async with engine(tmp_path, second) as (_, store):
        row = await until(store, number, "Success")
        assert row["fence"] > 1
        assert second.started == [(1, "Machines-0", 1), (2, "Machines-0", 1)]
        rows = await store.read(lambda tx: tx.all(select(action).where(action.c.task == number)))
        assert len(rows) == 3


async def test_a_drained_node_and_a_stopped_queue_start_nothing(tmp_path: Path) -> None:
    async with engine(tmp_path, Player(plan())) as (_, store):
        await change(store, node.update().values(draining=True))
        number = await submit(store)
        await asyncio.sleep(0.1)
        assert (await row_of(store, number))["state"] == "Queued"
        assert [r.code for r in await store.read(lambda tx: reasons_in(tx, number, 1))] == ["draining"]

        def swap(tx: Tx) -> None:
            tx.run(node.update().values(draining=False))
            tx.run(stopped_queue.insert().values(space="Spaces-1"))
            tx.notify("queue")

        await store.write(swap)
        await asyncio.sleep(0.1)
        assert (await row_of(store, number))["state"] == "Queued"

        def open_again(tx: Tx) -> None:
            tx.run(stopped_queue.delete())
            tx.notify("queue")

        await store.write(open_again)
        await until(store, number, "Success")


async def test_a_task_that_may_not_start_in_time_times_out(tmp_path: Path) -> None:
    async with engine(tmp_path, Player(plan())) as (_, store):
        number = await submit(store, not_before=4_102_444_800_000, not_after=10)
        assert (await until(store, number, "TimedOut"))["rule"] == "expire"


async def test_no_more_tasks_run_than_the_cap_allows(tmp_path: Path) -> None:
    inside = most = 0

    async def play(_run: Run, _start: Start) -> str:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.02)
        inside -= 1
        return "success"

    async with engine(tmp_path, Player(plan(), play), cap=2) as (_, store):
        await change(store, node.update().values(cap=2))
        numbers = [await submit(store) for _ in range(6)]
        for number in numbers:
            await until(store, number, "Success")
    assert most == 2


async def test_a_mistake_in_a_handler_ends_its_task_with_the_error_and_nothing_else(tmp_path: Path) -> None:
    async def play(run: Run, _start: Start) -> str:
        if run.number == 1:
            raise ValueError("broken handler")
        return "success"

    async with engine(tmp_path, Player(plan(), play)) as (_, store):
        first, second = await submit(store), await submit(store)
        assert "broken handler" in (await until(store, first, "Failed"))["error"]
        await until(store, second, "Success")
