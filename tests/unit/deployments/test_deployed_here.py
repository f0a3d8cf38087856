"""What is deployed on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import insert

from gurita.engine.tables import action
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.dashboard.test_dashboard_api import deployed, furnished


async def ran(gurita: House, deployment: str, machine: str, state: str = "done") -> None:
    """An action of a deployment's task on a machine."""
    task = int((await gurita.get(f"deployments/{deployment}"))["TaskId"].partition("-")[2])
    row = {"task": task, "step": 0, "action": 0, "target": machine, "attempt": 1, "state": state}
    given = {**row, "ticket": f"{task}-{machine}", "started": 1000}
    await gurita.store.write(lambda tx: tx.run(insert(action), given))


@in_loop
async def test_a_machine_tells_what_was_deployed_to_it_last_and_what_failed_on_itself(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        for name in ("m-1", "m-2"):
            await gurita.post("machines", machine(name))
        for number, (release, environment) in enumerate(((1, 1), (2, 1), (4, 1)), 1):
            await deployed(gurita, release, environment, "Failed" if release == 4 else "Success")
            await ran(gurita, f"Deployments-{number}", "Machines-1")
        await ran(gurita, "Deployments-3", "Machines-2", "failed")
        found = await gurita.get("gurita/machines/Machines-1/deployed")
        assert [(one["DeploymentId"], one["ReleaseVersion"], one["State"]) for one in found] == [
            ("Deployments-3", "0.0.1", "Failed"),
            ("Deployments-2", "0.0.2", "Success"),
        ]
        names = [(one["ProjectName"], one["EnvironmentName"]) for one in found]
        assert names == [("Api", "Dev"), ("Web", "Dev")]
        assert [(one["FailedHere"], one["HasWarningsOrErrors"]) for one in found] == [
            (False, True),
            (False, False),
        ]
        assert found[1]["CompletedTime"] == "1970-01-01T00:00:05.000+00:00"
        other = await gurita.get("gurita/machines/Machines-2/deployed")
        assert [(one["DeploymentId"], one["FailedHere"]) for one in other] == [("Deployments-3", True)]


def machine(name: str) -> dict[str, Any]:
    return {
        "Name": name,
        "Roles": ["web"],
        "EnvironmentIds": ["Environments-1"],
        "MachinePolicyId": "MachinePolicies-1",
        "Endpoint": {"CommunicationStyle": "None"},
    }
