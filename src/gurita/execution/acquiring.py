"""The step that acquires packages: a row a package, fetched by the server, and a row a target, brought what it lacks.

Both are found done when they are done again, so a task that was taken over repeats what was under way without harm; their lines are
stored together with their result, so that no line stands twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gurita.deployments.rules import PlannedPackage, is_package, packages_at, wanted_by
from gurita.engine.logs import LogPlace
from gurita.execution.direct import perform_direct
from gurita.execution.outcome import Outcome
from gurita.execution.supplying import NotSupplied, Say, Supplies
from gurita.execution.target_jobs import Endpoints, job_for
from gurita.execution.trimming import trim
from gurita.execution.waiting import unless
from gurita.kernel.errors import Retryable
from gurita.transport.errors import TransportError

if TYPE_CHECKING:
    from gurita.engine.rows import ActionRow
    from gurita.engine.run import Run
    from gurita.engine.walk import Start
    from gurita.execution.job import Job, Prepared
    from gurita.execution.performing import Performer
    from gurita.http.context import Context
    from gurita.transport.tickets import Tickets

__all__ = ["Acquiring"]

_ATTEMPTS = 5
_PAUSE = 0.3
"""Seconds before the second attempt at a target; three times as long before each further one."""

_WARNING = 4
_CANCELED = Outcome("canceled", None, "Canceled.")
_NO_PYTHON = (
    "has no Python 3.8 or newer: packages cannot be kept and unpacked there. Install it on the target."
)


class Acquiring:
    """Performs the rows of the step of acquisition."""

    def __init__(self, performer: Performer, endpoints: Endpoints) -> None:
        self._performer, self._endpoints = performer, endpoints

    async def perform(
        self, run: Run, ctx: Context, supplies: Supplies, start: Start, row: ActionRow | None, *, force: bool
    ) -> ActionRow | None:
        """Fetches the package, or brings the target its packages. `force` has feeds asked again."""
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)

        async def look() -> tuple[Outcome, Sequence[tuple[int, str]]]:
            lines: list[tuple[int, str]] = []

            def say(category: int, text: str) -> None:
                lines.append((category, text))

            if is_package(start.target):
                work = self._package(supplies, start, say, force=force)
            else:
                job = job_for(
                    ctx, self._endpoints, place, start.target, start.action.name, _nothing, holder=""
                )
                wanted = wanted_by(run.plan, start.step, start.target)
                work = self._machine(run, ctx, job, supplies, wanted, say)
            outcome = await unless(run.cancelling, work) or _CANCELED
            if outcome.error and outcome.state == "failed":
                say(5, outcome.error)
            return outcome, lines

        return await perform_direct(run, place, row, look)

    async def _package(self, supplies: Supplies, start: Start, say: Say, *, force: bool) -> Outcome:
        wanted = next(each for each in packages_at(start.action) if each.key == start.target.id)
        try:
            supplies.tell(wanted, await supplies.fetch(wanted, say, force=force), say)
        except NotSupplied as error:
            return Outcome("failed", None, str(error))
        return Outcome("success", 0, None)

    async def _machine(
        self, run: Run, ctx: Context, job: Job, supplies: Supplies, wanted: list[PlannedPackage], say: Say
    ) -> Outcome:
        left, pause = _ATTEMPTS, _PAUSE
        while True:
            try:
                tickets = await self._performer.reach(run, job)
                if tickets is None:
                    return _CANCELED
                if not tickets.has_runner:
                    return Outcome("failed", None, f"{job.target_name} {_NO_PYTHON}")
                await supplies.bring(tickets, wanted, job.target_name, say)
                await trim(run, ctx, job.key, tickets, say)
            except NotSupplied as error:
                return Outcome("failed", None, str(error))
            except TransportError as error:
                left -= 1
                if not left or not isinstance(error, Retryable):
                    return Outcome("failed", None, str(error))
                say(_WARNING, f"{error} This is tried again.")
                await asyncio.sleep(pause)
                pause *= 3
                continue
            return Outcome("success", 0, None)


async def _nothing(_tickets: Tickets) -> Prepared:
    raise RuntimeError("no ticket is begun while packages are acquired")
