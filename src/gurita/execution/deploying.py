"""What a `Deploy` task does: plan from the release's snapshots, settle each step as it begins, run actions."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gurita.deployments import service as deployments
from gurita.deployments.placing import Placing, is_worker
from gurita.deployments.rules import Machine, PlannedPackage, is_acquisition, settle, settle_acquisition
from gurita.deployments.rules import plan as planned_by_rules
from gurita.deployments.rules.targeting import SERVER
from gurita.deployments.surveying import machines_in
from gurita.engine.logs import LogPlace
from gurita.engine.plan import Frozen, Plan, PlanStep, Skip
from gurita.engine.rows import LOOK, ActionRow
from gurita.engine.run import Run
from gurita.engine.walk import Start
from gurita.execution.acquiring import Acquiring
from gurita.execution.aside import aside
from gurita.execution.conditions import holds, not_run
from gurita.execution.deltas import earlier_versions
from gurita.execution.direct import perform_direct
from gurita.execution.infrastructure import Infrastructure
from gurita.execution.job import Prepared
from gurita.execution.loading import load_scenery, scene_of
from gurita.execution.moving_values import status_values, target_values
from gurita.execution.package_values import package_values
from gurita.execution.performing import Performer
from gurita.execution.place_values import place_values_in
from gurita.execution.preparing import prepare
from gurita.execution.scenery import Scenery
from gurita.execution.supplying import Supplies
from gurita.execution.target_jobs import Endpoints, job_for
from gurita.execution.telling_variables import printed, ties
from gurita.execution.values import Output, Values, outputs_in, values_for
from gurita.feeds import service as feeds
from gurita.feeds.service import Acquired
from gurita.formats.variables import Variables
from gurita.http.context import Context
from gurita.kernel.errors import Invalid
from gurita.store.tx import Tx
from gurita.transport.tickets import Tickets

__all__ = ["Deploying"]


@dataclass(frozen=True, slots=True)
class _Stage:
    ctx: Context
    scenery: Scenery
    supplies: Supplies
    told: set[str] = field(default_factory=set)
    """Names of variables the log has warned of."""


class Deploying:
    """The handler of `Deploy` tasks."""

    def __init__(self, performer: Performer, endpoints: Endpoints, context: Callable[[str], Context]) -> None:
        self._performer, self._endpoints, self._context = performer, endpoints, context
        self._acquiring = Acquiring(performer, endpoints)
        self._stages: weakref.WeakKeyDictionary[Run, _Stage] = weakref.WeakKeyDictionary()

    async def plan(self, run: Run) -> Plan:
        """The plan of the release's process here and now. Raises Invalid with everything that is wrong with it."""
        stage = await self._stage(run)
        machines = await run.read(lambda tx: self._machines_in(tx, stage))
        expand = self._expand(stage.scenery)
        made = await aside(lambda: planned_by_rules(scene_of(stage.scenery, machines, expand)))
        await run.write(lambda tx: deployments.started_in(tx, stage.ctx, stage.scenery.deployment))
        told = [(4, warning) for warning in (*stage.scenery.warnings, *made.data.get("warnings", []))]
        if told:
            await run.log(told)
        placing = self._placing(run, stage)
        made, unplaced = await run.read(lambda tx: placing.plan_in(tx, made))
        errors = [*made.errors, *unplaced]
        if errors:
            raise Invalid(*errors, message="The deployment cannot start.")
        return made

    async def freeze(self, run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        """The step's condition, and the machines there are now."""
        stage = await self._stage(run)
        if holds is None:
            holds = await self._expression(run, stage.scenery, step)
        if not holds:
            reason = "No earlier step failed." if step.condition == "Failure" else "An earlier step failed."
            reason = f"Condition '{step.condition}' does not hold. {reason if step.condition != 'Variable' else ''}"
            return Frozen(skip=Skip(code="condition", reason=reason.strip(), id=step.id, name=step.name))
        machines = await run.read(lambda tx: self._machines_in(tx, stage))
        scene = scene_of(stage.scenery, machines, self._expand(stage.scenery))
        placing = self._placing(run, stage)
        if is_acquisition(step):
            supplied = await aside(lambda: settle_acquisition(run.plan, step, scene, scene.machines))
            return await run.read(lambda tx: placing.supplied_in(tx, run.plan, step, supplied))
        settled = await aside(lambda: settle(step, scene.machines, scene.choice, scene.policy))
        frozen = await run.read(lambda tx: placing.frozen_in(tx, step, settled))
        told = [(1, f"Runs on the worker {each.name}.") for each in frozen.targets if is_worker(each.id)]
        if told:
            await run.log(told, LogPlace(step.index))
        return frozen

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        """Runs or takes up one attempt on one target."""
        stage = await self._stage(run)
        if is_acquisition(start.step):
            return await self._acquire(run, stage, start, row)
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)
        if await self._does_not_run(run, stage, start, row):
            return await perform_direct(run, place, row, not_run)

        async def prepared(tickets: Tickets) -> Prepared:
            values = await self._values(run, stage.scenery, start)
            if row is None:
                await self._tell(run, stage, values, place)
            acquired = any(is_acquisition(each) for each in run.plan.steps[: start.step.index])
            context = (stage.scenery, start, values, stage.supplies, tickets)
            return await prepare(*context, asked=row is not None, acquired=acquired)

        job = job_for(
            stage.ctx,
            self._endpoints,
            place,
            start.target,
            start.action.name,
            prepared,
            holder=f"{run.id} of {stage.ctx.services.settings.public_url or 'another Gurita server'}",
            mode="read" if is_worker(start.target.id) or self._bypasses_lock(stage.scenery) else "write",
        )
        job = replace(job, infrastructure=_infrastructure(run, stage))
        return await self._performer.perform(run, job, row)

    def finishing_in(self, run: Run, tx: Tx, state: str) -> None:
        """The deployment's own record of the end, in the unit that ends the task."""
        deployments.finished_in(
            tx, self._context(run.claimed.space), str(run.claimed.arguments["DeploymentId"]), state
        )

    def _machines_in(self, tx: Tx, stage: _Stage) -> tuple[Machine, ...]:
        environment = stage.scenery.environment.id
        return machines_in(tx, stage.ctx, environment, local=self._endpoints.local)

    def _placing(self, run: Run, stage: _Stage) -> Placing:
        return Placing(stage.ctx, self._expand(stage.scenery), run.id, local=self._endpoints.local)

    async def _stage(self, run: Run) -> _Stage:
        known = self._stages.get(run)
        if known is None:
            ctx = self._context(run.claimed.space)
            scenery = await run.read(
                lambda tx: load_scenery(tx, ctx, str(run.claimed.arguments["DeploymentId"]))
            )
            known = self._stages[run] = _Stage(ctx, scenery, _supplies(ctx))
        return known

    async def _values(self, run: Run, scenery: Scenery, start: Start) -> Values:
        ctx = self._context(scenery.space)
        placing = Placing(ctx, self._expand(scenery), run.id, local=self._endpoints.local)

        def read(tx: Tx) -> tuple[list[Output], dict[str, str]]:
            outputs = outputs_in(tx, run.number, scenery.space, ctx.services.secrets)
            return outputs, place_values_in(tx, ctx, placing, start.step, start.target)

        outputs, place = await run.read(read)
        more = {
            **package_values(run.plan, start.action, scenery.registries),
            **target_values(run.plan, run.steps),
            **status_values(run.plan, run.steps, run.actions, start.step),
            **place,
        }
        at = (start.step, start.action, start.target)
        return await aside(lambda: values_for(scenery, *at, outputs, more))

    async def _tell(self, run: Run, stage: _Stage, values: Values, place: LogPlace) -> None:
        """Prints the variables if somebody asks for it, and warns once of each that only the order of rows decided."""
        told = [*ties(values, stage.told), *await aside(lambda: printed(values))]
        stage.told.update(values.tied)
        if told:
            await run.log(told, place)

    async def _acquire(
        self, run: Run, stage: _Stage, start: Start, row: ActionRow | None
    ) -> ActionRow | None:
        force = stage.scenery.deployment.force_package_download
        return await self._acquiring.perform(run, stage.ctx, stage.supplies, start, row, force=force)

    async def _expression(self, run: Run, scenery: Scenery, step: PlanStep) -> bool:
        """A condition's expression; what cannot be evaluated does not hold."""
        start = Start(step, step.actions[0], (step.targets or (SERVER,))[0], 1)
        values = await self._values(run, scenery, start)
        return await holds(run, values.variables, step.expression, step.name, LogPlace(step.index))

    async def _does_not_run(self, run: Run, stage: _Stage, start: Start, row: ActionRow | None) -> bool:
        """Whether the action's own condition keeps it from this target; told once, before its first attempt."""
        expression = str(start.action.data.get("expression", ""))
        if not expression or start.attempt > 1:
            return False
        if row is not None:
            return row.ticket.startswith(LOOK)
        values = await self._values(run, stage.scenery, start)
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)
        return not await holds(run, values.variables, expression, start.action.name, place)

    def _expand(self, scenery: Scenery) -> Callable[[str], str]:
        """Replaces references to variables that are not scoped to machines or steps."""
        known = functools.cache(lambda: Variables({**scenery.plain, **scenery.system}))
        return lambda text: known().evaluate(text).text

    def _bypasses_lock(self, scenery: Scenery) -> bool:
        return scenery.plain.get("OctopusBypassDeploymentMutex", "").strip().lower() == "true"


def _infrastructure(run: Run, stage: _Stage) -> Infrastructure:
    """What the deployment's scripts may make and remove: things of its own environment and tenant."""
    deployment = stage.scenery.deployment
    return Infrastructure(stage.ctx, deployment.environment_id, deployment.tenant_id, run.id)


def _supplies(ctx: Context) -> Supplies:
    """Packages of a task, out of the space's feeds."""

    async def acquire(wanted: PlannedPackage, force: bool, say: Callable[[str], None]) -> Acquired:

        ids = (wanted.feed_id, wanted.package_id, wanted.version)
        return await feeds.acquire(ctx.services, ctx.space, *ids, force=force, say=say)

    return Supplies(acquire, ctx.services.blobs, earlier_versions(ctx))
