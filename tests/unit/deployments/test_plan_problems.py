"""What the preview of a deployment says of steps that have no place to run: what the deployment itself would be refused with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import furnished

HERE: dict[str, Any] = {"Octopus.Action.RunOnServer": "True"}


def step(name: str, *, tags: str = "", action: dict[str, Any] | None = None, **properties: Any) -> Any:
    script = {"Octopus.Action.Script.ScriptBody": "echo", "Octopus.Action.Script.Syntax": "Bash"}
    one = {"Name": name, "ActionType": "Octopus.Script", "Properties": {**script, **properties}}
    return {
        "Name": name,
        "Properties": {"Octopus.Action.TargetRoles": tags} if tags else {},
        "Actions": [one | (action or {})],
    }


async def problems(gurita: House, *steps: Any) -> list[str]:
    await gurita.put("projects/web/deploymentprocesses", {"Steps": list(steps)})
    release = await gurita.post("releases", {"ProjectId": "Projects-1"})
    shown = await gurita.get(f"releases/{release['Id']}/deployments/preview/dev")
    assert len(shown["StepsToExecute"]) == len(steps), "a step that cannot run is shown all the same"
    return list(shown["Problems"])


async def worker(gurita: House, name: str) -> None:
    body = {
        "Name": name,
        "WorkerPoolIds": [(await gurita.get("workerpools/all"))[0]["Id"]],
        "MachinePolicyId": (await gurita.get("machinepolicies/all"))[0]["Id"],
        "Endpoint": {
            "CommunicationStyle": "TentacleActive",
            "Uri": "poll://it/",
            "Thumbprint": "SHA256:" + "A" * 43,
        },
    }
    await gurita.post("workers", body)


async def machine(gurita: House, name: str, tag: str, style: str) -> None:
    policy = (await gurita.get("machinepolicies/all"))[0]["Id"]
    body = {
        "Name": name,
        "Roles": [tag],
        "EnvironmentIds": ["Environments-1"],
        "MachinePolicyId": policy,
        "Endpoint": {"CommunicationStyle": style},
    }
    await gurita.post("machines", body)


@in_loop
async def test_a_step_on_a_server_that_runs_nothing_itself_is_a_problem_until_it_may_or_a_worker_does_it(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        await machine(gurita, "itself", "here", "None")
        steps = step("Migrate", **HERE), step("Roll", tags="here")
        assert await problems(gurita, *steps) == []
        gurita.services.settings.local_scripts = False  # type: ignore[misc]
        migrate, roll = sorted(await problems(gurita, *steps))
        assert migrate.startswith("Step 1 'Migrate': This server runs nothing on its own machine")
        assert "--local-scripts" in migrate
        assert roll.startswith("Step 2 'Roll': 'itself' is the server's own machine.")
        off = {**step("Migrate", **HERE), "Condition": "Success"}
        off["Actions"][0]["IsDisabled"] = True
        assert await _skipped_problems(gurita, off) == []
        await worker(gurita, "agent")
        assert await problems(gurita, steps[0]) == []


async def _skipped_problems(gurita: House, one: Any) -> list[str]:
    await gurita.put("projects/web/deploymentprocesses", {"Steps": [one]})
    release = await gurita.post("releases", {"ProjectId": "Projects-1"})
    shown = await gurita.get(f"releases/{release['Id']}/deployments/preview/dev")
    assert shown["StepsToExecute"] == []
    return list(shown["Problems"])


@in_loop
async def test_a_pool_without_workers_a_target_out_of_reach_and_a_feed_that_is_gone_are_problems(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        pool = await gurita.post("workerpools", {"Name": "Linux", "WorkerPoolType": "StaticWorkerPool"})
        await machine(gurita, "site", "cloud", "AzureWebApp")
        found = await problems(
            gurita,
            step("Migrate", action={"WorkerPoolId": pool["Id"]}, **HERE),
            step("Roll", tags="cloud"),
        )
        assert found[0].startswith("Step 2 'Roll': 'site' has the communication style AzureWebApp")
        assert found[1] == "Step 1 'Migrate': the worker pool 'Linux' has no enabled worker."
