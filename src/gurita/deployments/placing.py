"""Where a step runs that runs for nobody's target in particular: which worker does it, or the server's own machine.

Such a step runs on a worker of its pool: the one its action names, by id, name or variable, else the default pool. Only
where that is the default pool, and it has no workers at all, the server's own machine does it. Workers that are unwell
do not make a step fall back to the server.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from gurita.deployments.rules import is_acquisition
from gurita.deployments.rules.targeting import SERVER
from gurita.engine.plan import ON_SERVER, Frozen, Plan, PlanStep, Target
from gurita.http.context import Context
from gurita.kernel.errors import NotFound
from gurita.machines.pools import service as pools
from gurita.machines.resources import WorkerPool
from gurita.machines.rules import chosen_worker
from gurita.machines.workers import service as workers
from gurita.steps.registry import STEP_TYPES
from gurita.store.tx import Tx

__all__ = ["POOL", "SERVER_DISABLED", "Placing", "is_worker"]

SERVER_DISABLED = (
    "This server runs nothing on its own machine: a script there could read the server's keys. "
    "Run the step on a target, add a worker to its worker pool, or start the server with --local-scripts."
)

POOL = "WorkerPools-"
"""How the id of a target begins that stands for a pool none of whose workers can do the step."""


def is_worker(target: str) -> bool:
    """Whether the id of a target is a worker's, or a pool's without one: many tasks may share it."""
    return target.startswith(("Workers-", POOL))


class Placing:
    """Places the steps of one task. `expand` replaces references to variables; `key` makes tasks spread over a pool;
    `local` says that scripts may run on the server's own machine."""

    def __init__(self, ctx: Context, expand: Callable[[str], str], key: str, *, local: bool) -> None:
        self._ctx, self._expand, self._key, self._local = ctx, expand, key, local

    def plan_in(self, tx: Tx, plan: Plan) -> tuple[Plan, list[str]]:
        """The plan with its steps placed as things are now, and why some cannot be placed at all."""
        steps, errors = [], []
        for step in plan.steps:
            if is_acquisition(step):
                wanted = Frozen(targets=step.targets, window=step.window)
                steps.append(replace(step, targets=self.supplied_in(tx, plan, step, wanted).targets))
                continue
            target = self.target_in(tx, step) if step.skip is None and SERVER in step.targets else SERVER
            placed = tuple(target if each.id == ON_SERVER else each for each in step.targets)
            steps.append(replace(step, targets=placed))
            if target in placed and (refused := self._refusal_in(tx, target)):
                errors.append(f"Step {step.number} '{step.name}': {refused}")
        return replace(plan, steps=tuple(steps)), errors

    def frozen_in(self, tx: Tx, step: PlanStep, frozen: Frozen) -> Frozen:
        """What was settled for a step, its server replaced by the worker that does it."""
        if frozen.skip is not None or SERVER not in frozen.targets:
            return frozen
        target = self.target_in(tx, step)
        return replace(frozen, targets=tuple(target if each == SERVER else each for each in frozen.targets))

    def supplied_in(self, tx: Tx, plan: Plan, step: PlanStep, frozen: Frozen) -> Frozen:
        """What the acquisition of packages was settled to, its server replaced by the workers of the steps after it."""
        if SERVER not in frozen.targets:
            return frozen
        later = [each for each in plan.steps[step.index + 1 :] if not each.roles and each.skip is None]
        found = {target.id: target for each in later for target in [self.target_in(tx, each)]}
        usable = [target for target in found.values() if not target.id.startswith(POOL)]
        return replace(frozen, targets=(*(each for each in frozen.targets if each != SERVER), *usable))

    def target_in(self, tx: Tx, step: PlanStep) -> Target:
        """Where a step without target tags runs: the server, a worker, or a pool that has no worker for it."""
        if not any(_takes_worker(action.type) for action in step.actions if action.skip is None):
            return SERVER
        pool = self.pool_in(tx, step)
        if isinstance(pool, Target):
            return pool
        inside = workers.list_in(tx, self._ctx, workers.WorkerQuery(worker_pool_ids=[pool.id]))
        if not inside and pool.is_default:
            return SERVER
        found = chosen_worker(inside, f"{self._key} {step.id}")
        if found is None:
            return Target(id=pool.id, name=pool.name)
        return Target(id=found.id, name=f"{found.name} ({pool.name})")

    def pool_in(self, tx: Tx, step: PlanStep) -> WorkerPool | Target:
        """The pool the first action of a step that names one wants, else the default one."""
        for action in step.actions:
            named = str(action.data.get("worker_pool") or "")
            if variable := str(action.data.get("worker_pool_variable") or ""):
                named = self._expand(f"#{{{variable}}}").strip() or named
            if named:
                try:
                    return pools.get_in(tx, self._ctx, named)
                except NotFound:
                    return Target(id=f"{POOL}none", name=named)
        try:
            return pools.default_in(tx, self._ctx)
        except NotFound:
            return SERVER

    def _refusal_in(self, tx: Tx, target: Target) -> str:
        """Why nothing can run on what a step was placed on, however long one waits."""
        if target == SERVER:
            return "" if self._local else SERVER_DISABLED
        if target.id.startswith(POOL) and not self._may_get_well(tx, target.id):
            return f"the worker pool '{target.name}' has no enabled worker."
        return ""

    def _may_get_well(self, tx: Tx, pool: str) -> bool:
        query = workers.WorkerQuery(worker_pool_ids=[pool], is_disabled=False)
        return bool(workers.list_in(tx, self._ctx, query))


def _takes_worker(kind: str) -> bool:
    known = STEP_TYPES.get(kind.lower())
    return known is not None and not known.server_only
