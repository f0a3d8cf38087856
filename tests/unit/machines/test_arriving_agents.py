"""A polling agent that dials in for the first time has its machine looked at; one that was seen before does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from gurita.engine.tables import task
from gurita.http.context import Context, system_viewer
from gurita.machines import service
from gurita.machines.polling import greeting
from gurita.machines.service import Health
from tests.helpers import House, house
from tests.looping import in_loop

PRINT = "SHA256:" + "A" * 43
POLLING = {"CommunicationStyle": "TentacleActive", "Uri": "poll://the-agent/", "Thumbprint": PRINT}
LOST = Health(status="Unavailable", summary="poll://the-agent/ is not connected.")


async def added(gurita: House, kind: str = "machines", **more: Any) -> str:
    """A machine whose agent polls; its first check is claimed at once and finds nobody."""
    if kind == "machines":
        environment = await gurita.post("environments", {"Name": "Dev"})
        more = {"EnvironmentIds": [environment["Id"]], "Roles": ["web"], **more}
    else:
        more = {"WorkerPoolIds": [(await gurita.get("workerpools/all"))[0]["Id"]], **more}
    made = await gurita.post(kind, {"Name": "web", "Endpoint": POLLING, **more})
    await gurita.store.write(lambda tx: tx.run(update(task).values(state="Success")))
    return str(made["Id"])


async def found(gurita: House, id: str, health: Health) -> None:
    await gurita.store.write(lambda tx: service.record_health_in(tx, gurita.context(), id, health))


async def arrive(gurita: House, fingerprint: str = PRINT, name: str = "the-agent") -> list[str]:
    """Has the agent dial in; the arguments of the checks that wait to begin then."""
    greet = greeting(gurita.services, Context(gurita.services, system_viewer(), "").within)
    await greet(fingerprint, name)
    waiting = select(task.c.arguments).where(task.c.state == "Queued").order_by(task.c.number)
    return [row["arguments"] for row in await gurita.store.read(lambda tx: tx.all(waiting))]


@pytest.mark.parametrize("kind", ["machines", "workers"])
@in_loop
async def test_a_machine_that_was_looked_at_too_early_is_looked_at_once_its_agent_is_there(
    kind: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        id = await added(gurita, kind)
        await found(gurita, id, LOST)
        assert await arrive(gurita) == [f'{{"MachineIds":["{id}"]}}']
        assert len(await arrive(gurita)) == 1, "a check that waits to begin sees the agent, too"


@in_loop
async def test_an_agent_that_comes_while_its_machine_is_looked_at_is_not_missed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await added(gurita)
        assert len(await arrive(gurita)) == 1


@pytest.mark.parametrize("status", ["Healthy", "Unavailable"])
@in_loop
async def test_an_agent_that_comes_back_is_left_to_its_policy(status: Any, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        id = await added(gurita)
        await found(gurita, id, Health(status="Healthy", summary="Fine.", operating_system="Linux"))
        await found(gurita, id, Health(status=status, summary="Now.", operating_system="Unknown"))
        assert await arrive(gurita) == []


@in_loop
async def test_nobody_elses_machine_is_looked_at(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        id = await added(gurita)
        await found(gurita, id, LOST)
        assert await arrive(gurita, fingerprint="SHA256:" + "B" * 43) == []
        assert await arrive(gurita, name="another-agent") == []
        machine = await gurita.get(f"machines/{id}")
        await gurita.put(f"machines/{id}", {**machine, "IsDisabled": True})
        assert await arrive(gurita) == []


@in_loop
async def test_a_machine_that_is_not_to_be_looked_at_first_is_not(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await added(gurita, SkipInitialHealthCheck=True)
        assert await arrive(gurita) == []
