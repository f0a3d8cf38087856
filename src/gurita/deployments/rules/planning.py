"""A process, a place and a choice become a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec import UNSET
from msgspec.structs import replace

from gurita.deployments.rules.guidance import guidance
from gurita.deployments.rules.packages import (
    ACQUIRE_PARALLEL,
    PlannedPackage,
    as_data,
    packages_at,
    packages_of,
    with_acquisition,
)
from gurita.deployments.rules.scene import Kind, Scene
from gurita.deployments.rules.skipping import SkipCode, is_required, skip_of
from gurita.deployments.rules.targeting import SERVER, Selection, no_target, select
from gurita.engine.plan import Plan, PlanAction, PlanStep, Skip
from gurita.http.sensitive_value import SensitiveValue
from gurita.projects.resources import Action, Step
from gurita.projects.rules import (
    flag,
    retries,
    roles,
    step_expression,
    timeout_minutes,
    window,
    with_packages,
)
from gurita.projects.rules.settings import RUN_ON_SERVER, Retries, action_expression, whole

__all__ = ["PARALLEL", "plan"]

PARALLEL = 10
"""Steps, and targets of a step, under way at once unless `Octopus.Action.MaxParallelism` says otherwise."""

T = TypeVar("T")


@dataclass(slots=True)
class _Draft:
    """What is found while planning. A problem keeps the deployment from starting; a warning does not."""

    scene: Scene
    parallel: int = PARALLEL
    parallel_set: bool = False
    acquire_parallel: int = ACQUIRE_PARALLEL
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    wanted_targets: bool = False
    found_targets: bool = False

    def read(self, reader: Callable[[], T], instead: T, where: str) -> T:
        try:
            return reader()
        except ValueError as error:
            self.errors.append(f"{where} {error}.")
            return instead


def plan(scene: Scene) -> Plan:
    """What a deployment of this process to this environment does.

    Every step and action is in it, also those that do not run, with the reason. `errors` say why the deployment
    cannot start at all; `data["warnings"]` what somebody should know; `data["guidance"]` who decided on guided
    failure.
    """
    draft = _Draft(scene)
    _read_parallelism(draft)
    _check_choice(draft)
    steps: list[PlanStep] = []
    group = -1
    process = [_whole(step) for step in scene.process.steps]
    for index, step in enumerate(process):
        group += step.start_trigger == "StartAfterPrevious" or index == 0
        steps.append(_step(draft, step, index, group))
    if draft.wanted_targets and not draft.found_targets and not scene.policy.allow_deployments_to_no_targets:
        draft.errors.append(_nowhere(scene, steps))
    guided = guidance(scene.choice.guided, scene.project_guided, scene.environment_guided)
    return Plan(
        steps=tuple(with_acquisition(steps, process, draft.acquire_parallel)),
        parallel_steps=draft.parallel,
        guided=guided.on,
        guided_off=guided.explicitly_off,
        errors=tuple(draft.errors),
        data={"warnings": draft.warnings, "guidance": guided.source},
    )


def _nowhere(scene: Scene, steps: list[PlanStep]) -> str:
    reasons = {s.skip.reason: None for s in steps if s.skip and s.skip.code == SkipCode.NO_MATCHING_TARGET}
    return (
        f"There is no target to deploy to in {scene.name(scene.environment_id)}. {' '.join(reasons)} "
        "Add or enable a target, or allow deployments without targets in the project's settings."
    )


def _whole(step: Step) -> Step:
    """A step whose actions have their primary packages both as references and as properties, also of an older process."""
    return replace(step, actions=[with_packages(action, str) for action in step.actions])


def _read_parallelism(draft: _Draft) -> None:
    scene = draft.scene
    said = _limit(draft, "Octopus.Action.MaxParallelism", scene.max_parallelism, PARALLEL)
    if said is not None:
        draft.parallel, draft.parallel_set = said, True
    said = _limit(draft, "Octopus.Acquire.MaxParallelism", scene.acquire_parallelism, ACQUIRE_PARALLEL)
    draft.acquire_parallel = said or ACQUIRE_PARALLEL


def _limit(draft: _Draft, name: str, value: str, instead: int) -> int | None:
    if not value.strip():
        return None
    try:
        return whole(value.strip(), 1, 10_000)
    except ValueError as error:
        draft.warnings.append(f"The variable {name} {error}. {instead} is used instead.")
        return None


def _check_choice(draft: _Draft) -> None:
    """What was chosen must exist, and what is required cannot be left out."""
    scene = draft.scene
    actions = {a.id: a for s in scene.process.steps for a in s.actions}
    for id in sorted(scene.choice.skip_actions):
        if id not in actions:
            draft.errors.append(f"SkipActions: the process of this release has no action '{id}'.")
        elif is_required(actions[id]):
            draft.errors.append(f"SkipActions: '{actions[id].name}' is required and cannot be skipped.")
    here = {m.id for m in scene.machines}
    for id in sorted(scene.choice.only_machines - here):
        where = scene.name(scene.environment_id)
        draft.errors.append(f"SpecificMachineIds: '{scene.name(id)}' is not a deployment target in {where}.")


def _step(draft: _Draft, step: Step, index: int, group: int) -> PlanStep:
    scene = draft.scene
    actions = tuple(_action(draft, step, a, index, n) for n, a in enumerate(step.actions))
    skip = _skip_of_all(step, actions)
    tags = _tags(draft, step)
    chosen = Selection((SERVER,))
    if tags:
        chosen = select(tags, scene.machines, scene.choice, scene.policy)
    if tags and skip is None:
        draft.wanted_targets = True
        draft.found_targets = draft.found_targets or bool(chosen.targets)
        skip = None if chosen.targets else no_target(tags, chosen.skipped)
    if skip is None:
        _check_step(draft, step, actions, tags, chosen)
    return PlanStep(
        index=index,
        id=step.id,
        name=step.name,
        number=str(index + 1),
        group=group,
        actions=actions,
        condition=step.condition,
        expression=step_expression(step) if step.condition == "Variable" else "",
        roles=tags,
        targets=chosen.targets if skip is None else (),
        skipped=chosen.skipped if tags else (),
        window=_window(draft, step, index) if skip is None else draft.parallel,
        required=any(is_required(a) for a in step.actions),
        skip=skip,
    )


def _tags(draft: _Draft, step: Step) -> tuple[str, ...]:
    """A lone action that never runs on a target ignores its step's tags; children run once a target."""
    lone = len(step.actions) == 1 and _kind(draft, step.actions[0]).server_only
    return () if lone else roles(step, draft.scene.expand)


def _skip_of_all(step: Step, actions: tuple[PlanAction, ...]) -> Skip | None:
    skips = [a.skip for a in actions if a.skip]
    if len(skips) < len(actions):
        return None
    if len(skips) == 1:
        return skips[0]
    reason = " ".join(["Nothing in this step runs.", *(s.reason for s in skips)])
    return Skip(code=SkipCode.NOTHING_TO_RUN, reason=reason, id=step.id, name=step.name)


def _window(draft: _Draft, step: Step, index: int) -> int:
    """A step's window wins over a bigger parallelism; a smaller parallelism limits the window too."""
    wanted = draft.read(
        lambda: window(step, draft.scene.expand), None, f"Step {index + 1} '{step.name}': the window size"
    )
    if wanted is None:
        return draft.parallel
    if draft.parallel_set and draft.parallel > wanted:
        draft.warnings.append(
            f"Step {index + 1} '{step.name}': its window of {wanted} wins over the "
            f"Octopus.Action.MaxParallelism of {draft.parallel}."
        )
    return min(wanted, draft.parallel)


def _check_step(
    draft: _Draft,
    step: Step,
    actions: tuple[PlanAction, ...],
    tags: tuple[str, ...],
    chosen: Selection,
) -> None:
    """What of this step cannot be done here, although nothing says that it is to be skipped."""
    without_python = [m.name for m in draft.scene.machines if not m.has_python]
    bare = [t.name for t in chosen.targets if t.name in without_python]
    taken = {target.id for target in chosen.targets}
    draft.errors += [
        f"Step {actions[0].number.partition('.')[0]} '{step.name}': {m.refusal}"
        for m in draft.scene.machines
        if m.refusal and m.id in taken
    ]
    for planned, action in zip(actions, step.actions, strict=True):
        if planned.skip is not None:
            continue
        where = f"Step {planned.number} '{action.name}'"
        kind = draft.scene.kinds.get(action.action_type.lower())
        if kind is None:
            draft.errors.append(f"{where}: this server cannot run actions of type '{action.action_type}'.")
            continue
        draft.errors += [f"{where}: {problem}" for problem in kind.check(action)]
        if not tags and not planned.on_server:
            draft.errors.append(
                f"{where}: it has no target tags. Set Octopus.Action.TargetRoles on the step, or "
                "Octopus.Action.RunOnServer to True on the action."
            )
        needs = kind.needs_python(action) or any(each.acquired for each in packages_at(planned))
        if bare and needs and not planned.on_server:
            draft.errors.append(f"{where}: it needs Python on the target; {', '.join(bare)} has none.")


def _kind(draft: _Draft, action: Action) -> Kind:
    return draft.scene.kinds.get(action.action_type.lower(), Kind())


def _action(draft: _Draft, step: Step, action: Action, index: int, place: int) -> PlanAction:
    number = str(index + 1) if len(step.actions) == 1 else f"{index + 1}.{place + 1}"
    skip = skip_of(action, draft.scene)
    kind = _kind(draft, action)
    where = f"Step {number} '{action.name}': "
    again, minutes = Retries(), 0
    packages: tuple[PlannedPackage, ...] = ()
    if skip is None:
        packages = draft.read(lambda: _packages(draft, action, where), packages, where + "a package:")
        again = draft.read(lambda: retries(action, draft.scene.expand), again, where + "the automatic retry")
        minutes = draft.read(lambda: timeout_minutes(action, draft.scene.expand), 0, where + "the time limit")
    return PlanAction(
        index=place,
        id=action.id,
        name=action.name,
        number=number,
        type=action.action_type,
        on_server=kind.server_only or flag(action.properties, RUN_ON_SERVER, draft.scene.expand),
        retries=again.count,
        backoff=again.backoff,
        timeout=minutes * 60,
        idempotent=kind.idempotent,
        skip=skip,
        properties={k: v for k, v in action.properties.items() if isinstance(v, str)},
        data=_data(action) | as_data(packages),
    )


def _packages(draft: _Draft, action: Action, where: str) -> tuple[PlannedPackage, ...]:
    return packages_of(action, draft.scene, lambda problem: draft.errors.append(where + problem))


def _data(action: Action) -> dict[str, object]:
    """What the step type may ask for besides its properties. `secrets` maps a property to its secret's id."""
    secrets = {
        key: value.secret_id
        for key, value in action.properties.items()
        if isinstance(value, SensitiveValue) and value.secret_id is not UNSET
    }
    data: dict[str, object] = {"slug": action.slug, "required": is_required(action), "secrets": secrets}
    if action.condition == "Variable":
        data["expression"] = action_expression(action)
    if action.worker_pool_id or action.worker_pool_variable:
        data["worker_pool"] = action.worker_pool_id or ""
        data["worker_pool_variable"] = action.worker_pool_variable or ""
    return data
