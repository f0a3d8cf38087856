"""What of the steps on one target is another than last time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from gurita.deployments.differences.resources import LastDeployed, PackageDifference, StepDifference
from gurita.deployments.rules.packages import PlannedPackage, is_acquisition, packages_at
from gurita.engine.plan import ON_SERVER, Plan, PlanAction, PlanStep
from gurita.kernel.ids import folded
from gurita.projects.resources import Action, DeploymentProcess, Step
from gurita.projects.rules import with_packages

__all__ = ["History", "Past", "known_actions", "place_of", "planned_at", "steps_at"]

_SCRIPT = "octopus.script"
_PACKAGE = "octopus.tentaclepackage"
_TRANSFER = "octopus.transferpackage"
_CUSTOM_SCRIPT = "octopus.action.customscripts."

_ACTION_MEMBERS = {
    "name": "Name",
    "action_type": "ActionType",
    "condition": "Condition",
    "worker_pool_id": "WorkerPoolId",
    "worker_pool_variable": "WorkerPoolVariable",
    "container": "Container",
    "packages": "Packages",
    "git_dependencies": "GitDependencies",
    "inputs": "Inputs",
}
_STEP_MEMBERS = {
    "condition": "Step.Condition",
    "start_trigger": "Step.StartTrigger",
    "package_requirement": "Step.PackageRequirement",
}

Known = Mapping[str, tuple[Step, Action]]


@dataclass(frozen=True, slots=True)
class Past:
    """A deployment of the past: what it was, the variable sets it was deployed with (its own first), its process, and the
    packages it planned, by action id and folded reference."""

    deployed: LastDeployed
    channel: str = ""
    sets: tuple[str, ...] = ()
    actions: Known = field(default_factory=dict)
    packages: Mapping[tuple[str, str], PlannedPackage] = field(default_factory=dict)


@dataclass(slots=True)
class History:
    """What ran where: by target the last deployment that began anything there, and what succeeded of it; by target and
    action the last success, and those that did not succeed when they were tried last."""

    last: dict[str, Past] = field(default_factory=dict)
    ran_last: dict[str, set[str]] = field(default_factory=dict)
    success: dict[tuple[str, str], Past] = field(default_factory=dict)
    failed: set[tuple[str, str]] = field(default_factory=set)
    told: dict[tuple[str, str, bool], StepDifference] = field(default_factory=dict)
    """What was made of an action since a deployment: the same for all targets with that past."""


def place_of(target: str) -> str:
    """A target as history counts it: workers stand in for the server and take turns."""
    return target if target.startswith("Machines-") else ON_SERVER


def known_actions(process: DeploymentProcess) -> dict[str, tuple[Step, Action]]:
    """The actions of a process with their steps, by id; primary packages as references and properties, as in a plan."""
    return {
        action.id: (step, with_packages(action, str)) for step in process.steps for action in step.actions
    }


def planned_at(plan: Plan) -> dict[str, list[tuple[PlanStep, PlanAction]]]:
    """What would run on each target, in order."""
    found: dict[str, list[tuple[PlanStep, PlanAction]]] = {}
    for step in plan.steps:
        if is_acquisition(step) or step.skip is not None:
            continue
        for target in step.targets:
            here = found.setdefault(place_of(target.id), [])
            here += [(step, action) for action in step.actions if action.skip is None]
    return found


def steps_at(
    target: str, planned: Iterable[PlanAction], now: Known, history: History
) -> list[StepDifference]:
    """The steps that would run on a target against their last success there, then those that ran last and would not now."""
    found = [_step(target, each, now, history) for each in planned]
    here = {each.action_id for each in found}
    last = history.last.get(target)
    if last is not None:
        gone = [id for id in last.actions if id in history.ran_last.get(target, ()) and id not in here]
        found += [_gone(id, last, now) for id in gone]
    return found


def _step(target: str, planned: PlanAction, now: Known, history: History) -> StepDifference:
    past = history.success.get((target, planned.id))
    failed = (target, planned.id) in history.failed
    key = planned.id, past.deployed.deployment_id if past else "", failed
    if key not in history.told:
        history.told[key] = _difference(planned, past, now, failed=failed)
    return history.told[key]


def _difference(planned: PlanAction, past: Past | None, now: Known, *, failed: bool) -> StepDifference:
    step, action = now[planned.id]
    former = past.actions.get(planned.id) if past else None
    settings = _settings(former, (step, action)) if former else []
    return StepDifference(
        action_id=planned.id,
        action_name=planned.name,
        action_number=planned.number,
        change="New" if former is None else "Changed" if settings else "Same",
        settings=settings,
        packages=_packages(planned, past),
        opaque=_opaque(action),
        last_version=past.deployed.release_version if past else None,
        failed_since=failed,
    )


def _gone(id: str, last: Past, now: Known) -> StepDifference:
    action = last.actions[id][1]
    return StepDifference(
        action_id=id,
        action_name=action.name,
        action_number="",
        change="NotHere" if id in now else "Removed",
        packages=[
            PackageDifference(name=each.name, package_id=each.package_id, before=each.version, after=None)
            for (of, _), each in last.packages.items()
            if of == id
        ],
        last_version=last.deployed.release_version,
    )


def _packages(planned: PlanAction, past: Past | None) -> list[PackageDifference]:
    """The packages of an action; one under the same name that is another package now was not there before."""
    before = {ref: each for (id, ref), each in past.packages.items() if id == planned.id} if past else {}
    found = []
    for each in packages_at(planned):
        former = before.get(folded(each.name))
        same = former is not None and folded(former.package_id) == folded(each.package_id)
        found.append(
            PackageDifference(
                name=each.name,
                package_id=each.package_id,
                before=former.version if former is not None and same else None,
                after=each.version,
            )
        )
    return found


def _settings(before: tuple[Step, Action], after: tuple[Step, Action]) -> list[str]:
    """The settings that are not the same, by the names the API has for them."""
    found = _members(before[1], after[1], _ACTION_MEMBERS) + _members(before[0], after[0], _STEP_MEMBERS)
    for one, other in (
        (before[1].properties, after[1].properties),
        (before[0].properties, after[0].properties),
    ):
        found += [name for name in {**one, **other} if one.get(name) != other.get(name)]
    return sorted(dict.fromkeys(found))


def _members(before: Any, after: Any, names: Mapping[str, str]) -> list[str]:
    def of(doc: Any, name: str) -> Any:
        value = getattr(doc, name)
        return [replace(each, id="") for each in value] if name == "packages" else value

    return [shown for name, shown in names.items() if of(before, name) != of(after, name)]


def _opaque(action: Action) -> str:
    """Why what an action does cannot be told from its settings; "" where it can."""
    kind = action.action_type.lower()
    if kind == _SCRIPT:
        return "It runs a script, which may change anything."
    if kind == _PACKAGE:
        own = any(k.lower().startswith(_CUSTOM_SCRIPT) and v for k, v in action.properties.items())
        said = "Scripts of the step" if own else "Scripts in the package, if it has any,"
        return f"{said} may change more than files."
    return "" if kind == _TRANSFER else f"What '{action.action_type}' does is not known here."
