"""Texts of deployments are worked out beside the event loop, a few at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

import pytest

from gurita.engine.plan import Plan
from gurita.engine.queue import Claimed, claim_in
from gurita.engine.run import Run
from gurita.engine.walk import Start
from gurita.execution import deploying, preparing
from gurita.execution.aside import aside
from gurita.execution.deploying import Deploying
from gurita.execution.supplying import Supplies
from gurita.execution.target_jobs import Endpoints
from gurita.http.context import Context
from gurita.store.blobs import Blobs
from tests.blocking import stop
from tests.helpers import House, house
from tests.looping import in_loop, until

T = TypeVar("T")

SCRIPT = {"Octopus.Action.Script.ScriptBody": "echo #{Who}", "Octopus.Action.Script.Syntax": "Bash"}
MACHINE = {
    "Name": "web-1",
    "EnvironmentIds": ["Environments-1"],
    "Roles": ["web"],
    "Endpoint": {"CommunicationStyle": "None"},
    "SkipInitialHealthCheck": True,
}


async def furnished(gurita: House) -> Run:
    """A deployment of one step, and the run of its task."""
    await gurita.post("environments", {"Name": "Dev"})
    await gurita.post("machines", MACHINE)
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    cycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    await gurita.post("projects", {"Name": "Web", "ProjectGroupId": group, "LifecycleId": cycle})
    step = {
        "Name": "Roll",
        "Condition": "Variable",
        "Properties": {
            "Octopus.Action.TargetRoles": "web",
            "Octopus.Step.ConditionVariableExpression": "#{Wanted}",
        },
        "Actions": [{"Name": "Roll", "ActionType": "Octopus.Script", "Properties": SCRIPT}],
    }
    await gurita.put("projects/web/deploymentprocesses", {"Steps": [step]})
    variables = [{"Name": "Who", "Value": "#{Wanted} one"}, {"Name": "Wanted", "Value": "True"}]
    await gurita.put("projects/web/variables", {"Variables": variables})
    release = await gurita.post("releases", {"ProjectId": "Projects-1"})
    await gurita.post("deployments", {"ReleaseId": release["Id"], "EnvironmentId": "Environments-1"})
    now = gurita.services.milliseconds()
    claimed = await gurita.store.write(lambda tx: claim_in(tx, "here", now))
    assert isinstance(claimed, Claimed) and claimed.name == "Deploy"
    return Run(gurita.store, gurita.services.clock, claimed, cast("Any", None), lambda: True)


def handler(gurita: House) -> Deploying:
    context = lambda space: Context(gurita.services, gurita.viewer, space)  # noqa: E731
    return Deploying(cast("Any", None), Endpoints(gurita.store, local=True), context)


async def beside(patch: pytest.MonkeyPatch, module: ModuleType, name: str, call: Awaitable[T]) -> T:
    """The call's result, after the loop went on while a function in it did not."""
    stopped = stop(patch, module, name)
    made = asyncio.ensure_future(call)
    await until(lambda: stopped.inside or made.done())
    assert not made.done()
    stopped.go.set()
    return await made


@in_loop
async def test_plans_and_values_are_worked_out_while_the_loop_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, blobs=Blobs.open(tmp_path / "blobs")) as gurita:
        run, deploys = await furnished(gurita), handler(gurita)
        plan: Plan = await beside(monkeypatch, deploying, "planned_by_rules", deploys.plan(run))
        run.plan = plan
        (step,) = plan.steps
        frozen = await beside(monkeypatch, deploying, "values_for", deploys.freeze(run, step, None))
        assert [target.name for target in frozen.targets] == ["web-1"] and frozen.skip is None
        start = Start(step, step.actions[0], frozen.targets[0], 1)
        stage = await deploys._stage(run)
        values = await deploys._values(run, stage.scenery, start)
        tickets: Any = Tickets()
        supplies = cast("Supplies", None)
        call = preparing.prepare(stage.scenery, start, values, supplies, tickets, asked=False, acquired=False)
        prepared = await beside(monkeypatch, preparing, "_private", call)
        assert prepared.private.script.endswith("echo True one")
        assert dict(prepared.private.variables)["Who"] == "True one"


class Facts:
    shells = frozenset({"bash"})


class Tickets:
    has_runner, facts = True, Facts()


@in_loop
async def test_few_texts_are_worked_out_at_a_time_and_errors_come_back() -> None:
    gate, inside = threading.Event(), []

    def work(number: int) -> int:
        inside.append(number)
        assert gate.wait(120)
        return number // (number - 3)

    asked = [asyncio.ensure_future(aside(lambda n=n: work(n))) for n in range(6)]  # type: ignore[misc]
    await until(lambda: len(inside) == 2)
    await asyncio.sleep(0.05)
    assert sorted(inside) == [0, 1]
    gate.set()
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(told[3], ZeroDivisionError)
    assert [each for each in told if isinstance(each, int)] == [0, -1, -2, 4, 2]
