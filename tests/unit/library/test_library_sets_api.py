"""Library variable sets through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop

SETS = "libraryvariablesets"


async def project(gurita: House, *included: str, name: str = "Web") -> Any:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    body = {"Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle}
    return await gurita.post("projects", {**body, "IncludedLibraryVariableSetIds": list(included)})


async def library(gurita: House, name: str = "Shared", **variables: str) -> Any:
    made = await gurita.post(SETS, {"Name": name, "ContentType": "Variables"})
    given = [{"Name": key, "Value": value} for key, value in variables.items()]
    await gurita.put(f"variables/{made['VariableSetId']}", {"Variables": given})
    return made


@in_loop
async def test_a_set_comes_with_its_variables_and_goes_with_them(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await library(gurita, "Shared", Region="north")
        assert made["Id"] == "LibraryVariableSets-1"
        assert made["VariableSetId"] == "variableset-LibraryVariableSets-1"
        assert made["Links"]["Variables"].endswith("/variables/variableset-LibraryVariableSets-1")
        assert made["Links"]["Usages"].endswith("/libraryvariablesets/LibraryVariableSets-1/usages")
        found = await gurita.get(f"variables/{made['VariableSetId']}")
        assert [each["Value"] for each in found["Variables"]] == ["north"]
        assert found["ScopeValues"]["Actions"] == found["ScopeValues"]["Channels"] == []
        await gurita.delete(f"{SETS}/{made['Id']}")
        await gurita.refused(404, "GET", f"{SETS}/{made['Id']}")
        await gurita.refused(404, "GET", f"variables/{made['VariableSetId']}")


@in_loop
async def test_script_modules_are_listed_apart_and_stay_what_they_are(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await library(gurita)
        module = await gurita.post(SETS, {"Name": "Tools", "ContentType": "ScriptModule"})
        listed = await gurita.get(f"{SETS}?contentType=scriptmodule")
        assert [each["Name"] for each in listed["Items"]] == ["Tools"]
        assert [each["Name"] for each in await gurita.get(f"{SETS}/all")] == ["Shared", "Tools"]
        told = await gurita.refused(
            400, "PUT", f"{SETS}/{module['Id']}", {**module, "ContentType": "Variables"}
        )
        assert told["Errors"][0].startswith("ContentType:")


@in_loop
async def test_a_set_that_is_included_stays_and_says_by_whom(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await library(gurita)
        included = await project(gurita, made["Id"])
        told = await gurita.refused(409, "DELETE", f"{SETS}/{made['Id']}")
        assert "'Web'" in told["Errors"][0]
        usages = await gurita.get(f"{SETS}/{made['Id']}/usages")
        one = usages["Projects"][0]
        assert (one["ProjectId"], one["ProjectName"]) == (included["Id"], "Web")
        assert (one["IsCurrentlyBeingUsedInProject"], one["Releases"]) == (True, [])
        await gurita.refused(
            400,
            "PUT",
            "projects/web",
            {**included, "IncludedLibraryVariableSetIds": ["LibraryVariableSets-9"]},
        )


@in_loop
async def test_a_release_freezes_the_included_sets_until_it_is_told_to_look_again(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        first, second = await library(gurita, "One", A="1"), await library(gurita, "Two", B="2")
        made = await project(gurita, second["Id"], first["Id"])
        release = await gurita.post("releases", {"ProjectId": made["Id"], "Version": "1.0.0"})
        frozen = release["LibraryVariableSetSnapshotIds"]
        assert [each.partition("-s-")[0] for each in frozen] == [
            second["VariableSetId"], first["VariableSetId"]
        ]  # fmt: skip
        await gurita.put(
            f"variables/{first['VariableSetId']}", {"Variables": [{"Name": "A", "Value": "new"}]}
        )
        path = f"projects/{made['Id']}/releases/1.0.0/variables"
        assert [each["Variables"] and each["Variables"][0]["Value"] for each in await gurita.get(path)] == [
            [], "2", "1"
        ]  # fmt: skip
        template = await gurita.get(f"releases/{release['Id']}/deployments/template")
        assert (template["IsVariableSetModified"], template["IsLibraryVariableSetModified"]) == (False, True)
        await gurita.post(f"releases/{release['Id']}/snapshot-variables", None)
        assert [each["Variables"] and each["Variables"][0]["Value"] for each in await gurita.get(path)] == [
            [], "2", "new"
        ]  # fmt: skip
        template = await gurita.get(f"releases/{release['Id']}/deployments/template")
        assert template["IsLibraryVariableSetModified"] is False
        usages = await gurita.get(f"{SETS}/{first['Id']}/usages")
        assert [each["ReleaseVersion"] for each in usages["Projects"][0]["Releases"]] == ["1.0.0"]


@in_loop
async def test_values_of_the_library_know_no_steps_channels_or_processes(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await library(gurita)
        owner = await project(gurita, made["Id"])
        channel = (await gurita.get(f"projects/{owner['Id']}/channels"))["Items"][0]["Id"]
        for scope in ({"Channel": [channel]}, {"Action": ["x"]}, {"ProcessOwner": [owner["Id"]]}):
            body = {"Variables": [{"Name": "A", "Value": "1", "Scope": scope}]}
            told = await gurita.refused(400, "PUT", f"variables/{made['VariableSetId']}", body)
            assert "library variable set 'Shared'" in told["Errors"][0]


@in_loop
async def test_faults_of_a_set_name_the_member(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await library(gurita, "Shared")
        cases: list[tuple[int, dict[str, Any], str]] = [
            (400, {"Name": ""}, "Name"),
            (400, {"Name": "X", "ContentType": "Other"}, ""),
            (400, {"Name": "X", "Templates": [{"Name": "a"}, {"Name": "A"}]}, "Templates[1].Name"),
            (409, {"Name": "shared"}, ""),
        ]
        for status, body, member in cases:
            told = await gurita.refused(status, "POST", SETS, body)
            assert told["ErrorMessage"]
            assert not member or told["Errors"][0].startswith(member), told


@in_loop
async def test_sensitive_defaults_of_templates_never_come_out(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        template = {
            "Name": "Key",
            "DisplaySettings": {"Octopus.ControlType": "Sensitive"},
            "DefaultValue": {"HasValue": True, "NewValue": "hunter2"},
        }
        made = await gurita.post(SETS, {"Name": "T", "Templates": [template]})
        assert made["Templates"][0]["Id"]
        assert made["Templates"][0]["DefaultValue"]["HasValue"] is True
        for place in tmp_path.rglob("*"):
            assert not place.is_file() or b"hunter2" not in place.read_bytes()


@in_loop
async def test_without_sight_of_the_library_its_variables_are_not_seen_either(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await library(gurita, A="1")
        await project(gurita, made["Id"])
        gurita.may(lambda permission, _space: permission != "LibraryVariableSetView")
        await gurita.refused(403, "GET", f"{SETS}/{made['Id']}")
        await gurita.refused(403, "GET", f"variables/{made['VariableSetId']}")
        assert [each["OwnerId"] for each in await gurita.get("variables/all")] == ["Projects-1"]
        gurita.may(lambda permission, _space: permission != "LibraryVariableSetEdit")
        assert sorted(each["OwnerId"] for each in await gurita.get("variables/all")) == [
            "LibraryVariableSets-1", "Projects-1"
        ]  # fmt: skip
        await gurita.refused(403, "PUT", f"variables/{made['VariableSetId']}", {"Variables": []})
