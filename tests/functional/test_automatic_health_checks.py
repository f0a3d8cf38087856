"""Machines are checked when their policy says so, and nobody reads those that are not due. On both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete, func, select, text, update

from gurita.engine.tables import task
from gurita.execution.health_schedule import health_schedule
from gurita.kernel.clock import SystemClock
from gurita.machines import looks
from gurita.machines import service as machines
from gurita.machines.service import Health
from gurita.machines.tables import machine_look
from gurita.store.tx import Tx
from tests.counting import statements
from tests.helpers import House, house
from tests.looping import in_loop

PRINT = "SHA256:" + "A" * 43
AGENT = {"CommunicationStyle": "TentaclePassive", "Uri": "https://w.example:1", "Thumbprint": PRINT}
WELL = Health(status="Healthy", summary="Fine.")
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
SECOND, HOUR = 1000, 3_600_000


class Clock(SystemClock):
    """The wall clock, moved by the test."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at


class World:
    """A server whose schedule runs when the test says."""

    def __init__(self, gurita: House, clock: Clock) -> None:
        self.gurita, self.clock = gurita, clock
        self.begin: Callable[[Tx, int], None] = health_schedule(gurita.context).begin

    @property
    def now(self) -> int:
        return int(self.clock.at.timestamp() * 1000)

    async def add(self, name: str, *, worker: bool = False, **more: Any) -> str:
        """A machine; its id."""
        body = {
            "Name": name,
            "Endpoint": AGENT,
            "EnvironmentIds": ["Environments-1"],
            "Roles": ["web"],
            **more,
        }
        if worker:
            body = {"Name": name, "Endpoint": AGENT, "WorkerPoolIds": ["WorkerPools-1"], **more}
        made = await self.gurita.post("workers" if worker else "machines", body)
        return str(made["Id"])

    async def change(self, path: str, **members: Any) -> None:
        former = await self.gurita.get(path)
        await self.gurita.put(path, {**former, **members})

    async def every(self, interval: str | None) -> None:
        """Makes the default policy check machines that often."""
        policy = (await self.gurita.get("machinepolicies/all"))[0]
        check = {**policy["MachineHealthCheckPolicy"], "HealthCheckInterval": interval}
        await self.change(f"machinepolicies/{policy['Id']}", MachineHealthCheckPolicy=check)

    async def look(self, after: int = 30 * SECOND, *, busy: bool = False) -> list[list[str]]:
        """The machines of each task the schedule queues so many milliseconds later. Unless `busy`, all tasks ended before."""
        self.clock.at += timedelta(milliseconds=after)

        def unit(tx: Tx) -> list[list[str]]:
            if not busy:
                tx.run(update(task).values(state="Success"))
            last = tx.scalar(select(func.max(task.c.number))) or 0
            self.begin(tx, self.now)
            rows = tx.all(select(task.c.arguments).where(task.c.number > last).order_by(task.c.number))
            return [sorted(msgspec.json.decode(row["arguments"])["MachineIds"]) for row in rows]

        return await self.gurita.store.write(unit)

    async def check(self, *ids: str) -> None:
        """A check of the machines ends now."""
        ctx = self.gurita.context()
        for id in ids:
            await self.gurita.store.write(lambda tx, id=id: machines.record_health_in(tx, ctx, id, WELL))  # type: ignore[misc]


@asynccontextmanager
async def world(folder: Path, url: str) -> AsyncIterator[World]:
    clock = Clock()
    async with house(folder, url=url, clock=clock) as gurita:
        await gurita.post("environments", {"Name": "Dev"})
        yield World(gurita, clock)


def test_machines_are_checked_when_their_interval_has_passed(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with world(tmp_path, database_url) as here:
            await here.every("01:00:00")
            ids = [await here.add("a"), await here.add("w", worker=True)]
            assert await here.look() == [ids]
            assert await here.look(busy=True) == []
            assert await here.look() == [ids], "the task ended and checked nothing"
            await here.check("Machines-1")
            assert await here.look() == [["Workers-1"]]
            await here.check("Workers-1")
            assert await here.look(HOUR - 31 * SECOND) == []
            assert await here.look(SECOND) == [["Machines-1"]]
            await here.check("Machines-1")
            assert await here.look() == [["Workers-1"]]

    lived()


def test_what_changes_a_machine_or_its_policy_counts_at_once(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with world(tmp_path, database_url) as here:
            await here.every(None)
            id, later = await here.add("a"), await here.add("later", SkipInitialHealthCheck=True)
            await here.add("off", IsDisabled=True)
            assert await here.look() == [[id]]
            await here.check(id)
            assert await here.look(1000 * HOUR) == []
            await here.every("01:00:00")
            assert await here.look() == [[id]]
            await here.change(f"machines/{id}", IsDisabled=True)
            assert await here.look() == []
            await here.change(f"machines/{id}", IsDisabled=False)
            assert await here.look() == [[id]]
            await here.check(id, later)
            assert await here.look() == []
            assert await here.look(HOUR) == [[id, later]]
            await here.gurita.delete(f"machines/{id}")
            await here.check(later)
            assert await here.look(2 * HOUR) == [[later]]
            here.clock.at = BEGIN - timedelta(days=9)
            assert await here.look() == [[later]], "the clock was set back"

    lived()


def test_a_clock_set_back_delays_no_check_that_was_planned(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with world(tmp_path, database_url) as here:
            id = await here.add("a")
            await here.check(id)
            assert await here.look() == []
            here.clock.at = BEGIN - timedelta(days=300)
            assert await here.look() == [[id]]

    lived()


def test_machines_nobody_planned_a_look_at_are_found_after_a_start(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with world(tmp_path, database_url) as here:
            ids = [await here.add("a"), await here.add("w", worker=True)]
            await here.gurita.store.write(lambda tx: tx.run(delete(machine_look)))
            await here.gurita.store.write(lambda tx: looks.ask_in(tx, "Spaces-1", "Machines-99"))
            assert await here.look() == [ids]
            assert (
                await here.gurita.store.read(
                    lambda tx: tx.scalar(select(func.count()).select_from(machine_look))
                )
                == 2
            )

    lived()


def test_no_machine_is_read_while_none_is_due(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with world(tmp_path, database_url) as here:
            counts = []
            for number in range(3):
                ids = [await here.add(f"{number}-{each}", worker=each == 0) for each in range(1 + 3 * number)]
                with statements() as busy:
                    assert await here.look() == [sorted(ids)]
                counts.append(len(busy))
                await here.check(*ids)
                assert await here.look() == []
                with statements() as idle:
                    assert await here.look() == []
                asked = [each for each in idle if "FROM machine" in each or "FROM worker" in each]
                assert len(asked) == 1, idle
                assert "FROM machine_look" in asked[0]
            assert counts[1] == counts[2], "as many statements for four machines as for seven"

    lived()


def test_machines_that_are_due_are_found_by_an_index(tmp_path: Path, postgres_url: str) -> None:
    @in_loop
    async def lived() -> None:
        for url, explain in (
            (f"sqlite:///{tmp_path}/gurita.db", "EXPLAIN QUERY PLAN "),
            (postgres_url, "EXPLAIN "),
        ):
            async with world(tmp_path, url) as here:
                with statements() as asked:
                    assert await here.look() == []
                    assert await here.look() == []
                wanted = next(each for each in reversed(asked) if "machine_look" in each)

                def plan(tx: Tx, wanted: str = wanted, explain: str = explain) -> str:
                    if tx.dialect == "postgresql":
                        tx.run(text("SET LOCAL enable_seqscan = off"))
                    numbers = wanted.replace("?", "5").replace("%(due_1)s", "5").replace("%(looked_1)s", "5")
                    return str([tuple(row) for row in tx.run(text(explain + numbers)).all()])

                told = await here.gurita.store.write(plan)
                assert "machine_look_due" in told, told
                assert "machine_look_looked" in told, told
                assert "Seq Scan" not in told, told

    lived()
