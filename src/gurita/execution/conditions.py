"""Run conditions that are expressions: of a step as it begins, of an action on each of its targets (runtime formats 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.execution.aside import aside
from gurita.execution.outcome import Outcome
from gurita.formats.variables import VariableError, Variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gurita.engine.logs import LogPlace
    from gurita.engine.run import Run

__all__ = ["holds", "not_run"]

_INFO, _WARNING = 1, 4


async def holds(run: Run, variables: Variables, expression: str, named: str, place: LogPlace) -> bool:
    """Whether an expression comes to something true. What cannot be evaluated does not hold, and the log says why."""
    try:
        found = await aside(lambda: variables.evaluate(expression))
    except VariableError as error:
        told = [(_WARNING, f"The condition of {named} cannot be evaluated: {error}")]
    else:
        if not found.complaint:
            return found.truthy
        level = _WARNING if found.error else _INFO
        told = [(level, f"The condition of {named} does not hold. {found.complaint}")]
    await run.log(told, place)
    return False


async def not_run() -> tuple[Outcome, Sequence[tuple[int, str]]]:
    """The end of an action whose condition does not hold."""
    return Outcome("skipped", None, None), [(_INFO, "Condition 'Variable' does not hold.")]
