"""What the engine asks of those who know what a task means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gurita.engine.plan import Frozen, Plan, PlanStep
    from gurita.engine.rows import ActionRow
    from gurita.engine.run import Run
    from gurita.engine.walk import Start
    from gurita.store.tx import Tx

__all__ = ["Handler"]


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
