"""Deleting a space: everything it holds in units of bounded size, then the space itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Table

from gurita.engine.journal import Asking, Progress
from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.owner import own
from gurita.engine.plan import ON_SERVER, Frozen, Plan, PlanAction, PlanStep, Target
from gurita.engine.rows import LOOK, ActionRow
from gurita.engine.run import Run
from gurita.engine.walk import Start
from gurita.http.context import Context
from gurita.kernel.faults import fault
from gurita.spaces.emptying import Removed, holders, remove_some_in, word_of
from gurita.spaces.removing import finish_in
from gurita.store.leaving import all_older_ended_in, mark_in
from gurita.store.tx import Tx

__all__ = ["RemovingSpaces"]

_OLDEST = 600.0
"""Seconds a unit of work that began before the space was shut may still take; the last unit removes what it left."""

_LOOK_AGAIN = 0.2
_MOST_NAMED = 20

_STOPPED = "Canceled. What was removed stays removed, and the space cannot be used: delete it once more to remove the rest."


class RemovingSpaces:
    """The handler of `DeleteSpace` tasks.

    Whatever was removed is gone, so one that is taken up again begins at the first table and finds less there.
    """

    def __init__(self, context: Callable[[str], Context]) -> None:
        self._context = context

    async def plan(self, run: Run) -> Plan:
        """One step with one action on the server."""
        action = PlanAction(
            index=0,
            id="empty",
            name="Remove everything",
            number="1",
            type="DeleteSpace",
            on_server=True,
            idempotent=True,
        )
        step = PlanStep(
            index=0,
            id="empty",
            name=f"Remove everything in {run.claimed.arguments['SpaceName']}",
            number="1",
            group=0,
            actions=(action,),
            targets=(Target(id=ON_SERVER, name="Server"),),
        )
        return Plan(steps=(step,), guided_off=True)

    async def freeze(self, run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        """The server."""
        return Frozen(targets=step.targets)

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        """Removes one table after the other."""
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)
        if row is None:
            asked = await run.ask(
                Asking(place, f"{LOOK}{run.number}-{place.step}-{place.target}-{place.attempt}")
            )
            if not isinstance(asked, ActionRow):
                raise RuntimeError("an action without lock waits for one")
            row = asked
        space = str(run.claimed.arguments["SpaceId"])
        await self._older_ended(run, place)
        for table in holders():
            if not await self._empty(run, place, table, space):
                return await self._end(run, place, row, "canceled", _STOPPED)
        fault("spaces.before-last")
        return await self._end(run, place, row, "success", None, space)

    def finishing_in(self, run: Run, tx: Tx, state: str) -> None:
        """Nothing but the task itself."""

    async def _older_ended(self, run: Run, place: LogPlace) -> None:
        """Waits for units that began before the space was shut: they may still write in it."""
        mark = await run.read(mark_in)
        clock = self._context("").services.clock
        deadline = clock.monotonic() + _OLDEST
        while not await run.read(lambda tx: all_older_ended_in(tx, mark)):
            if clock.monotonic() > deadline:
                await run.log(
                    [(4, "A transaction that began before the space was shut does not end.")], place
                )
                return
            await clock.sleep(_LOOK_AGAIN)

    async def _empty(self, run: Run, place: LogPlace, table: Table, space: str) -> bool:
        """Removes what a table holds of the space; False when the task is canceled before that is done."""
        while not run.cancelling.is_set():
            now = run.now()

            def unit(tx: Tx, now: int = now) -> Removed:
                owned = own(tx, run.owner)
                removed = remove_some_in(tx, table, space, now)
                if removed.count:
                    owned.log(place, [LogEntry(now, 1, _told(table, removed))])
                return removed

            if not (await run.write(unit)).count:
                return True
            fault("spaces.between-batches")
        return False

    async def _end(
        self, run: Run, place: LogPlace, row: ActionRow, state: str, error: str | None, space: str = ""
    ) -> ActionRow:
        ctx = self._context("")

        def last(tx: Tx) -> None:
            own(tx, run.owner)
            if space:
                finish_in(tx, ctx, space, run.number)

        said = error or "Nothing is left of the space but its audit trail."
        entries = [LogEntry(run.now(), 1 if state == "success" else 4, said)]
        await run.progress(Progress(row.number, place, entries, state=state, error=error), before=last)
        return replace(row, state=state, error=error, completed=run.now())


def _told(table: Table, removed: Removed) -> str:
    """What a unit removed, for the log."""
    names = ", ".join(removed.names[:_MOST_NAMED])
    more = f" and {len(removed.names) - _MOST_NAMED:,} more" if len(removed.names) > _MOST_NAMED else ""
    return f"Removed {word_of(table)}: {removed.count:,}{f' ({names}{more})' if names else ''}"
