"""Much of something costs as many statements as little of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.kernel.errors import NotFound
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from tests.counting import statements
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.catalog.scoped import limit, scope
from tests.unit.dashboard.test_dashboard_api import furnished

SET = "variables/variableset-Projects-1"


async def counted(gurita: House, *paths: str) -> list[int]:
    """How many statements each answer takes."""
    found = []
    for path in paths:
        with statements() as asked:
            await gurita.get(path)
        found.append(len(asked))
    return found


def rows(count: int) -> list[dict[str, Any]]:
    """Variables of the first environment, of the second, and of none, some of them secret."""
    places: list[dict[str, Any]] = [
        {"Scope": {"Environment": ["Environments-1"]}},
        {"Scope": {"Environment": ["Environments-2"]}},
        {},
    ]
    secret = {"Type": "Sensitive", "IsSensitive": True, "Value": "abc"}
    return [
        {"Name": f"V{n}", "Value": str(n), **(secret if n % 4 == 0 else {}), **places[n % 3]}
        for n in range(count)
    ]


@in_loop
async def test_whose_scope_is_narrow_reads_many_variables_in_as_few_statements_as_three(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        everything = gurita.viewer
        found = []
        for count in (3, 60):
            gurita.viewer = everything
            await gurita.put(SET, {**(await gurita.get(SET)), "Variables": rows(count)})
            limit(gurita, scope(projects=["Projects-1"], environments=["Environments-1"]))
            shown = (await gurita.get(SET))["Variables"]
            assert [each["Name"] for each in shown] == [f"V{n}" for n in range(count) if n % 3 != 1]
            found.append(await counted(gurita, SET, f"{SET}/warnings", "variables/all"))
        assert found[0] == found[1]


@in_loop
async def test_secrets_that_are_opened_together_are_those_opened_one_by_one(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        secrets, store = gurita.services.secrets, gurita.store
        values = [f"value {n}" for n in range(20)]
        ids = await store.write(lambda tx: [secrets.store_in(tx, "Spaces-1", Sensitive(v)) for v in values])
        with statements() as asked:
            opened = await store.read(lambda tx: secrets.open_all_in(tx, "Spaces-1", [*ids, ids[0]]))
        assert [reveal(opened[id]) for id in ids] == values
        assert len(asked) <= 2, "the values, and the space's key if it is not known yet"
        assert await store.read(lambda tx: secrets.open_all_in(tx, "Spaces-1", [])) == {}
        for space, wanted in (("Spaces-2", ids[:1]), ("Spaces-1", [ids[0], "secret-x"])):
            with pytest.raises(NotFound):
                await store.read(lambda tx, s=space, w=wanted: secrets.open_all_in(tx, s, w))  # type: ignore[misc]


@in_loop
async def test_many_machines_that_use_an_account_are_named_in_as_few_statements_as_two(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("environments", {"Name": "Dev"})
        account = {"Name": "Key", "AccountType": "UsernamePassword", "Username": "a"}
        id = (await gurita.post("accounts", account))["Id"]
        found = []
        for more in (range(2), range(2, 12)):
            for number in more:
                await gurita.post("machines", machine(f"m-{number}", id))
            found.append(await counted(gurita, f"accounts/{id}/usages"))
            assert len((await gurita.get(f"accounts/{id}/usages"))["Targets"]) == more.stop
        assert found[0] == found[1]


def machine(name: str, account: str) -> dict[str, Any]:
    return {
        "Name": name,
        "Roles": ["web"],
        "EnvironmentIds": ["Environments-1"],
        "SkipInitialHealthCheck": True,
        "Endpoint": {
            "CommunicationStyle": "Ssh",
            "AccountId": account,
            "Host": f"{name}.example",
            "Port": 22,
            "Fingerprint": "SHA256:" + "A" * 43,
        },
    }
