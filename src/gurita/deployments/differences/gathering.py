"""Reads what ran last where: a bounded number of statements, however many targets there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gurita.deployments import service as deployments
from gurita.deployments.differences.resources import LastDeployed
from gurita.deployments.differences.steps import History, Known, Past, known_actions, place_of
from gurita.deployments.history.service import Begun, attempts_in, begun_in
from gurita.deployments.rules.packages import is_acquisition, packages_at
from gurita.kernel.ids import folded
from gurita.projects import service as projects
from gurita.releases import service as releases
from gurita.tasks.rules.words import moment_of

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["DEPLOYMENTS_BACK", "history_in"]

DEPLOYMENTS_BACK = 10
"""Deployments of a place that are looked at for when a step last ran on a target; mostly the last one knows it all."""


@dataclass(slots=True)
class _Search:
    """What is still looked for: actions without a last success, by target."""

    history: History
    missing: dict[str, set[str]]
    processes: dict[str, Known] = field(default_factory=dict)


def history_in(
    tx: Tx, ctx: Context, project: str, environment: str, wanted: Mapping[str, set[str]]
) -> History:
    """What ran on the targets of an environment. `wanted` are the actions to look for, by target."""
    search = _Search(History(), {target: set(ids) for target, ids in wanted.items()})
    for begun in begun_in(tx, ctx.space, project, environment, DEPLOYMENTS_BACK):
        _look_in(tx, ctx, begun, search)
        if not any(search.missing.values()) and search.history.last.keys() >= wanted.keys():
            break
    return search.history


def _look_in(tx: Tx, ctx: Context, begun: Begun, search: _Search) -> None:
    ids = {
        (step.index, each.index): each.id
        for step in begun.plan.steps
        if not is_acquisition(step)
        for each in step.actions
    }
    past: Past | None = None
    history = search.history
    newly = {target for target in search.missing if target not in history.last}
    for on, id, well in attempts_in(tx, begun.task, ids):
        target = place_of(on)
        past = past or _past_in(tx, ctx, begun, search)
        if target in newly:
            history.last[target] = past
            if well:
                history.ran_last.setdefault(target, set()).add(id)
        if id not in search.missing.get(target, ()):
            continue
        if well:
            history.success[target, id] = past
            search.missing[target].discard(id)
        else:
            history.failed.add((target, id))


def _past_in(tx: Tx, ctx: Context, begun: Begun, search: _Search) -> Past:
    """The deployment with its process; processes that several share are read once."""
    deployment = deployments.get_in(tx, ctx.whole, begun.deployment_id)
    release = releases.get_in(tx, ctx.whole, begun.release_id)
    snapshot = deployment.deployment_process_id
    if snapshot not in search.processes:
        search.processes[snapshot] = known_actions(projects.process_in(tx, ctx.whole, snapshot))
    return Past(
        deployed=LastDeployed(
            deployment_id=begun.deployment_id,
            task_id=f"ServerTasks-{begun.task}",
            release_id=begun.release_id,
            release_version=begun.release_version,
            state=begun.state,
            completed_time=None if begun.completed is None else moment_of(begun.completed),
        ),
        channel=deployment.channel_id,
        sets=(
            deployment.manifest_variable_set_id or release.project_variable_set_snapshot_id,
            *release.library_variable_set_snapshot_ids,
        ),
        actions=search.processes[snapshot],
        packages={
            (one.id, folded(each.name)): each
            for step in begun.plan.steps
            if not is_acquisition(step)
            for one in step.actions
            for each in packages_at(one)
        },
    )
