"""Variable sets through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.secrets.opening import reveal
from gurita.variables import service
from gurita.variables.rules import SecretRef
from tests.helpers import House, house
from tests.looping import in_loop

SET = "variables/variableset-Projects-1"


async def project(gurita: House, name: str = "Web") -> Any:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    return await gurita.post("projects", {"Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle})


async def saved(gurita: House, *variables: dict[str, Any]) -> Any:
    found = await gurita.get(SET)
    return await gurita.put(SET, {**found, "Variables": list(variables)})


async def secret(gurita: House, row: int = 0) -> str | None:
    """The stored secret of the variable at `row`."""
    ctx = gurita.context()

    def read(tx: Any) -> str | None:
        value = service.values_in(tx, ctx, ["variableset-Projects-1"])[row].value
        if not isinstance(value, SecretRef):
            return None
        return reveal(ctx.services.secrets.open_in(tx, ctx.space, value.id))

    return await gurita.store.read(read)


@in_loop
async def test_variables_get_ids_and_the_set_says_what_they_may_be_scoped_to(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        environment = await gurita.post("environments", {"Name": "Dev"})
        found = await saved(
            gurita, {"Name": "A", "Value": "1", "Scope": {"Environment": [environment["Id"]]}}
        )
        one = found["Variables"][0]
        assert one["Id"]
        assert one["Scope"] == {"Environment": [environment["Id"]]}
        assert found["ScopeValues"]["Environments"] == [{"Id": environment["Id"], "Name": "Dev"}]
        assert [c["Name"] for c in found["ScopeValues"]["Channels"]] == ["Default"]
        assert found["ScopeValues"]["Processes"] == [
            {"Id": "Projects-1", "Name": "Web", "ProcessType": "Deployment"}
        ]
        assert await gurita.put("projects/web/variables", found) == found


@in_loop
async def test_it_is_told_whether_a_sensitive_value_is_set_and_set_anew_and_nothing_else(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        plain = {"Name": "A", "Value": "1"}
        found = await saved(gurita, plain, {"Name": "P", "Value": "hunter2", "Type": "Sensitive"})
        one = found["Variables"][1]
        (first,) = await gurita.get(f"{SET}/secrets")
        assert (first["VariableId"], first["IsSet"], bool(first["Stamp"])) == (one["Id"], True, True)
        await gurita.put(SET, {"Variables": [{**one, "Name": "Q"}]})
        assert await gurita.get(f"{SET}/secrets") == [first]
        await gurita.put(SET, {"Variables": [{**one, "Value": "hunter2"}]})
        (again,) = await gurita.get(f"{SET}/secrets")
        assert again["Stamp"] not in ("", first["Stamp"])
        await gurita.put(SET, {"Variables": [{**one, "Value": ""}]})
        assert await gurita.get(f"{SET}/secrets") == [{"VariableId": one["Id"], "IsSet": False, "Stamp": ""}]


@in_loop
async def test_a_sensitive_value_goes_in_and_never_comes_out(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        found = await saved(gurita, {"Name": "P", "Value": "hunter2", "Type": "Sensitive"})
        one = found["Variables"][0]
        assert (one["Value"], one["IsSensitive"], "SecretId" in one) == (None, True, False)
        assert await secret(gurita) == "hunter2"
        kept = await gurita.put(SET, {**found, "Variables": [{**one, "Name": "Q"}]})
        assert await secret(gurita) == "hunter2"
        assert kept["Variables"][0]["Value"] is None
        await gurita.put(SET, {"Variables": [{**one, "Value": "other"}]})
        assert await secret(gurita) == "other"
        await gurita.put(SET, {"Variables": [{**one, "Value": ""}]})
        assert await secret(gurita) is None
        answer = await gurita.ask("GET", "events?take=1000")
        assert b"hunter2" not in answer.body
        for place in tmp_path.rglob("*"):
            assert not place.is_file() or b"hunter2" not in place.read_bytes()


@in_loop
async def test_a_value_that_becomes_sensitive_is_kept_and_one_that_stops_being_so_is_lost(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        one = (await saved(gurita, {"Name": "P", "Value": "plain"}))["Variables"][0]
        hidden = {**one, "Type": "Sensitive", "Value": None}
        hidden.pop("IsSensitive")
        await gurita.put(SET, {"Variables": [hidden]})
        assert await secret(gurita) == "plain"
        back = await gurita.put(SET, {"Variables": [{**one, "Type": "String", "Value": None}]})
        assert back["Variables"][0]["Value"] is None
        assert await secret(gurita) is None


@in_loop
async def test_what_is_refused_changes_nothing_and_names_the_member(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await project(gurita, "Other")
        await gurita.post("spaces", {"Name": "Second", "SpaceManagersTeams": ["teams-administrators"]})
        elsewhere = (await gurita.post("Spaces-2/environments", {"Name": "Far"}))["Id"]
        before = await saved(gurita, {"Name": "A", "Value": "1"})
        good = {"Name": "B", "Value": "2"}
        cases: list[tuple[dict[str, Any], str]] = [
            ({"Name": "X", "Scope": {"Environment": [elsewhere]}}, "Variables[2].Scope.Environment[0]"),
            (
                {"Name": "X", "Scope": {"Environment": ["Environments-9"]}},
                "Variables[2].Scope.Environment[0]",
            ),
            ({"Name": "X", "Scope": {"Machine": ["Machines-9"]}}, "Variables[2].Scope.Machine[0]"),
            ({"Name": "X", "Scope": {"Channel": ["Channels-2"]}}, "Variables[2].Scope.Channel[0]"),
            ({"Name": "X", "Scope": {"Action": ["nope"]}}, "Variables[2].Scope.Action[0]"),
            ({"Name": "X", "Scope": {"ProcessOwner": ["Projects-2"]}}, "Variables[2].Scope.ProcessOwner[0]"),
            ({"Name": "X", "Scope": {"Enviroment": [elsewhere]}}, "Variables[2].Scope.Enviroment"),
            ({"Name": "", "Value": "x"}, "Variables[2].Name"),
        ]
        for variable, member in cases:
            body = {"Version": before["Version"], "Variables": [*before["Variables"], good, variable]}
            told = await gurita.refused(400, "PUT", SET, body)
            assert told["Errors"][0].startswith(member), told
        await gurita.refused(409, "PUT", SET, {"Version": 1, "Variables": [good]})
        await gurita.refused(404, "PUT", "variables/variableset-Projects-9", {"Variables": []})
        await gurita.refused(400, "PUT", SET, {"Variables": [{"Name": "X", "Value": ["list"]}]})


@in_loop
async def test_a_scope_whose_step_was_deleted_may_stay(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        step = {"Name": "A", "Actions": [{"Name": "A", "ActionType": "Octopus.Script"}]}
        process = await gurita.put("projects/web/deploymentprocesses", {"Steps": [step]})
        action = process["Steps"][0]["Actions"][0]["Id"]
        found = await saved(gurita, {"Name": "V", "Value": "1", "Scope": {"Action": [action]}})
        assert found["ScopeValues"]["Actions"] == [{"Id": action, "Name": "A"}]
        await gurita.put("projects/web/deploymentprocesses", {"Steps": []})
        changed = await gurita.put(SET, {**found, "Variables": [{**found["Variables"][0], "Value": "2"}]})
        assert changed["Variables"][0]["Value"] == "2"


@in_loop
async def test_names_preview_and_all(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await project(gurita, "Other")
        dev = (await gurita.post("environments", {"Name": "Dev"}))["Id"]
        await saved(
            gurita,
            {"Name": "b", "Value": "everywhere"},
            {"Name": "B", "Value": "dev", "Scope": {"Environment": [dev]}},
            {"Name": "a", "Value": "x", "Type": "Sensitive"},
        )
        assert await gurita.get("variables/names?project=Projects-1") == ["a", "b"]
        preview = await gurita.get(f"variables/preview?project=Projects-1&environment={dev}")
        assert [(v["Name"], v["Value"]) for v in preview["Variables"]] == [("B", "dev"), ("a", None)]
        plain = await gurita.get("variables/preview?project=Projects-1")
        assert [(v["Name"], v["Value"]) for v in plain["Variables"]] == [("b", "everywhere"), ("a", None)]
        everything = await gurita.get("variables/all")
        assert [one["OwnerId"] for one in everything] == ["Projects-1", "Projects-2"]
        assert len(await gurita.get("variables/all?ids=variableset-Projects-2,nope")) == 1


@in_loop
async def test_a_frozen_set_keeps_its_values_and_costs_nothing_twice(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await saved(gurita, {"Name": "A", "Value": "old"}, {"Name": "S", "Value": "s3", "Type": "Sensitive"})
        ctx = gurita.context()
        first = await gurita.store.write(lambda tx: service.snapshot_in(tx, ctx, "variableset-Projects-1"))
        again = await gurita.store.write(lambda tx: service.snapshot_in(tx, ctx, "variableset-Projects-1"))
        assert first == again
        assert first.startswith("variableset-Projects-1-s-2-")
        await saved(gurita, {"Name": "A", "Value": "new"})
        values = await gurita.store.read(lambda tx: service.values_in(tx, ctx, [first]))
        assert values[0].value == "old"
        assert isinstance(values[1].value, SecretRef)
        shown = await gurita.get(f"variables/{first}")
        assert [(v["Name"], v["Value"]) for v in shown["Variables"]] == [("A", "old"), ("S", None)]
        assert "SecretId" not in shown["Variables"][1]
        await gurita.refused(409, "PUT", f"variables/{first}", {"Variables": []})
