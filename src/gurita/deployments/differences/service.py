"""What a deployment of a release would change, by targets on which the same changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gurita.deployments.differences.gathering import history_in
from gurita.deployments.differences.resources import (
    Differences,
    TargetDifferences,
    TargetName,
    VariableDifference,
)
from gurita.deployments.differences.steps import Past, known_actions, place_of, planned_at, steps_at
from gurita.deployments.differences.values import Side, Spot, Variance
from gurita.deployments.previewing import planned_in
from gurita.deployments.rules.packages import is_acquisition
from gurita.engine.plan import ON_SERVER
from gurita.environments import service as environments
from gurita.kernel.errors import Invalid
from gurita.releases import service as releases
from gurita.store.within import spot
from gurita.variables import service as variables
from gurita.variables.rules import ScopedVariable, scoped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gurita.engine.plan import Plan
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["MOST_ENVIRONMENTS", "differences_in"]

MOST_ENVIRONMENTS = 50


def differences_in(tx: Tx, ctx: Context, id: str, places: list[str]) -> list[Differences]:
    """What would change in each environment. Raises NotFound, Invalid, and Forbidden where deployments may not be seen."""
    release = releases.get_in(tx, ctx, id)
    if len(places) > MOST_ENVIRONMENTS:
        raise Invalid(f"environments: {len(places)} are named; {MOST_ENVIRONMENTS} at most.")
    found = [environments.get_in(tx, ctx.whole, place) for place in places]
    for each in found:
        ctx.must("DeploymentView", spot(tx, release.project_id, each.id))
    sets = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    now = _side_in(tx, ctx, release.id, release.channel_id, sets)
    return [_in_environment(_Place(tx, ctx, release, each, now)) for each in found]


@dataclass(frozen=True, slots=True)
class _Place:
    """A release on its way to an environment, and all its values as they would be deployed."""

    tx: Tx
    ctx: Context
    release: Release
    environment: Environment
    now: Side


def _side_in(tx: Tx, ctx: Context, release: str, channel: str, sets: Iterable[str]) -> Side:
    """All values of some frozen sets, and which of them the viewer may not see."""
    values: list[ScopedVariable] = []
    hidden: set[tuple[int, int]] = set()
    for source, id in enumerate(sets):
        found = variables.get_in(tx, ctx.whole, id)
        sees = variables.seeing_in(tx, ctx, found.owner_id)
        values += scoped(found.variables, source=source, from_project=source == 0)
        hidden |= {(source, row) for row, each in enumerate(found.variables) if not sees(each)}
    return Side(release, channel, values, frozenset(hidden))


def _in_environment(at: _Place) -> Differences:
    plan = planned_in(at.tx, at.ctx.whole, at.release, at.environment)
    planned = planned_at(plan)
    wanted = {target: {action.id for _, action in here} for target, here in planned.items()}
    history = history_in(at.tx, at.ctx, at.release.project_id, at.environment.id, wanted)
    named = _targets(plan)
    now = known_actions(releases.process_in(at.tx, at.ctx.whole, at.release))
    variances = _Variances(at)
    groups: dict[bytes, TargetDifferences] = {}
    for target, here in planned.items():
        name, roles = named[target]
        past = history.last.get(target)
        changed: list[VariableDifference] = []
        unseen = 0
        if past is not None:
            actions = {action.id: action.name for _, action in here}
            machine = "" if target == ON_SERVER else target
            place = Spot(at.environment.id, at.release.project_id, machine, roles, actions)
            changed, unseen = variances.of(past).at(place)
        found = TargetDifferences(
            targets=[],
            last=past.deployed if past else None,
            steps=steps_at(target, [action for _, action in here], now, history),
            variables=changed,
            hidden_variables=unseen,
        )
        group = groups.setdefault(msgspec.json.encode(found), found)
        group.targets.append(TargetName(id=target, name=name))
    return Differences(environment_id=at.environment.id, groups=list(groups.values()))


def _targets(plan: Plan) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Names and tags of the targets of a plan."""
    steps = [step for step in plan.steps if not is_acquisition(step)]
    return {place_of(each.id): (each.name, each.roles) for step in steps for each in step.targets}


class _Variances:
    """What differs between now and each deployment of the past, worked out once."""

    def __init__(self, at: _Place) -> None:
        self._at = at
        self._known: dict[str, Variance] = {}

    def of(self, past: Past) -> Variance:
        id, at = past.deployed.deployment_id, self._at
        if id not in self._known:
            before = _side_in(at.tx, at.ctx, past.deployed.release_id, past.channel, past.sets)
            self._known[id] = Variance(before, at.now)
        return self._known[id]
