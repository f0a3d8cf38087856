"""A plan as the classic preview shows it (api.md 5)."""

from __future__ import annotations

from gurita.catalog.form import Form
from gurita.deployments.resources import DeploymentPreview, PreviewMachine, PreviewSkip, PreviewStep
from gurita.deployments.rules.packages import is_acquisition
from gurita.deployments.rules.skipping import SkipCode
from gurita.engine.plan import ON_SERVER, Plan, PlanAction, PlanStep, Skip

__all__ = ["preview"]

AWAY = (SkipCode.TARGET_UNAVAILABLE, SkipCode.TARGET_UNHEALTHY)


def preview(plan: Plan, form: Form, *, include_disabled: bool = False) -> DeploymentPreview:
    """One row an action that would run, and beside it (our own members) what would not and why.

    With `include_disabled` disabled actions are rows too, as old clients want them.
    """
    rows: list[PreviewStep] = []
    skips: list[PreviewSkip] = []
    for step in plan.steps:
        for action in () if is_acquisition(step) else step.actions:
            skip = action.skip or step.skip
            disabled = skip is not None and skip.code == SkipCode.DISABLED
            nowhere = skip is not None and skip.code == SkipCode.NO_MATCHING_TARGET
            if skip is None or nowhere or (disabled and include_disabled):
                rows.append(_row(step, action, disabled=disabled, nowhere=nowhere))
            if skip is not None:
                skips.append(_skipped(action, skip))
    return DeploymentPreview(
        steps_to_execute=rows,
        form=form,
        use_guided_failure_mode_by_default=plan.guided,
        steps_to_skip=skips,
        problems=list(plan.errors),
        warnings=list(plan.data.get("warnings", [])),
    )


def _skipped(action: PlanAction, skip: Skip) -> PreviewSkip:
    return PreviewSkip(
        action_id=action.id,
        action_name=action.name,
        action_number=action.number,
        code=skip.code,
        reason=skip.reason,
    )


def _row(step: PlanStep, action: PlanAction, *, disabled: bool, nowhere: bool) -> PreviewStep:
    machines = [t for t in step.targets if t.id != ON_SERVER]
    return PreviewStep(
        action_id=action.id,
        action_name=action.name,
        action_number=action.number,
        roles=list(step.roles),
        machine_names=[m.name for m in machines],
        machines=[PreviewMachine(id=m.id, name=m.name) for m in machines],
        can_be_skipped=not action.data.get("required"),
        is_disabled=disabled,
        has_no_applicable_machines=nowhere,
        unavailable_machines=[_machine(s) for s in step.skipped if s.code in AWAY],
        excluded_machines=[_machine(s) for s in step.skipped if s.code not in AWAY],
    )


def _machine(skip: Skip) -> PreviewMachine:
    return PreviewMachine(id=skip.id, name=skip.name)
