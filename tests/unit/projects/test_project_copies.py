"""Copies of projects, their pictures, and what clients ask of them beside themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.store.blobs import Blobs
from gurita.variables import service as variables
from gurita.variables.resources import VariableSet
from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.http.asking import Answer, asked
from tests.unit.projects.test_projects_api import made

PROCESS = "deploymentprocesses/deploymentprocess-Projects-1"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def furnished(gurita: House) -> Any:
    """A project with a channel that its process, a variable and a rule name, and with secrets."""
    strategy = {"Template": "1.#{Octopus.Version.NextMinor}"}
    secret = {"HasValue": True, "NewValue": "s3cret"}
    source = await made(
        gurita,
        Description="sells",
        VersioningStrategy=strategy,
        Templates=[{"Name": "Key", "DefaultValue": secret}],
        TenantedDeploymentMode="TenantedOrUntenanted",
    )
    beta = await gurita.post("channels", {"Name": "Beta", "ProjectId": "Projects-1"})
    action = {
        "Name": "Web",
        "ActionType": "Octopus.TentaclePackage",
        "Channels": [beta["Id"]],
        "Packages": [{"PackageId": "Acme.Web"}],
        "Properties": {"Password": secret},
    }
    await gurita.put(PROCESS, {"Steps": [{"Name": "Web", "Actions": [action]}]})
    rule = {"VersionRange": "[1.0,2.0)", "ActionPackages": [{"DeploymentAction": "Web"}]}
    await gurita.put(f"channels/{beta['Id']}", {**beta, "Rules": [rule]})
    rows = [
        {"Name": "A", "Value": "x", "Scope": {"Channel": [beta["Id"]]}},
        {"Name": "P", "Type": "Sensitive", "IsSensitive": True, "Value": "pass"},
    ]
    await gurita.put("variables/variableset-Projects-1", {"Variables": rows})
    return source


async def stored(gurita: House, owner: str) -> VariableSet:
    ctx = gurita.context()
    found: VariableSet = await gurita.store.read(lambda tx: variables.get_in(tx, ctx, variables.id_of(owner)))
    return found


@in_loop
async def test_a_copy_has_its_own_channels_process_and_variables(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        source = await furnished(gurita)
        copy = await gurita.post("projects?clone=web-shop", {"Name": "Copy"})
        assert (copy["ClonedFromProjectId"], copy["Description"]) == ("Projects-1", "sells")
        for member in ("VersioningStrategy", "ProjectGroupId", "LifecycleId", "TenantedDeploymentMode"):
            assert copy[member] == source[member]
        assert copy["Templates"][0]["DefaultValue"]["HasValue"] is True
        own = (await gurita.get(f"projects/{copy['Id']}/channels"))["Items"]
        assert [(c["Name"], c["IsDefault"], len(c["Rules"])) for c in own] == [
            ("Beta", False, 1),
            ("Default", True, 0),
        ]
        process = await gurita.get(f"projects/{copy['Id']}/deploymentprocesses")
        action = process["Steps"][0]["Actions"][0]
        assert action["Channels"] == [own[0]["Id"]]
        assert action["Properties"]["Password"]["HasValue"] is True
        theirs, mine = await stored(gurita, "Projects-1"), await stored(gurita, copy["Id"])
        assert mine.variables[0].scope == {"Channel": [own[0]["Id"]]}
        assert mine.variables[1].secret_id == theirs.variables[1].secret_id
        assert {v.id for v in mine.variables}.isdisjoint(v.id for v in theirs.variables)
        listed = await gurita.get("projects?clonedFromProjectId=Projects-1")
        assert [one["Name"] for one in listed["Items"]] == ["Copy"]


@in_loop
async def test_a_copy_that_may_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await furnished(gurita)
        told = await gurita.refused(400, "POST", "projects?clone=Projects-9", {"Name": "Copy"})
        assert told["Errors"][0].startswith("clone")
        await gurita.refused(409, "POST", "projects?clone=Projects-1", {"Name": "web shop"})
        gurita.may(lambda permission, _space: permission != "VariableView")
        await gurita.refused(403, "POST", "projects?clone=Projects-1", {"Name": "Copy"})


async def sent(gurita: House, target: str, content: bytes) -> Answer:
    head = b'--x\r\nContent-Disposition: form-data; name="any"; filename="a.png"\r\n\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}
    return await asked(gurita.app, "POST", f"/api/{target}", head + content + b"\r\n--x--\r\n", headers)


@in_loop
async def test_projects_and_spaces_have_pictures(tmp_path: Path) -> None:
    async with house(tmp_path, blobs=Blobs.open(tmp_path / "blobs")) as gurita:
        project = await made(gurita)
        for place in (project["Links"]["Logo"].removeprefix("/api/"), "spaces/Spaces-1/logo"):
            drawn = await gurita.ask("GET", place)
            assert drawn.headers["content-type"] == "image/svg+xml"
            assert drawn.body.startswith(b"<svg")
            assert (await sent(gurita, place, PNG)).status == 200
            shown = await gurita.ask("GET", place)
            assert (shown.headers["content-type"], shown.body) == ("image/png", PNG)
            assert (await sent(gurita, place, PNG + b"2")).status == 200
            assert (await gurita.ask("GET", place)).body == PNG + b"2"
            refused = await sent(gurita, place, b"<svg onload='x'/>")
            assert refused.status == 400
        assert (await sent(gurita, "projects/Projects-9/logo", PNG)).status == 404
        await gurita.delete("projects/Projects-1")


@in_loop
async def test_what_clients_ask_of_a_project_is_answered_also_where_nothing_is_built(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        project = await made(gurita)
        assert await gurita.get("projects/Projects-1/summary") == {
            "HasDeploymentProcess": False,
            "HasRunbooks": False,
        }
        await gurita.put(PROCESS, {"Steps": [{"Name": "S", "Actions": [{"ActionType": "Octopus.Script"}]}]})
        assert (await gurita.get("projects/web-shop/summary"))["HasDeploymentProcess"] is True
        assert await gurita.get("projects/web-shop/metadata") == []
        for name in ("Triggers", "ScheduledTriggers", "Runbooks", "RunbookSnapshots"):
            found = await gurita.get(project["Links"][name].removeprefix("/api/").partition("{")[0])
            assert (found["Items"], found["TotalResults"]) == ([], 0)
        short = await gurita.get("projects/experimental/summaries?ids=Projects-1")
        assert [(one["Name"], one["Slug"]) for one in short] == [("Web Shop", "web-shop")]
        assert short[0]["Links"] == project["Links"]
        await gurita.refused(400, "POST", "projects/Projects-1/git/convert", {})
        for path in ("summary", "metadata", "triggers", "runbooks"):
            await gurita.refused(404, "GET", f"projects/Projects-9/{path}")


@in_loop
async def test_a_process_is_judged_without_being_saved(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await made(gurita)
        process = await gurita.get(PROCESS)
        place = process["Links"]["Validation"].removeprefix("/api/")
        good = {"Steps": [{"Name": "S", "Actions": [{"ActionType": "Octopus.Script"}]}]}
        assert (await gurita.post(place, good))["HasErrors"] is False
        bad = {"Steps": [{"Name": "S", "Actions": []}, {"Name": "s", "Actions": [{"ActionType": " "}]}]}
        told = await gurita.post(place, bad)
        assert told["HasErrors"] is True
        assert len(told["Errors"]["Errors"]) == 3
        assert await gurita.get(PROCESS) == process
        saved = await gurita.put(PROCESS, good)
        assert (saved["Steps"][0]["Links"], saved["Steps"][0]["Actions"][0]["Links"]) == ({}, {})
