"""A script somebody runs by hand on machines (`AdHocScript` tasks)."""

from __future__ import annotations

from collections.abc import Callable

from gurita.engine.logs import LogPlace
from gurita.engine.plan import ON_SERVER, Frozen, Plan, PlanAction, PlanStep, Target
from gurita.engine.rows import ActionRow
from gurita.engine.run import Run
from gurita.engine.walk import Start
from gurita.execution.alone import plan_of
from gurita.execution.job import Prepared
from gurita.execution.performing import Performer
from gurita.execution.target_jobs import Endpoints, job_for
from gurita.formats.variables import Variables
from gurita.http.context import Context
from gurita.kernel.errors import Invalid
from gurita.machines import service as machines
from gurita.machines.resources import Machine
from gurita.machines.rules import chosen_worker
from gurita.machines.workers import service as workers
from gurita.steps.script import Script
from gurita.steps.step_type import NotHere, ScriptWork, StepContext
from gurita.store.tx import Tx
from gurita.transport.tickets import Private, Spec, Tickets

__all__ = ["RunningScripts"]

_GRACE = 3.0


class RunningScripts:
    """The handler of `AdHocScript` tasks."""

    def __init__(self, performer: Performer, endpoints: Endpoints, context: Callable[[str], Context]) -> None:
        self._performer, self._endpoints, self._context = performer, endpoints, context

    async def plan(self, run: Run) -> Plan:
        """The script on every machine the arguments mean."""
        ctx, arguments = self._context(run.claimed.space), run.claimed.arguments
        properties = {
            "Octopus.Action.Script.ScriptBody": str(arguments.get("ScriptBody") or ""),
            "Octopus.Action.Script.Syntax": str(arguments.get("Syntax") or "Bash"),
        }
        problems = Script().check(properties)
        targets = await run.read(lambda tx: _targets_in(tx, ctx, arguments))
        if not targets:
            problems.append("No enabled machine matches what was asked for.")
        if problems:
            raise Invalid(*problems, message="The script cannot run.")
        action = PlanAction(
            index=0, id="script", name="Script", number="1", type="Octopus.Script", properties=properties
        )
        return plan_of(action, targets)

    async def freeze(self, run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        """The machines of the plan."""
        return Frozen(targets=step.targets, window=step.window)

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        """Runs or takes up the script on one machine."""
        ctx = self._context(run.claimed.space)

        async def prepare(tickets: Tickets) -> Prepared:
            context = StepContext(
                "Script", start.action.properties, Variables(), tickets.facts.shells, tickets.has_runner
            )
            work = Script().work(context)
            if not isinstance(work, ScriptWork):
                raise NotHere("A script run by hand has no packages.")
            return Prepared(Spec(work.interpreter, name="Script", grace=_GRACE), Private(work.script))

        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)
        job = job_for(ctx, self._endpoints, place, start.target, "Script", prepare, holder=run.id)
        return await self._performer.perform(run, job, row)

    def finishing_in(self, run: Run, tx: Tx, state: str) -> None:
        """Nothing but the task itself."""


def _targets_in(tx: Tx, ctx: Context, arguments: dict[str, object]) -> tuple[Target, ...]:
    if arguments.get("TargetType") == "OctopusServer":
        return (Target(id=ON_SERVER, name="Server"),)
    if arguments.get("TargetType") in ("Workers", "WorkerPools"):
        return _workers_in(tx, ctx, arguments)
    named = _texts(arguments, "MachineIds")
    environments, roles = _texts(arguments, "EnvironmentIds"), _texts(arguments, "TargetRoles")

    def wanted(machine: Machine) -> bool:
        if named:
            return machine.id in named
        here = not environments or bool(environments & set(machine.environment_ids))
        tagged = not roles or bool({r.casefold() for r in roles} & {r.casefold() for r in machine.roles})
        return here and tagged and bool(environments or roles)

    found = machines.list_in(tx, ctx, machines.MachineQuery())
    return tuple(
        Target(id=each.id, name=each.name, roles=tuple(each.roles))
        for each in found
        if wanted(each) and not each.is_disabled
    )


def _workers_in(tx: Tx, ctx: Context, arguments: dict[str, object]) -> tuple[Target, ...]:
    """The named workers, or one of each named pool: any that is enabled and well."""
    named, pools = _texts(arguments, "WorkerIds"), _texts(arguments, "WorkerPoolIds")
    found = [each for each in workers.list_in(tx, ctx, workers.WorkerQuery()) if not each.is_disabled]
    chosen = {each.id: each for each in found if each.id in named}
    for pool in sorted(pools):
        if one := chosen_worker([each for each in found if pool in each.worker_pool_ids], str(arguments)):
            chosen[one.id] = one
    return tuple(Target(id=each.id, name=each.name) for each in chosen.values())


def _texts(arguments: dict[str, object], name: str) -> set[str]:
    given = arguments.get(name) or []
    if isinstance(given, str):
        given = given.split(",")
    return {str(each).strip() for each in given if each} if isinstance(given, list) else set()
