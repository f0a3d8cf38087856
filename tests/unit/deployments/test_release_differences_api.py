"""What a deployment would change on each target, through the API; what ran before stands in the journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, event, insert, update

from gurita.deployments.previewing import planned_in
from gurita.deployments.rules.packages import is_acquisition
from gurita.engine.tables import action, task, task_plan
from gurita.environments import service as environments
from gurita.releases import service as releases
from gurita.store.tx import Tx
from tests.helpers import House
from tests.looping import in_loop
from tests.unit.packages.repository import repository

PROCESS = "deploymentprocesses/deploymentprocess-Projects-1"
SET = "variables/variableset-Projects-1"


def _step(name: str, kind: str = "Octopus.Script", **properties: str) -> dict[str, Any]:
    packages = [{"PackageId": "Acme.Web", "FeedId": "feeds-builtin"}] if "Package" in kind else []
    made = {"Name": name, "ActionType": kind, "Properties": properties, "Packages": packages}
    return {"Name": name, "Properties": {"Octopus.Action.TargetRoles": "web"}, "Actions": [made]}


async def _furnished(gurita: House, machines: int = 2) -> None:
    await gurita.post("environments", {"Name": "Dev"})
    for name in (f"web-{n}" for n in range(1, machines + 1)):
        body = {
            "Name": name,
            "EnvironmentIds": ["Environments-1"],
            "Roles": ["web"],
            "Endpoint": {"CommunicationStyle": "None"},
            "SkipInitialHealthCheck": True,
        }
        await gurita.post("machines", body)
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    cycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    await gurita.post("projects", {"Name": "Shop", "ProjectGroupId": group, "LifecycleId": cycle})


async def _process(gurita: House, *steps: dict[str, Any]) -> None:
    """Steps keep the ids they have under their names."""
    now = {each["Name"]: each for each in (await gurita.get(PROCESS))["Steps"]}
    for each in steps:
        if former := now.get(each["Name"]):
            each["Id"] = former["Id"]
            each["Actions"][0]["Id"] = former["Actions"][0]["Id"]
    await gurita.put(PROCESS, {"Steps": list(steps)})


async def _variables(gurita: House, *rows: dict[str, Any]) -> None:
    await gurita.put(SET, {"Variables": [{"Id": f"v{n}", **row} for n, row in enumerate(rows)]})


async def _release(gurita: House, version: str, package: str = "") -> str:
    body = {"projectName": "Shop", "releaseVersion": version, "packageVersion": package or None}
    return str((await gurita.post("releases/create/v1", body))["ReleaseId"])


async def _ran(
    gurita: House, release: str, state: str = "Success", failed: str = "", *, without: str = ""
) -> str:
    """A deployment that began on all targets but one, as its journal tells it; the action `failed` did not succeed."""
    body = {"ReleaseId": release, "EnvironmentId": "Environments-1"}
    made = await gurita.post("deployments", body)
    number = int(made["TaskId"].partition("-")[2])
    ctx = gurita.context()

    def write(tx: Tx) -> None:
        place = environments.get_in(tx, ctx, "Environments-1")
        plan = planned_in(tx, ctx, releases.get_in(tx, ctx, release), place)
        text = msgspec.json.encode(plan).decode()
        tx.run(insert(task_plan).values(task=number, plan=text))
        tx.run(update(task).where(task.c.number == number).values(state=state, completed=5000))
        rows = [
            {
                "task": number,
                "step": step.index,
                "action": each.index,
                "target": target.id,
                "attempt": 1,
                "state": "failed" if each.name == failed else "success",
                "ticket": f"t-{number}-{step.index}-{target.id}",
                "started": 1,
            }
            for step in plan.steps
            for each in step.actions
            for target in step.targets
            if not is_acquisition(step) and target.name != without
        ]
        for row in rows:
            tx.run(insert(action).values(row))

    await gurita.store.write(write)
    return str(made["Id"])


async def _differences(gurita: House, release: str) -> list[dict[str, Any]]:
    found = await gurita.get(f"Spaces-1/gurita/releases/{release}/differences?environments=dev")
    assert [one["EnvironmentId"] for one in found] == ["Environments-1"]
    groups: list[dict[str, Any]] = found[0]["Groups"]
    return groups


def _steps(group: dict[str, Any]) -> dict[str, str]:
    return {each["ActionName"]: each["Change"] for each in group["Steps"]}


@in_loop
async def test_targets_with_the_same_past_are_one_group_and_a_new_target_is_another(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await _furnished(gurita, 3)
        await _process(gurita, _step("Web", "Octopus.TentaclePackage"), _step("Say", a="1"), _step("Old"))
        first = await _release(gurita, "1.2", "1.2.0")
        assert [one["Last"] for one in await _differences(gurita, first)] == [None], "nothing ran anywhere"
        made = await _ran(gurita, first, without="web-3")
        await _process(gurita, _step("Web", "Octopus.TentaclePackage"), _step("Say", a="2"), _step("New"))
        second = await _release(gurita, "1.4", "1.4.0")
        old, new = await _differences(gurita, second)
        assert [one["Name"] for one in old["Targets"]] == ["web-1", "web-2"]
        assert [one["Name"] for one in new["Targets"]] == ["web-3"]
        assert (old["Last"]["ReleaseVersion"], old["Last"]["DeploymentId"]) == ("1.2", made)
        assert _steps(old) == {"Web": "Same", "Say": "Changed", "New": "New", "Old": "Removed"}
        assert _steps(new) == {"Web": "New", "Say": "New", "New": "New"}
        web, say = old["Steps"][:2]
        assert web["Packages"] == [{"Name": "", "PackageId": "Acme.Web", "Before": "1.2.0", "After": "1.4.0"}]
        assert say["Settings"] == ["a"]
        assert say["Opaque"] == "It runs a script, which may change anything."
        assert new["Steps"][0]["Packages"][0]["Before"] is None


@in_loop
async def test_a_step_that_failed_last_counts_by_its_success_before(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await _furnished(gurita, 1)
        await _process(gurita, _step("Web", "Octopus.TransferPackage"), _step("Say"))
        first, second, third = [await _release(gurita, f"{n}.0", f"{n}.0.0") for n in (1, 2, 3)]
        await _ran(gurita, first)
        await _ran(gurita, second, "Failed", failed="Web")
        (group,) = await _differences(gurita, third)
        assert (group["Last"]["ReleaseVersion"], group["Last"]["State"]) == ("2.0", "Failed")
        web, say = group["Steps"]
        assert (web["LastVersion"], web["FailedSince"], web["Packages"][0]["Before"]) == (
            "1.0",
            True,
            "1.0.0",
        )
        assert (say["LastVersion"], say["FailedSince"]) == ("2.0", False)
        assert web["Opaque"] == "", "carrying a file over is no secret"


@in_loop
async def test_variables_are_told_where_their_value_there_is_another(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await _furnished(gurita)
        await _process(gurita, _step("Say"), _step("Shout"))
        shout = (await gurita.get(PROCESS))["Steps"][1]["Actions"][0]["Id"]
        only, quiet = {"Machine": ["Machines-2"]}, {"Action": [shout]}
        await _variables(
            gurita,
            {"Name": "Url", "Value": "old"},
            {"Name": "Whole", "Value": "https://#{Url}/"},
            {"Name": "Number", "Value": "v#{Octopus.Release.Number}"},
            {"Name": "Key", "IsSensitive": True, "Value": "hush"},
            {"Name": "Size", "Value": "1", "Scope": only},
            {"Name": "Tone", "Value": "low", "Scope": quiet},
            {"Name": "Same", "Value": "same"},
            {"Name": "Gone", "Value": "x" * 400},
        )
        first = await _release(gurita, "1.0")
        await _ran(gurita, first)
        assert [len(one["Variables"]) for one in await _differences(gurita, first)] == [0], "the same again"
        now = (await gurita.get(SET))["Variables"]
        changed = {"Url": "new", "Key": "hush2", "Size": "2", "Tone": "high"}
        rows = [
            {**one, "Value": changed.get(one["Name"], one["Value"])} for one in now if one["Name"] != "Gone"
        ]
        await gurita.put(SET, {"Variables": rows, "Version": 2})
        second = await _release(gurita, "2.0")
        one, two = await _differences(gurita, second)
        found = {each["Name"]: each for each in one["Variables"]}
        assert {name: each["Change"] for name, each in found.items()} == {
            "Gone": "Removed",
            "Key": "Changed",
            "Number": "Through",
            "Tone": "Changed",
            "Url": "Changed",
            "Whole": "Through",
        }
        assert (found["Url"]["Before"], found["Url"]["After"]) == ("old", "new")
        assert (found["Key"]["IsSensitive"], found["Key"]["Before"], found["Key"]["After"]) == (
            True,
            None,
            None,
        )
        assert (found["Whole"]["Through"], found["Number"]["Through"]) == ("Url", "Octopus.Release.Number")
        assert found["Gone"]["Before"] == "x" * 300 + "…"
        assert found["Tone"]["Steps"] == ["Shout"]
        size = next(each for each in two["Variables"] if each["Name"] == "Size")
        assert (size["Before"], size["After"], size["Steps"]) == ("1", "2", [])


@in_loop
async def test_what_the_reader_may_not_see_is_counted_and_not_named(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await _furnished(gurita, 1)
        await _process(gurita, _step("Say"))
        await _variables(gurita, {"Name": "Url", "Value": "old"}, {"Name": "Whole", "Value": "#{Url}"})
        await _ran(gurita, await _release(gurita, "1.0"))
        await gurita.put(SET, {"Variables": [{"Name": "Url", "Value": "new"}], "Version": 2})
        second = await _release(gurita, "2.0")
        all_of_them = gurita.viewer
        gurita.may(lambda permission, _space: not permission.startswith("VariableView"))
        (group,) = await _differences(gurita, second)
        assert (group["Variables"], group["HiddenVariables"]) == ([], 2)
        gurita.viewer = replace(all_of_them, may=lambda permission, _space: permission != "DeploymentView")
        await gurita.refused(403, "GET", f"gurita/releases/{second}/differences?environments=dev")
        gurita.viewer = all_of_them
        await gurita.refused(404, "GET", f"gurita/releases/{second}/differences?environments=nowhere")
        await gurita.refused(404, "GET", "gurita/releases/Releases-99/differences?environments=dev")


@in_loop
async def test_more_targets_take_no_more_statements(tmp_path: Path) -> None:
    counts = []
    for machines in (2, 12):
        folder = tmp_path / str(machines)
        folder.mkdir()
        async with repository(folder) as here:
            gurita = here.gurita
            await _furnished(gurita, machines)
            await _process(gurita, _step("Say"))
            await _ran(gurita, await _release(gurita, "1.0"))
            second = await _release(gurita, "2.0")
            counts.append(await _statements(gurita, second))
    assert counts[0] == counts[1] > 0


async def _statements(gurita: House, release: str) -> int:
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await _differences(gurita, release)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(asked)
