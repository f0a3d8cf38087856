"""The features' own SQL on PostgreSQL: what the unit tests prove on SQLite, once more where it differs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import delete

from gurita.engine.nodes import enlist_in
from gurita.http.context import Context, Services
from gurita.machines import service
from gurita.machines.service import Health
from gurita.spaces.records import SPACES
from gurita.spaces.service import ensure_default
from gurita.store.db import Store
from gurita.store.tables import entity
from tests.helpers import house
from tests.looping import in_loop
from tests.spaces import removed

PRINT = "SHA256:" + "A" * 43


@in_loop
async def test_a_space_is_filled_read_by_every_filter_and_emptied(tmp_path: Path, postgres_url: str) -> None:
    async with house(tmp_path, url=postgres_url) as gurita:
        await gurita.post("spaces", {"Name": "Second"})
        dev = await gurita.post("Second/environments", {"Name": "Dev"})
        endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": "https://h:1", "Thumbprint": PRINT}
        for name, roles in (("a", ["Web", "db"]), ("b", ["web"])):
            body = {"Name": name, "EnvironmentIds": [dev["Id"]], "Roles": roles, "Endpoint": endpoint}
            await gurita.post("Second/machines", body)
        ctx = gurita.context("Spaces-2")
        found = Health(status="Healthy", summary="Fine.", shell_name="Bash")
        for _ in range(2):
            await gurita.store.write(lambda tx: service.record_health_in(tx, ctx, "Machines-1", found))
        for query, names in {
            "roles=WEB": "ab",
            "roles=db": "a",
            f"environmentIds={dev['Id']}&isDisabled=false": "ab",
            "healthStatuses=Unknown": "b",
            "shellNames=Bash": "a",
            "commStyles=TentaclePassive&partialName=B": "b",
        }.items():
            page = await gurita.get(f"Second/machines?{query}")
            assert "".join(one["Name"] for one in page["Items"]) == names, query
        assert len(await gurita.get("Second/machineroles/all")) == 2
        assert (await gurita.get("Second/environments/summary"))["TotalMachines"] == 2
        events = await gurita.get("events?includeSystem=false&regardingAny=Machines-1,Machines-2&take=100")
        assert {one["Category"] for one in events["Items"]} == {"Created", "MachineAdded", "MachineHealthy"}
        secret = {"HasValue": True, "NewValue": "hunter"}
        await gurita.post("Second/accounts", {"Name": "t", "AccountType": "Token", "Token": secret})
        await gurita.refused(409, "DELETE", f"Second/environments/{dev['Id']}")
        await removed(gurita, tmp_path, "Spaces-2")
        assert (await gurita.ask("GET", "Second/machines")).status == 404


@in_loop
async def test_nodes_are_alive_by_the_databases_clock(tmp_path: Path, postgres_url: str) -> None:
    async with house(tmp_path, url=postgres_url) as gurita:
        await gurita.store.write(lambda tx: enlist_in(tx, "here", "run", 5, "0.1.0", 0))
        (node,) = (await gurita.get("octopusservernodes/summary"))["Nodes"]
        assert (node["Name"], node["IsOffline"], node["IsLeader"]) == ("here", False, True)


@in_loop
async def test_of_two_who_save_at_once_one_is_refused(tmp_path: Path, postgres_url: str) -> None:
    async with house(tmp_path, url=postgres_url) as gurita:
        made = await gurita.post("environments", {"Name": "Dev"})
        for turn in range(10):
            current = await gurita.get("environments/dev")
            answers = await asyncio.gather(
                *(
                    gurita.ask(
                        "PUT", f"environments/{made['Id']}", {**current, "Description": f"{turn} {who}"}
                    )
                    for who in range(4)
                )
            )
            assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
        assert (await gurita.get("environments/dev"))["Version"] == 11


@in_loop
async def test_a_reference_and_a_deletion_at_once_leave_nothing_dangling(
    tmp_path: Path, postgres_url: str
) -> None:
    async with house(tmp_path, url=postgres_url) as gurita:
        for turn in range(10):
            dev = await gurita.post("environments", {"Name": f"Dev {turn}"})
            phases = [{"Name": "One", "OptionalDeploymentTargets": [dev["Id"]]}]
            saved, deleted = await asyncio.gather(
                gurita.ask("POST", "lifecycles", {"Name": f"L {turn}", "Phases": phases}),
                gurita.ask("DELETE", f"environments/{dev['Id']}"),
            )
            there = (await gurita.ask("GET", f"environments/{dev['Id']}")).status == 200
            assert there == (saved.status == 201) == (deleted.status == 409), (saved, deleted)


@in_loop
async def test_two_nodes_that_start_at_once_make_one_default_space(tmp_path: Path, postgres_url: str) -> None:
    async with house(tmp_path, url=postgres_url) as first:
        context = first.context("")
        await first.store.write(lambda tx: tx.run(delete(SPACES.table)))
        await first.store.write(lambda tx: tx.run(delete(entity).where(entity.c.kind == "Spaces")))
        other = await Store.open(postgres_url)
        try:
            second = Context(Services(**{**vars(first.services), "store": other}), first.viewer, "")
            made = await asyncio.gather(*(ensure_default(one) for one in (context, second) * 5))
        finally:
            await other.close()
        assert len({space.id for space in made}) == 1
        assert len(await first.get("spaces/all")) == 1
