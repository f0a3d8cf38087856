"""Which targets a step runs on, and why the others are left out.

Asked twice: when a deployment is planned or previewed, and again when a step begins, with the targets there are then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gurita.deployments.rules.scene import Choice, Machine
from gurita.deployments.rules.skipping import SkipCode
from gurita.engine.plan import ON_SERVER, Frozen, PlanStep, Skip, Target
from gurita.projects.resources import ConnectivityPolicy

__all__ = ["SERVER", "Selection", "no_target", "select", "settle"]

SERVER = Target(id=ON_SERVER, name="Server")


@dataclass(frozen=True, slots=True)
class Selection:
    """Targets in the order they are taken: by name, then id. `skipped` names those with the tag that are left out."""

    targets: tuple[Target, ...] = ()
    skipped: tuple[Skip, ...] = ()


def select(
    roles: Iterable[str], machines: Iterable[Machine], choice: Choice, policy: ConnectivityPolicy
) -> Selection:
    """The machines that have any of the tags, in any case, less those that are out."""
    wanted = {role.casefold() for role in roles}
    targets: list[Target] = []
    skipped: list[Skip] = []
    for machine in sorted(machines, key=lambda m: (m.name.casefold(), m.id)):
        if not wanted & {role.casefold() for role in machine.roles}:
            continue
        if found := _left_out(machine, choice, policy):
            skipped.append(Skip(code=found[0], reason=found[1], id=machine.id, name=machine.name))
        else:
            targets.append(Target(id=machine.id, name=machine.name, roles=machine.roles))
    return Selection(tuple(targets), tuple(skipped))


def _left_out(machine: Machine, choice: Choice, policy: ConnectivityPolicy) -> tuple[SkipCode, str] | None:
    tags = {role.casefold() for role in machine.roles}
    by_name = bool(choice.only_machines) and machine.id not in choice.only_machines
    by_tag = bool(choice.only_tags) and not tags & {t.casefold() for t in choice.only_tags}
    if machine.is_disabled:
        return SkipCode.TARGET_DISABLED, f"'{machine.name}' is disabled."
    if by_name or by_tag:
        return (
            SkipCode.TARGET_NOT_SELECTED,
            f"'{machine.name}' is not among the targets chosen for this deployment.",
        )
    if machine.id in choice.excluded_machines or tags & {t.casefold() for t in choice.excluded_tags}:
        return SkipCode.TARGET_EXCLUDED, f"'{machine.name}' was excluded from this deployment."
    limited = {role.casefold() for role in policy.target_roles}
    may_be_away = policy.skip_machine_behavior == "SkipUnavailableMachines" and (
        not limited or limited & tags
    )
    if may_be_away and machine.health == "Unavailable":
        return (
            SkipCode.TARGET_UNAVAILABLE,
            f"'{machine.name}' is unavailable; the project skips such targets.",
        )
    if policy.exclude_unhealthy_targets and machine.health == "Unhealthy":
        return SkipCode.TARGET_UNHEALTHY, f"'{machine.name}' is unhealthy; the project excludes such targets."
    return None


def no_target(roles: Iterable[str], skipped: Iterable[Skip]) -> Skip:
    """Why a step has nowhere to run: nothing has its tags, or all that have are left out."""
    out = list(skipped)
    reason = f"No target is tagged {', '.join(roles)}."
    if out:
        reason = f"Every target tagged {', '.join(roles)} is left out: " + " ".join(s.reason for s in out)
    return Skip(code=SkipCode.NO_MATCHING_TARGET, reason=reason)


def settle(step: PlanStep, machines: Iterable[Machine], choice: Choice, policy: ConnectivityPolicy) -> Frozen:
    """What a step of a plan runs on now. A step without tags runs on the server; a skip of the plan stays."""
    if step.skip is not None and step.skip.code != SkipCode.NO_MATCHING_TARGET:
        return Frozen(window=step.window, skip=step.skip)
    if not step.roles:
        return Frozen(targets=(SERVER,), window=step.window)
    found = select(step.roles, machines, choice, policy)
    skip = None if found.targets else no_target(step.roles, found.skipped)
    return Frozen(targets=found.targets, window=step.window, skipped=found.skipped, skip=skip)
