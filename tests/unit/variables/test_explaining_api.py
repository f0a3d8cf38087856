"""Explaining variables through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop
from tests.unit.catalog.scoped import limit, scope

SET = "variables/variableset-Projects-1"


async def filled(
    gurita: House, *variables: dict[str, Any], library: list[dict[str, Any]] | None = None
) -> Any:
    """A project with one step for the tag web, an environment Dev, and these variables; with the ids of it all."""
    included = []
    if library is not None:
        shared = await gurita.post("libraryvariablesets", {"Name": "Shared"})
        await gurita.put(f"variables/{shared['VariableSetId']}", {"Variables": library})
        included.append(shared["Id"])
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    body = {"Name": "Web", "ProjectGroupId": group, "LifecycleId": lifecycle}
    made = await gurita.post("projects", {**body, "IncludedLibraryVariableSetIds": included})
    dev = (await gurita.post("environments", {"Name": "Dev"}))["Id"]
    prod = (await gurita.post("environments", {"Name": "Prod"}))["Id"]
    step = {
        "Name": "Go",
        "Properties": {"Octopus.Action.TargetRoles": "web"},
        "Actions": [{"Name": "Go", "ActionType": "Octopus.Script"}],
    }
    process = await gurita.put("projects/web/deploymentprocesses", {"Steps": [step]})
    ids = {"DEV": dev, "PROD": prod, "GO": process["Steps"][0]["Actions"][0]["Id"]}
    found = await gurita.get(SET)
    rows = [_with_ids(each, ids) for each in variables]
    await gurita.put(SET, {**found, "Variables": rows})
    return {**ids, "project": made["Id"]}


def _with_ids(variable: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    scope = {kind: [ids.get(each, each) for each in of] for kind, of in variable.get("Scope", {}).items()}
    return {**variable, "Scope": scope}


async def explained(gurita: House, name: str, **query: str) -> Any:
    more = "".join(f"&{key}={value}" for key, value in query.items())
    answer = await gurita.get(f"variables/explain?project=web&name={name.replace('#', '%23')}{more}")
    (one,) = answer["Variables"]
    return one


@in_loop
async def test_every_candidate_has_its_rank_and_the_reason_why_it_lost(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(
            gurita,
            {"Name": "Port", "Value": "1"},
            {"Name": "Port", "Value": "2", "Scope": {"Environment": ["DEV"]}},
            {"Name": "port", "Value": "3", "Scope": {"Environment": ["PROD"]}},
            {"Name": "Port", "Value": "4", "Scope": {"Role": ["web"]}},
            {"Name": "Port", "Value": "5", "Scope": {"Role": ["web"]}},
            {"Name": "Port", "Value": "6", "Scope": {"Action": ["GO"], "Environment": ["DEV"]}},
        )
        one = await explained(gurita, "PORT", environment="dev", role="web")
        assert (one["Source"], one["Value"], one["IsTied"]) == ("Variable", "5", True)
        assert one["Sentence"].startswith("Row 5 of project 'Web'.")
        told = {each["Row"]: (each["Reason"], each["Ranks"]) for each in one["Candidates"]}
        assert told == {
            1: ("weaker", [11]),
            2: ("weaker", [7]),
            3: ("out-of-scope", []),
            4: ("later-row", [3]),
            5: ("chosen", [3]),
            6: ("out-of-scope", []),
        }
        sentences = {each["Row"]: each["Sentence"] for each in one["Candidates"]}
        assert sentences[3] == "Does not apply: it is for the environment Prod, and here it is Dev."
        assert sentences[6] == "Does not apply: it is for the step Go, and none is known here."
        assert (await explained(gurita, "Port", environment="dev", step="go"))["Value"] == "6"


@in_loop
async def test_the_library_loses_against_a_project_that_is_as_specific(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(gurita, {"Name": "A", "Value": "own"}, library=[{"Name": "A", "Value": "shared"}])
        one = await explained(gurita, "A")
        assert [(each["SetName"], each["Reason"]) for each in one["Candidates"]] == [
            ("project 'Web'", "chosen"),
            ("library variable set 'Shared'", "library"),
        ]


@in_loop
async def test_references_are_followed_and_say_where_their_text_is_from(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(
            gurita,
            {"Name": "Url", "Value": "https://#{Host}/#{Octopus.Environment.Name}?#{Nope}&#{Key}"},
            {"Name": "Host", "Value": "#{Sub}.example"},
            {"Name": "Sub", "Value": "www", "Scope": {"Environment": ["DEV"]}},
            {"Name": "Key", "Value": "hunter2", "Type": "Sensitive"},
        )
        one = await explained(gurita, "Url", environment="Dev")
        assert one["Value"] == "https://www.example/Dev?#{Nope}&********"
        assert one["Missing"] == ["#{Nope}"]
        mentions = {each["Path"]: each for each in one["References"]}
        assert list(mentions) == ["Host", "Octopus.Environment.Name", "Nope", "Key", "Sub"]
        assert (mentions["Sub"]["Within"], mentions["Sub"]["Source"]) == ("Host", "Variable")
        assert mentions["Octopus.Environment.Name"]["Source"] == "System"
        assert (mentions["Nope"]["Source"], mentions["Nope"]["Sentence"]) == ("None", "Nobody has set it.")
        assert (mentions["Key"]["Value"], mentions["Key"]["IsSensitive"]) == (None, True)


@in_loop
async def test_a_sensitive_value_is_shown_nowhere(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(
            gurita,
            {"Name": "Key", "Value": "hunter2", "Type": "Sensitive"},
            {"Name": "Whole", "Value": "#{Key}#{Key}"},
        )
        answer = await gurita.ask("GET", "variables/explain?project=web")
        assert answer.status == 200
        assert b"hunter2" not in answer.body
        by_name = {each["Name"]: each for each in answer.json["Variables"]}
        assert (by_name["Key"]["IsSensitive"], by_name["Key"]["Value"]) == (True, None)
        assert by_name["Whole"]["Value"] == "****************"


@in_loop
async def test_a_circle_is_an_error_and_ends(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(gurita, {"Name": "A", "Value": "#{B}"}, {"Name": "B", "Value": "#{A}"})
        one = await explained(gurita, "A")
        assert "self referencing loop" in one["Error"]
        assert {each["Path"] for each in one["References"]} == {"B", "A"}


@in_loop
async def test_what_stands_for_an_account_names_its_properties_without_their_values(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        secret = {"HasValue": True, "NewValue": "hunter2"}
        body = {"AccountType": "UsernamePassword", "Name": "Db", "Username": "sa", "Password": secret}
        account = (await gurita.post("accounts", body))["Id"]
        await filled(
            gurita,
            {"Name": "Db", "Value": account, "Type": "UsernamePasswordAccount"},
            {"Name": "Conn", "Value": "User=#{Db.Username}"},
        )
        assert (await explained(gurita, "Db.Password"))["Source"] == "Property"
        (mention,) = (await explained(gurita, "Conn"))["References"]
        assert (mention["Source"], mention["Name"]) == ("Property", "Db")


@in_loop
async def test_whoever_sees_a_part_gets_only_that_part(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await filled(
            gurita,
            {"Name": "A", "Value": "for dev", "Scope": {"Environment": ["DEV"]}},
            {"Name": "A", "Value": "for prod", "Scope": {"Environment": ["PROD"]}},
            {"Name": "Wide", "Value": "unscoped"},
            {"Name": "OnlyProd", "Value": "x", "Scope": {"Environment": ["PROD"]}},
        )
        limit(gurita, scope(environments=[made["DEV"]]), permissions={"VariableView", "ProjectView"})
        one = await explained(gurita, "A", environment=made["DEV"])
        assert [each["Value"] for each in one["Candidates"]] == ["for dev"]
        wide = await explained(gurita, "Wide", environment=made["DEV"])
        assert (wide["Source"], wide["Value"], wide["Candidates"]) == ("Hidden", None, [])
        answer = await gurita.get(f"variables/explain?project=web&environment={made['DEV']}")
        names = {each["Name"] for each in answer["Variables"] if not each["Name"].startswith("Octopus.")}
        assert names == {"A"}
        path = f"variables/explain?project=web&environment={made['PROD']}"
        await gurita.refused(403, "GET", path)


@in_loop
async def test_what_cannot_be_asked_is_refused_with_the_member_named(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(gurita)
        for query, status, says in (
            ("name=A", 400, "project:"),
            ("project=web&action=nope", 400, "action:"),
            ("project=web&step=nope", 400, "step:"),
            ("project=web&name=" + "x" * 1001, 400, "name:"),
        ):
            told = await gurita.refused(status, "GET", f"variables/explain?{query}")
            assert told["Errors"][0].startswith(says), told
        for query in (
            "project=nope",
            "release=Releases-9",
            "deployment=Deployments-9",
            "project=web&environment=x",
        ):
            await gurita.refused(404, "GET", f"variables/explain?{query}")


@in_loop
async def test_a_release_is_explained_by_what_was_frozen_with_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await filled(gurita, {"Name": "A", "Value": "then"}, library=[{"Name": "B", "Value": "then"}])
        release = await gurita.post("releases", {"ProjectId": made["project"], "Version": "1.0.0"})
        await gurita.put(SET, {"Variables": [{"Name": "A", "Value": "now"}]})
        answer = await gurita.get(f"variables/explain?release={release['Id']}&environment=dev")
        by_name = {each["Name"]: each["Value"] for each in answer["Variables"]}
        assert (by_name["A"], by_name["B"]) == ("then", "then")
        assert by_name["Octopus.Release.Number"] == "1.0.0"
        assert answer["Place"] == {
            "Project": "Web", "Release": "1.0.0", "Environment": "Dev", "Channel": "Default"
        }  # fmt: skip
        assert (await explained(gurita, "A"))["Value"] == "now"


@in_loop
async def test_the_preview_and_the_names_count_the_library_in(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await filled(
            gurita,
            {"Name": "A", "Value": "own"},
            {"Name": "P", "Value": "p", "Scope": {"Environment": ["PROD"]}},
            library=[{"Name": "A", "Value": "shared"}, {"Name": "B", "Value": "b"}],
        )
        preview = await gurita.get(f"variables/preview?project=web&environment={made['DEV']}")
        assert [(each["Name"], each["Value"]) for each in preview["Variables"]] == [("A", "own"), ("B", "b")]
        assert await gurita.get("variables/names?project=web") == ["A", "B", "P"]
        path = f"variables/names?project=web&projectEnvironmentsFilter={made['DEV']}"
        assert await gurita.get(path) == ["A", "B"]


@in_loop
async def test_the_settings_of_a_step_are_for_who_sees_processes(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await filled(gurita)
        process = await gurita.get("projects/web/deploymentprocesses")
        process["Steps"][0]["Actions"][0]["Properties"] = {"Octopus.Action.Script.ScriptBody": "echo plan"}
        await gurita.put("projects/web/deploymentprocesses", process)
        name = "Octopus.Action.Script.ScriptBody"
        assert (await explained(gurita, name, step="go"))["Value"] == "echo plan"
        gurita.may(lambda permission, _space: permission != "ProcessView")
        one = await explained(gurita, name, step="go")
        assert (one["Source"], one["Value"]) == ("Later", None)
