"""Actions that begin nothing on a target: journaled like others, repeated without harm after a crash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from gurita.engine.journal import Asking, Progress
from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.rows import LOOK, ActionRow
from gurita.engine.run import Run
from gurita.execution.outcome import Outcome

__all__ = ["perform_direct"]

Look = Callable[[], Awaitable[tuple[Outcome, Sequence[tuple[int, str]]]]]
"""Does the work; gives how it ended and the lines to log."""


async def perform_direct(run: Run, place: LogPlace, row: ActionRow | None, look: Look) -> ActionRow | None:
    """The final row of an action that only looks; None when the task was canceled before it began."""
    if row is None:
        asked = await run.ask(
            Asking(place, f"{LOOK}{run.number}-{place.step}-{place.target}-{place.attempt}")
        )
        if not isinstance(asked, ActionRow):
            raise RuntimeError("an action without lock waits for one")
        row = asked
    outcome, lines = await look()
    entries = [LogEntry(run.now(), category, text) for category, text in lines]
    told = Progress(row.number, place, entries, state=outcome.state, rc=outcome.rc, error=outcome.error)
    await run.progress(told)
    return replace(row, state=outcome.state, rc=outcome.rc, error=outcome.error, completed=run.now())
