"""Deleting a space: nothing is left but its audit trail, other spaces keep what is theirs, and it goes on after any stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, Table, insert, select

from gurita.access.teams import routes as teams
from gurita.engine.queue import NewTask, cancel_in, submit_in
from gurita.engine.tables import task
from gurita.kernel.faults import InjectedFault
from gurita.secrets.tables import space_key
from gurita.spaces import emptying
from gurita.store.blob_keeping import blob_mark
from gurita.store.blobs import Blobs
from gurita.store.leaving import leaving_in
from gurita.store.tables import entity, metadata
from gurita.store.tx import Tx
from gurita.tasks import routes as tasks
from tests.helpers import House, house
from tests.looping import in_loop
from tests.spaces import KEPT, ended, holding, removed, removing, stopped, tables_of_spaces

SECRET = {"HasValue": True, "NewValue": "hunter"}


class Filler:
    """One row for a space in every table that says which space, or which task, its rows are of."""

    def __init__(self, tx: Tx, space: str, base: int) -> None:
        self.tx, self.space, self.base = tx, space, base
        self.made: dict[str, dict[str, Any]] = {}

    def fill(self) -> set[str]:
        """The names of the tables that got one."""
        for table in metadata.sorted_tables:
            if table in tables_of_spaces() or "task" in table.c:
                self.row(table)
        return set(self.made)

    def row(self, table: Table) -> dict[str, Any]:
        """The row of a table; of those it refers to, too."""
        if table.name not in self.made:
            self.made[table.name] = {}
            values = {column.name: self.value(table, column) for column in table.c}
            if table is not entity and any(
                key.column is entity.c.id for key in table.c.get("id", Column()).foreign_keys
            ):
                values["id"] = self.document(table.name)
            self.tx.run(insert(table).values(values))
            self.made[table.name] = values
        return self.made[table.name]

    def document(self, name: str) -> str:
        """A document of the space."""
        id = f"{name}-{self.space}"
        self.tx.run(insert(entity).values(id=id, space_id=self.space, kind=name))
        return id

    def value(self, table: Table, column: Column[Any]) -> Any:
        """Something for a column."""
        if column.name in ("space", "space_id"):
            return self.space
        if column.name == "task" and column.type.python_type is int:
            return self.row(task)["number"]
        for key in column.foreign_keys:
            other = key.column
            if other is entity.c.id:
                return None if column.name == "id" else self.document(f"{table.name}.{column.name}")
            return self.row(other.table)[other.name]
        kinds = ((Boolean, False), (LargeBinary, b"x"), (Float, 1.0), ((Integer, BigInteger), self.base))
        return next(
            (given for kind, given in kinds if isinstance(column.type, kind)), f"{column.name} {self.space}"
        )


@in_loop
async def test_every_table_that_knows_spaces_is_emptied_of_one_and_keeps_the_others(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("spaces", {"Name": "Second"})
        await gurita.post("spaces", {"Name": "Third"})
        filled = await gurita.store.write(lambda tx: Filler(tx, "Spaces-2", 9_000_002).fill())
        await gurita.store.write(lambda tx: Filler(tx, "Spaces-3", 9_000_003).fill())
        assert {table.name for table in tables_of_spaces()} <= filled
        others = await gurita.store.read(lambda tx: holding(tx, "Spaces-3"))
        await gurita.store.write(lambda tx: emptying.empty_in(tx, "Spaces-2", 0))
        assert set(await gurita.store.read(lambda tx: holding(tx, "Spaces-2"))) == {"event"}
        assert await gurita.store.read(lambda tx: holding(tx, "Spaces-3")) == others
        gone = await gurita.store.read(
            lambda tx: [
                table.name
                for table in emptying.holders()
                if "task" in table.c and _of_task(tx, table, 9_000_002)
            ]
        )
        assert gone == []
        marked = await gurita.store.read(lambda tx: {row["key"] for row in tx.all(select(blob_mark.c.key))})
        assert {"blob Spaces-2", "log_blob Spaces-2"} <= marked


def _of_task(tx: Tx, table: Table, number: int) -> bool:
    return tx.one(select(table).where(table.c.task == number)) is not None


async def furnished(gurita: House, name: str = "Second") -> str:
    """A space with a little of everything that people make, its id."""
    id: str = (await gurita.post("spaces", {"Name": name}))["Id"]
    environment = await gurita.post(f"{id}/environments", {"Name": "Dev"})
    await gurita.post(f"{id}/accounts", {"Name": "a", "AccountType": "Token", "Token": SECRET})
    group, cycle = [
        (await gurita.get(f"{id}/{kind}/all"))[0]["Id"] for kind in ("projectgroups", "lifecycles")
    ]
    await gurita.post(f"{id}/projects", {"Name": "Web", "ProjectGroupId": group, "LifecycleId": cycle})
    machine = {"Name": "m", "EnvironmentIds": [environment["Id"]], "Roles": ["web"]}
    await gurita.post(f"{id}/machines", {**machine, "Endpoint": {"CommunicationStyle": "None"}})
    await gurita.store.write(lambda tx: submit_in(tx, NewTask(id, "Health", "Waits for ever"), 1))
    return id


@in_loop
async def test_a_deleted_space_leaves_its_audit_trail_and_its_name_is_free(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        id = await furnished(gurita)
        done = await removed(gurita, tmp_path, id)
        left = await gurita.store.read(lambda tx: holding(tx, id))
        assert set(left) <= KEPT
        unknown = await gurita.refused(404, "GET", f"{id}/environments")
        assert unknown == {
            **await gurita.refused(404, "GET", "Spaces-99/environments"),
            "ErrorMessage": unknown["ErrorMessage"],
        }
        assert unknown["ErrorMessage"].replace(id, "Spaces-99").endswith("'Spaces-99' was not found.")
        await gurita.refused(404, "GET", f"spaces/{id}")
        await gurita.refused(404, "DELETE", f"spaces/{id}")
        again = await gurita.post("spaces", {"Name": "Second"})
        assert (again["Slug"], again["Id"]) == ("second", "Spaces-3")
        told = await gurita.get(f"events?spaces={id}&eventCategories=Created&take=100")
        assert told["TotalResults"] >= 5
        last = (await gurita.get(f"events?regarding={done}&includeSystem=true"))["Items"]
        assert [one["Category"] for one in last] == ["Deleted", "Queued"]
        assert all(one["SpaceId"] is None for one in last)


@in_loop
async def test_the_task_is_of_the_system_and_its_log_names_what_went(tmp_path: Path) -> None:
    async with house(tmp_path, more=tasks.routes, blobs=Blobs.open(tmp_path / "logs")) as gurita:
        id = await furnished(gurita)
        await stopped(gurita, id)
        begun = await gurita.delete(f"spaces/{id}")
        assert (begun["Name"], begun["SpaceId"], begun["State"]) == ("DeleteSpace", None, "Queued")
        assert begun["Arguments"] == {"SpaceId": id, "SpaceName": "Second"}
        async with removing(gurita, tmp_path):
            assert await ended(gurita, begun["Id"]) == "Success"
        assert begun["Id"] in {one["Id"] for one in (await gurita.get("tasks"))["Items"]}
        told = (await gurita.ask("GET", f"tasks/{begun['Id']}/raw")).body.decode()
        for line in ("project: 1 (Web)", "environment: 1 (Dev)", "secret: 1", "space key: 1", "task: 2"):
            assert f"Removed {line}" in told, told
        assert "Nothing is left of the space but its audit trail." in told


@in_loop
async def test_while_it_is_deleted_a_space_refuses_everything_with_a_reason(tmp_path: Path) -> None:
    async with house(tmp_path, more=teams.routes) as gurita:
        id = await furnished(gurita)
        space = await stopped(gurita, id)
        doing = (await gurita.delete(f"spaces/{id}"))["Id"]
        why = f"The space 'Second' is being deleted by {doing}, and nothing in it can be used or changed any more."
        for method, path, body in (
            ("GET", f"{id}/environments", None),
            ("GET", "Second/projects/all", None),
            ("POST", f"{id}/environments", {"Name": "New"}),
            ("GET", f"spaces/{id}", None),
            ("PUT", f"spaces/{id}", {**space, "TaskQueueStopped": False}),
            ("PUT", f"teams/teams-spacemanagers-{id}", {"Name": "Second managers", "Description": "Changed"}),
        ):
            assert (await gurita.refused(409, method, path, body))["Errors"] == [why], path
        told = await gurita.refused(409, "DELETE", f"spaces/{id}")
        assert told["Errors"] == [f"The space 'Second' is being deleted already, by {doing}."]
        await gurita.refused(409, "POST", "spaces", {"Name": "Second"})
        assert [one["Id"] for one in await gurita.get("spaces/all")] == ["Spaces-1"]
        assert (await gurita.get("spaces"))["TotalResults"] == 1
        states = await gurita.store.read(lambda tx: tx.all(select(task.c.state).where(task.c.space == id)))
        assert [row["state"] for row in states] == ["Canceled", "Canceled"]
        assert (await gurita.ask("GET", "environments")).status == 200


@in_loop
async def test_it_goes_on_where_a_crash_stopped_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []

    def crash(name: str) -> None:
        passed.append(name)
        if len(passed) in (3, 7) or (name == "spaces.before-last" and passed.count(name) == 1):
            raise InjectedFault(name)

    monkeypatch.setattr("gurita.execution.space_removal.fault", crash)
    monkeypatch.setattr("gurita.spaces.emptying.AT_ONCE", 1)
    async with house(tmp_path) as gurita:
        id = await furnished(gurita)
        await removed(gurita, tmp_path, id)
        assert passed.count("spaces.before-last") == 2
        assert set(await gurita.store.read(lambda tx: holding(tx, id))) <= KEPT


@in_loop
async def test_a_canceled_deletion_leaves_the_space_shut_until_it_is_deleted_again(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        id = await furnished(gurita)
        await stopped(gurita, id)
        first = (await gurita.delete(f"spaces/{id}"))["Id"]
        number = int(first.partition("-")[2])
        await gurita.store.write(lambda tx: cancel_in(tx, number, 1))
        await gurita.refused(409, "GET", f"{id}/environments")
        second = (await gurita.delete(f"spaces/{id}"))["Id"]
        assert second != first
        async with removing(gurita, tmp_path):
            assert await ended(gurita, second) == "Success"
        assert await gurita.store.read(leaving_in) == {}
        assert set(await gurita.store.read(lambda tx: holding(tx, id))) <= KEPT


@in_loop
async def test_the_keys_of_a_spaces_secrets_are_overwritten_before_they_go(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        id = await furnished(gurita)
        ask = select(space_key.c.sealed).where(space_key.c.space_id == id)
        sealed = bytes(await gurita.store.read(lambda tx: tx.scalar(ask)))
        await removed(gurita, tmp_path, id)
        await gurita.store.close()
        kept = b"".join(file.read_bytes() for file in tmp_path.glob("gurita.db*"))
        assert sealed not in kept


@in_loop
async def test_what_belongs_to_the_system_stays_as_it_is(tmp_path: Path) -> None:
    async with house(tmp_path, more=teams.routes) as gurita:
        before = await gurita.store.read(lambda tx: holding(tx, "Spaces-1"))
        roles = await gurita.get("userroles/all")
        await removed(gurita, tmp_path, await furnished(gurita))
        assert await gurita.store.read(lambda tx: holding(tx, "Spaces-1")) == before
        assert await gurita.get("userroles/all") == roles
        assert [one["Id"] for one in await gurita.get("teams/all")] == [
            "teams-administrators", "teams-spacemanagers-Spaces-1", "teams-everyone", "teams-managers",
        ]  # fmt: skip


@in_loop
async def test_who_sees_the_systems_events_sees_those_of_a_deleted_space_and_nobody_else(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        id = await furnished(gurita)
        own = (await gurita.get(f"events?spaces={id}"))["Items"][0]["Id"]

        async def seen(level: str, path: str) -> int:
            gurita.may(lambda permission, space: permission == "EventView" and space in (level, None))
            return int((await gurita.get(path))["TotalResults"])

        for gone in (False, True):
            assert bool(await seen("", f"events?spaces={id}")) is gone
            assert (await gurita.ask("GET", f"events/{own}")).status == (200 if gone else 404)
            assert await seen("Spaces-1", f"events?spaces={id}") == 0
            assert (await gurita.ask("GET", f"events/{own}")).status == 404
            assert await seen("", "events?spaces=Spaces-1") == 0
            gurita.may(lambda _permission, _space: True)
            if not gone:
                await removed(gurita, tmp_path, id)
