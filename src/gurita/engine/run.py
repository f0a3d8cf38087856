"""One task's life on this node: walk the plan, journal every move, stop when the fence says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import insert, select

from gurita.engine.interruptions import ask_guidance_in
from gurita.engine.journal import (
    Asking,
    Progress,
    ask_in,
    begin_step_in,
    finish_step_in,
    load_in,
    progress_in,
)
from gurita.engine.locks import Held
from gurita.engine.logs import TASK, LogEntry, LogPlace
from gurita.engine.nodes import poison_in
from gurita.engine.owner import own
from gurita.engine.plan import Frozen, Plan, PlanStep
from gurita.engine.queue import Claimed, control, release_in
from gurita.engine.rows import ActionRow, Place, StepRow
from gurita.engine.tables import task, task_plan
from gurita.engine.transitions import transition
from gurita.engine.walk import Moves, Start, latest, next_moves, step_condition
from gurita.kernel.clock import Clock
from gurita.kernel.errors import Fenced, Refused, Retryable
from gurita.kernel.faults import fault
from gurita.store.db import Store
from gurita.store.notify import Subscription
from gurita.store.tx import Tx

__all__ = ["Handler", "Run"]

T = TypeVar("T")

_LOOK_AGAIN = 5.0
_plan = msgspec.json.Decoder(Plan)
_PLAN = select(task_plan.c.plan)
_log = logging.getLogger(__name__)


class Handler(Protocol):
    """The work behind a task type (`Deploy`, `Health`…). One instance serves all tasks of the type."""

    async def plan(self, run: Run) -> Plan:
        """What the task will do. Asked once; the answer is stored with the task."""

    async def freeze(self, run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        """Settles a step as it begins. `holds` is its condition's result, None when its expression decides."""

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        """Carries an attempt to its end, or takes up the one `row` tells of.

        Gives the final row, or None when it was canceled before anything was asked. Watches `run.cancelling`.
        Raises Fenced when the task belongs to somebody else.
        """

    def finishing_in(self, run: Run, tx: Tx, state: str) -> None:
        """Adds to the unit that ends the task."""


class Run:
    """A claimed task. Handlers write through it, so that nothing passes the fence."""

    def __init__(
        self, store: Store, clock: Clock, claimed: Claimed, handler: Handler, holds_lease: Callable[[], bool]
    ) -> None:
        self.claimed = claimed
        self.owner = claimed.owner
        self.number = claimed.owner.number
        self.cancelling = asyncio.Event()
        self.plan = Plan(steps=())
        self.steps: dict[int, StepRow] = {}
        self.actions: dict[Place, ActionRow] = {}
        self._store = store
        self._clock = clock
        self._holds_lease = holds_lease
        self._under_way: dict[asyncio.Task[ActionRow | None], Start] = {}
        self._handler = handler

    @property
    def id(self) -> str:
        """The task's id in the API."""
        return f"ServerTasks-{self.number}"

    def now(self) -> int:
        """Milliseconds since 1970."""
        return int(self._clock.now().timestamp() * 1000)

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """One unit, unless this node may no longer be the owner. Raises Fenced."""
        if not self._holds_lease():
            raise Fenced(f"{self.id}: this node's lease is running out")
        return await self._store.write(unit)

    async def read(self, query: Callable[[Tx], T]) -> T:
        """A query on a consistent snapshot."""
        return await self._store.read(query)

    def subscribe(self, channel: str) -> Subscription:
        """Wakes whenever a unit of any node notifies the channel. Close it when done."""
        return self._store.subscribe(channel)

    async def log(self, entries: Sequence[tuple[int, str]], place: LogPlace = TASK) -> None:
        """Appends lines, each with its category, at a place of the plan."""
        now = self.now()
        made = [LogEntry(now, category, text) for category, text in entries]
        await self.write(lambda tx: own(tx, self.owner).log(place, made))

    async def ask(self, asking: Asking) -> ActionRow | list[Held]:
        """Commits that a ticket is about to be asked for, or gives whom its target lock waits for."""
        fault("engine.before-ask")
        answer = await self.write(lambda tx: ask_in(tx, self.owner, asking, self.now()))
        if isinstance(answer, ActionRow):
            self.actions[answer.place] = answer
        return answer

    async def progress(self, told: Progress, before: Callable[[Tx], None] | None = None) -> None:
        """Commits what an action told; at its end together with the result. `before` is part of the unit."""
        if told.state != "running":
            fault("engine.ended-not-committed")

        def unit(tx: Tx) -> None:
            if before is not None:
                before(tx)
            progress_in(tx, self.owner, told, self.now())

        await self.write(unit)

    async def drive(self) -> None:
        """Walks the plan until the task ends, waits for a person, or belongs to somebody else."""
        wake = self._store.subscribe(control(self.number))
        try:
            self.plan = await self._stored_plan()
            await self._reload()
            self._take_up()
            while await self._advance():
                await self._wait(wake.wait(_LOOK_AGAIN))
        except Fenced as error:
            _log.info("%s", error)
        except Retryable as error:
            _log.warning("%s is put down and taken up again: %s", self.id, error)
        except Exception as error:  # noqa: BLE001 - a handler's mistake ends its task, not the node
            await self._break_down(error)
        finally:
            wake.close()
            await self._drop_under_way()

    async def _stored_plan(self) -> Plan:
        text = await self.read(lambda tx: tx.scalar(_PLAN.where(task_plan.c.task == self.number)))
        if text:
            return _plan.decode(text)
        plan = await self._handler.plan(self)
        encoded = msgspec.json.encode(plan).decode()

        def keep(tx: Tx) -> None:
            own(tx, self.owner)
            tx.run(insert(task_plan).values(task=self.number, plan=encoded))

        await self.write(keep)
        return plan

    async def _reload(self) -> None:
        def rows(tx: Tx) -> tuple[str, dict[int, StepRow], list[ActionRow]]:
            row = tx.one(select(task.c.state, task.c.fence).where(task.c.number == self.number))
            if row is None or row["fence"] != self.owner.fence:
                raise Fenced(f"{self.id} belongs to somebody else")
            return row["state"], *load_in(tx, self.number)

        state, self.steps, actions = await self.read(rows)
        self.actions = latest(actions)
        if state == "Cancelling":
            self.cancelling.set()

    def _take_up(self) -> None:
        """Goes on with what an earlier life left under way."""
        by_index = {step.index: step for step in self.plan.steps}
        for row in [row for row in self.actions.values() if row.active]:
            step, frozen = by_index[row.step], self.steps[row.step].frozen
            action = next(a for a in step.actions if a.index == row.action)
            target = next(t for t in frozen.targets if t.id == row.target)
            self._spawn(Start(step, action, target, row.attempt), row)

    async def _advance(self) -> bool:
        """Makes every move open now; False when there is nothing left to do here."""
        for _ in range(1 + 4 * len(self.plan.steps)):
            moves = next_moves(self.plan, self.steps, self._with_starts(), self.cancelling.is_set())
            for start in moves.start:
                self._spawn(start, None)
            await self._settle(moves)
            if moves.done is not None:
                await self._finish(moves.done)
                return False
            if moves.waits and not self._under_way:
                return not await self._release()
            if not (moves.begin or moves.finish or moves.ask):
                return True
        return True

    def _with_starts(self) -> dict[Place, ActionRow]:
        """The rows, with those that are being started but not yet journaled shown as asked for."""
        known = dict(self.actions)
        for start in self._under_way.values():
            place = (start.step.index, start.action.index, start.target.id)
            row = known.get(place)
            if row is None or row.attempt < start.attempt:
                known[place] = ActionRow(0, *place, start.attempt, "asking", "")
        return known

    async def _settle(self, moves: Moves) -> None:
        for step in moves.begin:
            await self._begin(step)
        for index, state in moves.finish:
            await self.write(
                partial(finish_step_in, owner=self.owner, index=index, state=state, now=self.now())
            )
            self.steps[index] = StepRow(index, state, self.steps[index].frozen)
        for row in moves.ask:
            await self._ask_person(row)

    async def _begin(self, step: PlanStep) -> None:
        holds = step_condition(step, self.steps)
        frozen = await self._handler.freeze(self, step, holds)
        state = "Skipped" if frozen.skip is not None else "Running"
        entries = [LogEntry(self.now(), 1, skip.reason) for skip in (frozen.skip, *frozen.skipped) if skip]
        self.steps[step.index] = await self.write(
            lambda tx: begin_step_in(tx, self.owner, step.index, state, frozen, self.now(), entries)
        )

    async def _ask_person(self, row: ActionRow) -> None:
        step = self.plan.steps[row.step]
        frozen: Frozen = self.steps[row.step].frozen
        where = next((t.name for t in frozen.targets if t.id == row.target), row.target)
        what = "It is not known whether" if row.state == "lost" else "A failure of"
        told = f"{what} {step.name} on {where}"
        title = f"{told} ran to its end." if row.state == "lost" else f"{told} needs a decision."
        buttons = ["Retry", "Fail"] if step.required else ["Retry", "Ignore", "Exclude", "Fail"]
        form = {"Text": row.error or title, "Buttons": buttons}
        await self.write(
            lambda tx: ask_guidance_in(tx, self.owner, self.claimed.space, row, title, form, self.now())
        )
        self.actions[row.place] = replace(row, resolution="pending")

    def _spawn(self, start: Start, row: ActionRow | None) -> None:
        made = asyncio.create_task(self._perform(start, row), name=f"{self.id} {start.step.name}")
        self._under_way[made] = start

    async def _perform(self, start: Start, row: ActionRow | None) -> ActionRow | None:
        if start.delay and row is None:
            await _first(self.cancelling.wait(), self._clock.sleep(start.delay))
        if self.cancelling.is_set() and row is None:
            return None
        return await self._handler.perform(self, start, row)

    async def _wait(self, wake: Coroutine[Any, Any, bool]) -> None:
        """Until an action ends, or somebody tells the task something."""
        told = asyncio.create_task(wake)
        done, _ = await asyncio.wait({told, *self._under_way}, return_when=asyncio.FIRST_COMPLETED)
        if told not in done:
            told.cancel()
            await asyncio.gather(told, return_exceptions=True)
        for ended in [each for each in done if each is not told]:
            start = self._under_way.pop(ended)  # type: ignore[arg-type]
            row = ended.result()
            if isinstance(row, ActionRow):
                self.actions[row.place] = row
            elif not self.cancelling.is_set():
                raise RuntimeError(f"{start.step.name} ended without a result")
        if told in done:
            await self._look_again()

    async def _look_again(self) -> None:
        """Resolutions and cancels are rows; what runs here is known better here."""
        mine = {place for place, row in self.actions.items() if row.active}
        before = dict(self.actions)
        await self._reload()
        for place in mine & before.keys():
            self.actions[place] = before[place]

    async def _release(self) -> bool:
        pending = sum(row.resolution == "pending" for row in self.actions.values())
        released = await self.write(lambda tx: release_in(tx, self.owner, pending, self.now()))
        if not released:
            await self._reload()
        return released

    async def _finish(self, state: str) -> None:
        name = {"Success": "succeed", "Failed": "fail", "Canceled": "canceled"}[state]
        handler = self._handler
        error = None
        if state == "Failed":
            error = (
                "The deployment failed because one or more steps failed. "
                "Please see the deployment log for details."
            )

        def unit(tx: Tx) -> None:
            own(tx, self.owner)
            transition(tx, name, self.number, self.now(), error=error)
            handler.finishing_in(self, tx, state)
            fault("engine.in-commit")

        await self.write(unit)

    async def _break_down(self, error: Exception) -> None:
        """Ends the task with the error, when it still is ours to end; what runs on targets is to be stopped."""
        refused = isinstance(error, Refused)
        text = str(error) if refused else f"{type(error).__name__}: {error}"
        _log.log(
            logging.INFO if refused else logging.ERROR,
            "%s stopped: %s",
            self.id,
            text,
            exc_info=None if refused else error,
        )
        handler = self._handler

        def unit(tx: Tx) -> None:
            owned = own(tx, self.owner)
            owned.log(TASK, [LogEntry(self.now(), 6, text)])
            poison_in(tx, self.number, self.owner.fence, self.now())
            transition(tx, "fail", self.number, self.now(), error=text)
            handler.finishing_in(self, tx, "Failed")

        try:
            await self.write(unit)
        except Exception:  # noqa: BLE001 - the watch finds the task and ends or resumes it
            _log.exception("%s could not be ended", self.id)

    async def _drop_under_way(self) -> None:
        for each in self._under_way:
            each.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


async def _first(*coroutines: Coroutine[Any, Any, Any]) -> None:
    """Waits for the first to end, and ends the others."""
    tasks = [asyncio.create_task(each) for each in coroutines]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
