"""One process that does nothing but the journal of actions: `python -m bench.bookkeeping_child DATABASE-URL FOLDER`.

Prints JSON: actions, units written for them, processor seconds of this process, and seconds in all.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import uvloop
from sqlalchemy import select

from gurita.engine.engine import Engine, Options
from gurita.engine.journal import Asking, Progress
from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.plan import Frozen, Plan, PlanAction, PlanStep, Target
from gurita.engine.queue import NewTask, submit_in
from gurita.engine.rows import ActionRow
from gurita.engine.run import Run
from gurita.engine.tables import task
from gurita.engine.walk import Start
from gurita.kernel.clock import SystemClock
from gurita.store.blobs import Blobs
from gurita.store.db import Store
from gurita.store.tx import Tx

__all__ = ["main"]

T = TypeVar("T")
IN_FLIGHT = 50
STEPS = 40


class Noting:
    """A handler whose actions are asked for under their target's lock, say two lines, and end."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.ended = asyncio.Event()

    async def plan(self, _run: Run) -> Plan:
        """Fifty targets a step, all at once."""
        targets = tuple(Target(id=f"Machines-{n}", name=f"machine {n}") for n in range(IN_FLIGHT))
        action = PlanAction(index=0, id="note", name="Note", number="1", type="x")
        made = (
            PlanStep(
                index=n,
                id=f"s{n}",
                name=f"Step {n}",
                number=str(n),
                group=n,
                actions=(action,),
                targets=targets,
                window=IN_FLIGHT,
            )
            for n in range(self.steps)
        )
        return Plan(steps=tuple(made))

    async def freeze(self, _run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        """What the plan foresees."""
        return Frozen(targets=step.targets, window=step.window)

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        """Ask and end: what every action writes at least."""
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)
        lock = f"target:{start.target.id}"
        asked = await run.ask(Asking(place, f"{run.number}-{place}", "store", "boot", 0, lock))
        if not isinstance(asked, ActionRow):
            raise TypeError("somebody else holds the lock")
        await asyncio.sleep(0)
        entries = [
            LogEntry(run.now(), 1, f"{start.target.name} says something"),
            LogEntry(run.now(), 1, "and ends"),
        ]
        told = Progress(asked.number, place, entries, 2, b"", state="success", rc=0, lock=lock)
        await run.progress(told)
        return replace(asked, state="success", completed=run.now())

    def finishing_in(self, run: Run, _tx: Tx, state: str) -> None:
        """Tells the one who waits."""
        loop.call_soon_threadsafe(self.ended.set)


class CountingStore(Store):
    """Counts the units asked for."""

    units = 0

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """A unit more."""
        self.units += 1
        return await super().write(unit)


loop: asyncio.AbstractEventLoop


async def main(url: str, folder: str) -> dict[str, float]:
    """A short task to get warm, then the measured one."""
    global loop
    loop = asyncio.get_running_loop()
    store = await CountingStore.open(url)
    assert isinstance(store, CountingStore)
    engine = Engine(store, Blobs.open(folder), SystemClock(), Options())
    short, long = Noting(4), Noting(STEPS)
    engine.handle(["Short"], short)
    engine.handle(["Long"], long)
    await engine.start()
    await _run(store, "Short", short)
    units, cpu, began = store.units, time.process_time(), time.monotonic()
    await _run(store, "Long", long)
    spent = {
        "actions": STEPS * IN_FLIGHT,
        "units": store.units - units,
        "cpu": time.process_time() - cpu,
        "seconds": time.monotonic() - began,
    }
    states = await store.read(lambda tx: [row["state"] for row in tx.all(select(task.c.state))])
    assert states == ["Success", "Success"], states
    await engine.stop()
    await store.close()
    return spent


async def _run(store: Store, name: str, handler: Noting) -> None:
    await store.write(lambda tx: submit_in(tx, NewTask("Spaces-1", name, name), 1))
    await handler.ended.wait()
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(main(sys.argv[1], str(Path(sys.argv[2]))))))
