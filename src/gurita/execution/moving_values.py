"""System variables that change during a deployment, or from place to place (runtime formats 1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gurita.engine.plan import Plan, PlanAction, PlanStep, Target

if TYPE_CHECKING:
    from gurita.engine.rows import ActionRow, Place, StepRow

__all__ = ["action_values", "status_values", "target_values"]

_CODES = {
    "Running": "Running",
    "Success": "Succeeded",
    "Failed": "Failed",
    "Skipped": "Skipped",
    "Canceled": "Canceled",
}
_FAILED = frozenset({"failed", "timedout", "lost"})
_FORGIVEN = frozenset({"ignore", "retry", "exclude"})


def action_values(step: PlanStep, planned: PlanAction, target: Target) -> dict[str, str]:
    """What is known of an action on a target from the plan alone. The settings of the action are variables themselves."""
    tags = {tag.casefold() for tag in target.roles}
    found = {
        "Octopus.Step.Id": step.id,
        "Octopus.Step.Name": step.name,
        "Octopus.Step.Number": step.number,
        "Octopus.Action.Id": planned.id,
        "Octopus.Action.Name": planned.name,
        "Octopus.Action.Number": planned.number,
        "Octopus.Action.TargetRoles": ",".join(step.roles),
        "Octopus.Action.IsSkipped": "",
        "Octopus.Machine.Id": target.id,
        "Octopus.Machine.Name": target.name,
        "Octopus.Machine.Roles": ",".join(target.roles),
        "Octopus.Tentacle.CurrentDeployment.TargetedRoles": ",".join(
            tag for tag in step.roles if tag.casefold() in tags
        ),
    }
    return found | {name: value for name, value in planned.properties.items() if name.startswith("Octopus.")}


def target_values(plan: Plan, steps: Mapping[int, StepRow]) -> dict[str, str]:
    """The machines of a deployment: all of them, one by one, and by target tag. Settled steps count as they were settled."""
    machines: dict[str, Target] = {}
    for step in plan.steps:
        row = steps.get(step.index)
        for target in row.frozen.targets if row is not None else step.targets:
            if target.id.startswith("Machines-"):
                machines.setdefault(target.id, target)
    found = {"Octopus.Deployment.Machines": ",".join(machines)}
    tagged: dict[str, list[str]] = {}
    for id, target in machines.items():
        found[f"Octopus.Deployment.Targets[{id}].Id"] = id
        found[f"Octopus.Deployment.Targets[{id}].Name"] = target.name
        for tag in target.roles:
            tagged.setdefault(tag, []).append(id)
    return found | {
        f"Octopus.Environment.MachinesInRole[{tag}]": ",".join(ids) for tag, ids in tagged.items()
    }


def status_values(
    plan: Plan, steps: Mapping[int, StepRow], actions: Mapping[Place, ActionRow], current: PlanStep
) -> dict[str, str]:
    """How far every step is, what was skipped, and what failed so far, the first failure for the deployment."""
    found: dict[str, str] = {}
    failures, left_out = _failures(plan, actions), _left_out(actions)
    for step in plan.steps:
        state = steps[step.index].state if step.index in steps else ""
        skipped = step.skip is not None or state == "Skipped"
        code = "Skipped" if skipped else _CODES.get(state, "Pending")
        errors = failures.get(step.index, [])
        found |= _status(f"Octopus.Step[{step.name}]", code, errors)
        if step.index == current.index:
            found |= _status("Octopus.Step", code, errors)
        for action in step.actions:
            gone = skipped or action.skip is not None or (step.index, action.index) in left_out
            found[f"Octopus.Action[{action.name}].IsSkipped"] = "True" if gone else ""
        for name, error in errors:
            found[f"Octopus.Action[{name}].Status.Error"] = error
            found[f"Octopus.Action[{name}].Status.ErrorDetail"] = error
            found.setdefault("Octopus.Deployment.Error", error)
            found.setdefault("Octopus.Deployment.ErrorDetail", error)
    return {"Octopus.Deployment.Error": "", "Octopus.Deployment.ErrorDetail": ""} | found


def _status(prefix: str, code: str, errors: list[tuple[str, str]]) -> dict[str, str]:
    error = errors[0][1] if errors else ""
    return {
        f"{prefix}.Status.Code": code,
        f"{prefix}.Status.Error": error,
        f"{prefix}.Status.ErrorDetail": "\n".join(text for _, text in errors),
    }


def _failures(plan: Plan, actions: Mapping[Place, ActionRow]) -> dict[int, list[tuple[str, str]]]:
    """The failures nobody forgave, by step: action and what it said, in the order of actions and targets."""
    failed = [
        (place, row)
        for place, row in actions.items()
        if row.state in _FAILED and row.resolution not in _FORGIVEN
    ]
    names = {(step.index, each.index): each.name for step in plan.steps for each in step.actions}
    found: dict[int, list[tuple[str, str]]] = {}
    for (step, action, _target), row in sorted(failed, key=lambda item: item[0]):
        ended = f"The action ended with exit code {row.rc}" if row.rc else f"The action {row.state}"
        found.setdefault(step, []).append((names.get((step, action), ""), row.error or ended))
    return found


def _left_out(actions: Mapping[Place, ActionRow]) -> set[tuple[int, int]]:
    """Actions whose own condition held on none of the targets they were asked for."""
    skipped = {place[:2] for place, row in actions.items() if row.state == "skipped"}
    return skipped - {place[:2] for place, row in actions.items() if row.state != "skipped"}
