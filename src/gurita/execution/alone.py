"""Tasks that are one action on many machines: a health check, a script somebody runs."""

from __future__ import annotations

from gurita.engine.plan import Plan, PlanAction, PlanStep, Target

__all__ = ["plan_of"]

_PARALLEL = 10
"""Machines at once."""


def plan_of(action: PlanAction, targets: tuple[Target, ...]) -> Plan:
    """A plan with one step of the action's name. It fails where it fails: nobody is asked."""
    step = PlanStep(
        index=0,
        id=action.id,
        name=action.name,
        number=action.number,
        group=0,
        actions=(action,),
        targets=targets,
        window=_PARALLEL,
    )
    return Plan(steps=(step,), guided_off=True)
