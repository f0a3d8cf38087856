"""Health checks: reach each machine, keep what was found as evidence, on demand and by policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gurita.engine.logs import LogPlace
from gurita.engine.plan import Frozen, Plan, PlanAction, PlanStep, Target
from gurita.engine.rows import ActionRow
from gurita.engine.run import Run
from gurita.engine.walk import Start
from gurita.execution.alone import plan_of
from gurita.execution.direct import perform_direct
from gurita.execution.outcome import Outcome
from gurita.execution.target_jobs import Endpoints
from gurita.http.context import Context
from gurita.kernel.clock import Clock, iso
from gurita.kernel.errors import Invalid, NotFound
from gurita.machines import service as machines
from gurita.machines.health import Health
from gurita.machines.policies import service as policies
from gurita.machines.resources import ConnectionLog, MachineBase, MachinePolicy
from gurita.machines.workers import service as workers
from gurita.store.tx import Tx
from gurita.transport.endpoints import Endpoint, ListeningAgent, PollingAgent
from gurita.transport.errors import ConnectFailed, NotConnected, TransportError
from gurita.transport.hub import Hub
from gurita.transport.probing import Evidence

__all__ = ["HealthChecking", "judged", "probed"]

LEAST_FREE = 500_000_000
"""Bytes below which a machine's disk is worth a warning."""

BEGINNING = 15.0
"""Seconds a new agent is given to listen or to dial in: it makes itself known first."""

_AGAIN = 0.5


class HealthChecking:
    """The handler of `Health` tasks."""

    def __init__(self, hub: Hub, endpoints: Endpoints, context: Callable[[str], Context]) -> None:
        self._hub, self._endpoints, self._context = hub, endpoints, context

    async def plan(self, run: Run) -> Plan:
        """One step with every machine the arguments name."""
        ctx = self._context(run.claimed.space)
        found = await run.read(lambda tx: chosen_in(tx, ctx, run.claimed.arguments))
        if not found:
            raise Invalid("There is no machine to check.", message="The health check cannot start.")
        targets = tuple(Target(id=each.id, name=each.name) for each in found)
        action = PlanAction(
            index=0, id="health", name="Check health", number="1", type="Health", idempotent=True
        )
        return plan_of(action, targets)

    async def freeze(self, run: Run, step: PlanStep, holds: bool | None) -> Frozen:
        """The machines of the plan."""
        return Frozen(targets=step.targets, window=step.window)

    async def perform(self, run: Run, start: Start, row: ActionRow | None) -> ActionRow | None:
        """Looks at one machine. A machine that is unwell is a warning of the check, not its failure."""
        ctx = self._context(run.claimed.space)
        place = LogPlace(start.step.index, start.action.index, start.target.id, start.attempt)

        async def look() -> tuple[Outcome, Sequence[tuple[int, str]]]:
            found, may_be_away = await self._look(run, ctx, start.target.id)
            lines = [(1, log.message_text) for log in found.logs]
            if found.status in ("Healthy", "HasWarnings"):
                return Outcome("success", 0, None), [*lines, (1, found.summary)]
            lines.append((4 if may_be_away else 5, found.summary))
            state = "success" if may_be_away else "failed"
            return Outcome(state, None, None if may_be_away else found.summary), lines

        return await perform_direct(run, place, row, look)

    async def _look(self, run: Run, ctx: Context, machine: str) -> tuple[Health, bool]:
        def known_in(tx: Tx) -> tuple[MachinePolicy, bool]:
            found = machines.any_in(tx, ctx, machine)
            return policies.get_in(tx, ctx, found.machine_policy_id), found.health_status == "Unknown"

        policy, is_first = await run.read(known_in)
        try:
            endpoint = await self._endpoints.find(ctx, machine)
        except TransportError as error:
            evidence = Evidence(error=error, log=[str(error)])
        else:
            patience = BEGINNING if is_first else 0.0
            evidence = await probed(self._hub, endpoint, ctx.services.clock, patience)
        behavior = policy.machine_connectivity_policy.machine_connectivity_behavior
        found = judged(evidence, iso(ctx.services.clock.now()))

        def keep(tx: Tx) -> None:
            try:
                machines.record_health_in(tx, ctx, machine, found)
            except NotFound:
                return

        await run.write(keep)
        return found, behavior == "MayBeOfflineAndCanBeSkipped"

    def finishing_in(self, run: Run, tx: Tx, state: str) -> None:
        """Nothing but the task itself."""


async def probed(hub: Hub, endpoint: Endpoint, clock: Clock, patience: float) -> Evidence:
    """Looks at a machine; at an agent that does not listen yet or has not dialled in, again for so many seconds."""
    ends = clock.monotonic() + patience
    while True:
        found = await hub.probe(endpoint)
        early = (isinstance(endpoint, ListeningAgent) and isinstance(found.error, ConnectFailed)) or (
            isinstance(endpoint, PollingAgent) and isinstance(found.error, NotConnected)
        )
        if not early or clock.monotonic() + _AGAIN > ends:
            return found
        await clock.sleep(_AGAIN)


def judged(evidence: Evidence, now: str) -> Health:
    """What a look at a machine means. Pure."""
    logs = tuple(ConnectionLog(category="Info", occurred_at=now, message_text=text) for text in evidence.log)
    if evidence.error is not None:
        return Health(status="Unavailable", summary=str(evidence.error), logs=logs)
    facts = evidence.facts
    if facts is None:
        return Health(status="Unhealthy", summary="The machine told nothing about itself.", logs=logs)
    shell = next((name for name in ("bash", "pwsh", "sh") if name in facts.shells), "sh")
    seen: dict[str, Any] = {
        "operating_system": facts.os,
        "operating_system_version": facts.os_version,
        "shell_name": shell,
        "shell_version": facts.shells.get(shell, ""),
        "architecture": facts.arch,
        "agent_version": facts.runner,
        "has_latest_runner": evidence.has_runner,
        "logs": logs,
    }
    if facts.free_bytes and facts.free_bytes < LEAST_FREE:
        free = (
            f"Only {facts.free_bytes // 1_000_000} MB are free where work is kept. Make room before it fails."
        )
        return Health(status="HasWarnings", summary=free, **seen)
    if not evidence.has_runner:
        text = "No Python 3.8 or newer: only shell scripts run here, and no packages are brought."
        return Health(status="HasWarnings", summary=text, **seen)
    return Health(
        status="Healthy", summary=f"Reached in {evidence.dial_ms + evidence.latency_ms:.0f} ms.", **seen
    )


def chosen_in(tx: Tx, ctx: Context, arguments: dict[str, Any]) -> list[MachineBase]:
    """The targets and workers a Health task's arguments mean: those named, else all enabled ones that are not left out
    by environment, pool, policy or `RestrictedTo`."""
    named = {str(id).lower() for id in arguments.get("MachineIds") or []}
    targets = machines.list_in(tx, ctx, machines.MachineQuery())
    helpers = workers.list_in(tx, ctx, workers.WorkerQuery())
    if named:
        return [each for each in (*targets, *helpers) if each.id.lower() in named]
    environment, pool = arguments.get("EnvironmentId"), arguments.get("WorkerPoolId")
    restricted = str(arguments.get("RestrictedTo") or "").lower()
    found: list[MachineBase] = []
    if not pool and restricted != "workers":
        found += [each for each in targets if not environment or environment in each.environment_ids]
    if not environment and restricted != "deploymenttargets":
        found += [each for each in helpers if not pool or pool in each.worker_pool_ids]
    policy = arguments.get("MachinePolicyId")
    return [each for each in found if not each.is_disabled and policy in (None, "", each.machine_policy_id)]
