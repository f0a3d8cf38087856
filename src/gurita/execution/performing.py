"""Carrying an action to its end under its ticket, whatever breaks on the way.

Ask first in the journal, then on the target; follow the log and store it with its offset; after any break find out
from the target what is true before doing anything. `docs/subsystems/tickets.md` has the protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from gurita.engine.journal import Asking
from gurita.engine.locks import Held
from gurita.engine.rows import ActionRow
from gurita.engine.run import Run
from gurita.engine.why import holders_sentence
from gurita.execution.job import Job, Prepared
from gurita.execution.outcome import Outcome, of_final
from gurita.execution.poisons import Poisons
from gurita.execution.storing import Stored, Storing
from gurita.execution.supplying import NotSupplied
from gurita.execution.tickets import task_key, ticket, verdict
from gurita.execution.waiting import either, in_time, unless, within
from gurita.formats.variables import VariableError
from gurita.kernel.errors import Retryable
from gurita.kernel.faults import fault
from gurita.steps.step_type import NotHere
from gurita.store.installation import Installation
from gurita.transport.errors import HostBusy, RunnerRefused, TransportError
from gurita.transport.hub import Hub
from gurita.transport.tickets import Batch, Ref, Tickets, Work

__all__ = ["Performer"]

FLUSH = 0.25
"""Seconds after which what a target told is stored, however little it is."""

GRACE = 3.0
"""Seconds between TERM and KILL when a task is canceled."""

REATTACH_PATIENCE = 600.0
"""Seconds a target that was asked may stay out of reach before its action counts as lost."""

_WAIT, _WARNING = 3, 4
_log = logging.getLogger(__name__)


class Performer:
    """Performs jobs for one installation over one hub."""

    def __init__(self, hub: Hub, installation: Installation, poisons: Poisons, storing: Storing) -> None:
        self.hub = hub
        self.installation = installation
        self.poisons = poisons
        self.storing = storing

    async def perform(self, run: Run, job: Job, row: ActionRow | None) -> ActionRow | None:
        """The final row; None when the task was canceled before anything was asked. Raises Fenced."""
        return await _Performance(self, run, job).go(row)

    async def reach(self, run: Run, job: Job) -> Tickets | None:
        """A connection for work that begins nothing; None when the task is canceled first. Raises TransportError."""
        return await _Performance(self, run, job).reach(job.patience, asked=False)


class _Performance:
    """One attempt."""

    def __init__(self, performer: Performer, run: Run, job: Job) -> None:
        self.performer, self.run, self.job = performer, run, job
        installation, created = performer.installation, run.claimed.created
        self.ref = Ref(
            task_key(installation, run.number, created), ticket(installation, run.number, created, job.place)
        )
        self.fence = run.owner.fence

    async def go(self, row: ActionRow | None) -> ActionRow | None:
        try:
            tickets = await self.reach(
                self.job.patience if row is None else REATTACH_PATIENCE, row is not None
            )
        except TransportError as error:
            return await self._not_begun(row, error)
        if tickets is None:
            return None
        begin = row is None
        try:
            prepared = await self._prepared(tickets, row)
        except (NotHere, VariableError) as error:
            return await self._not_begun(row, error)
        if prepared is None:
            return None
        if row is None:
            row = await self._ask(tickets)
            if row is None:
                return None
        return await self._to_the_end(tickets, prepared, row, begin)

    async def _prepared(self, tickets: Tickets, row: ActionRow | None) -> Prepared | None:
        """The work; None when the task is canceled before anything was asked."""
        if row is not None:
            return await self.job.prepare(tickets)
        return await unless(self.run.cancelling, self.job.prepare(tickets))

    async def reach(self, patience: float, asked: bool) -> Tickets | None:
        """A connection, tried for for `patience` seconds. Terminal errors are raised at once.

        None when the task is canceled before anything was asked; what was asked is pursued until its target confirms,
        or the task's deadline for canceling ends all this.
        """
        loop = asyncio.get_running_loop()
        began, pause = loop.time(), 0.2
        ends = began + patience
        while asked or not self.run.cancelling.is_set():
            try:
                endpoint = await self.job.endpoint()
                timing = endpoint.timing
                ends = began + timing.patience if timing.patience and not asked else ends
                pause = max(pause, timing.pause)
                tickets = await self.performer.hub.tickets(self.job.key, endpoint)
                await self.performer.poisons.deliver(self.job.place.target, tickets)
                return tickets
            except TransportError as error:
                if not isinstance(error, Retryable) or loop.time() + pause > ends:
                    raise
            await (asyncio.sleep(pause) if asked else within(self.run.cancelling.wait(), pause))
            pause = min(pause * 2, 10.0)
        return None

    async def _not_begun(self, row: ActionRow | None, error: Exception) -> ActionRow:
        """Nothing was asked: the action failed. Something was: nobody knows, the action is lost."""
        lost = row is not None
        if row is None:
            answer = await self.run.ask(Asking(self.job.place, self.ref.ticket))
            if not isinstance(answer, ActionRow):
                raise RuntimeError("an action without lock waits for one")
            row = answer
        told = str(error)
        if lost:
            told = f"{told} It was asked to run this before, and it is not known whether it did."
        outcome = Outcome("lost" if lost else "failed", None, told)
        stored = self.performer.storing.open(self.run, self.job, row, ())
        return await stored.end(outcome, None, self.ref)

    async def _ask(self, tickets: Tickets) -> ActionRow | None:
        """Writes ahead, once the target's lock is free; None when the task is canceled while it waits."""
        told, locks = False, self.run.subscribe("locks")
        try:
            while True:
                identity = await tickets.identity()
                asking = Asking(
                    self.job.place,
                    self.ref.ticket,
                    identity.store_id,
                    identity.boot_id,
                    identity.begun,
                    self.job.lock,
                    self.job.mode,
                )
                answer = await self.run.ask(asking)
                if isinstance(answer, ActionRow):
                    return answer
                if not told:
                    await self._tell_waiting(answer)
                    told = True
                await either(locks.wait(5.0), self.run.cancelling.wait())
                if self.run.cancelling.is_set():
                    return None
        finally:
            locks.close()

    async def _tell_waiting(self, holders: list[Held]) -> None:
        reason = holders_sentence(self.job.target_name, holders)
        await self.run.log([(_WAIT, reason.text)], self.job.place)

    async def _to_the_end(
        self, tickets: Tickets, prepared: Prepared, row: ActionRow, begin: bool
    ) -> ActionRow:
        """Starts or re-attaches, follows, and after every break looks again."""
        stored = self.performer.storing.open(self.run, self.job, row, prepared.secrets)
        await self._opened(stored, prepared, begin)
        loop = asyncio.get_running_loop()
        ends = loop.time() + REATTACH_PATIENCE
        told_busy = False
        while True:
            try:
                outcome = await self._attempt(tickets, prepared, stored.row, begin, stored)
                return await stored.end(outcome, tickets, self.ref)
            except HostBusy as error:
                if not told_busy:
                    text = f"Waiting for {self.job.target_name}: it is in use by {error.holder}."
                    await self.run.log([(_WAIT, text)], self.job.place)
                    told_busy = True
                ends = loop.time() + REATTACH_PATIENCE
                await within(self.run.cancelling.wait(), 2.0)
            except NotSupplied as error:
                return await stored.end(Outcome("failed", None, str(error)), None, self.ref)
            except RunnerRefused as error:
                lost = error.code == "forgotten"
                outcome = Outcome("lost" if lost else "failed", None, str(error))
                return await stored.end(outcome, tickets, self.ref)
            except TransportError as error:
                if not isinstance(error, Retryable) or loop.time() > ends:
                    return await stored.end(Outcome("lost", None, _unknown(error)), None, self.ref)
                _log.info("%s on %s: %s", self.run.id, self.job.target_name, error)
            begin = False
            stored.rewind()
            again = await self._reach_again(ends)
            if isinstance(again, TransportError):
                return await stored.end(Outcome("lost", None, _unknown(again)), None, self.ref)
            tickets = again

    async def _reach_again(self, ends: float) -> Tickets | TransportError:
        left = max(1.0, ends - asyncio.get_running_loop().time())
        try:
            tickets = await self.reach(left, asked=True)
        except TransportError as error:
            return error
        return tickets or TransportError("The target could not be reached.")

    async def _attempt(
        self, tickets: Tickets, prepared: Prepared, row: ActionRow, begin: bool, stored: Stored
    ) -> Outcome:
        if begin:
            await self._start(tickets, prepared, stored)
        else:
            status = await tickets.status(self.ref, self.fence)
            decided = verdict(row, status.state, status.identity)
            if decided == "lost":
                return Outcome("lost", None, _gone(status.state))
            if decided == "start":
                await self._start(tickets, prepared, stored)
        return await self._follow(tickets, stored)

    async def _start(self, tickets: Tickets, prepared: Prepared, stored: Stored) -> None:
        """Begins the ticket, once what it needs is there."""
        if self.run.cancelling.is_set() or not await self._bring(tickets, prepared, stored):
            await self._cancel(tickets)
            return
        fault("engine.asked-not-recorded")
        work = Work(
            self.ref.task,
            self.ref.ticket,
            self.performer.installation.id,
            self.job.holder,
            self.job.mode,
            prepared.spec,
            prepared.private,
        )
        await tickets.start(work, self.fence)

    async def _bring(self, tickets: Tickets, prepared: Prepared, stored: Stored) -> bool:
        """False when the task is canceled meanwhile. Nothing is stored here: a row that runs counts as begun."""
        if prepared.bring is None:
            return True
        bring = prepared.bring

        async def work() -> bool:
            await bring(tickets, stored.say)
            return True

        return bool(await unless(self.run.cancelling, work()))

    @staticmethod
    async def _opened(stored: Stored, prepared: Prepared, begin: bool) -> None:
        """What comes before the target's own log: warnings at the begin; else what another owner knew."""
        if not begin:
            await stored.recall()
        for warning in prepared.warnings if begin else ():
            stored.say(_WARNING, warning)

    async def _follow(self, tickets: Tickets, stored: Stored) -> Outcome:
        """Stores what comes, at least every `FLUSH` seconds while something does, until the ticket is final."""
        source = tickets.follow(self.ref, self.fence, stored.offset, stored.parser, stored.masker)
        canceler = asyncio.create_task(self._cancel_when_told(tickets))
        try:
            async for item in in_time(source, FLUSH):
                if item is None:
                    await stored.store()
                elif isinstance(item, Batch):
                    stored.hear(item)
                    await stored.fetch_secrets(tickets, self.ref)
                    if stored.full:
                        await stored.store()
                else:
                    stored.final(item)
                    return of_final(item, stored.failure)
            raise RuntimeError("the log ended without a result")
        finally:
            canceler.cancel()
            await asyncio.gather(canceler, return_exceptions=True)

    async def _cancel_when_told(self, tickets: Tickets) -> None:
        await self.run.cancelling.wait()
        await self._cancel(tickets)

    async def _cancel(self, tickets: Tickets) -> None:
        fault("engine.mid-cancel")
        with contextlib.suppress(Retryable):
            await tickets.cancel(self.ref, self.fence, GRACE)


def _unknown(error: Exception) -> str:
    return f"{error} What was started there may or may not have ended."


def _gone(state: str) -> str:
    if state == "unknown":
        return "The target no longer knows what it was asked to run: its ticket store is another one or was set back."
    return "The target began this and has lost it."
