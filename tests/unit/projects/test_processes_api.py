"""Deployment processes through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.helpers import House, house
from tests.looping import in_loop

PROCESS = "deploymentprocesses/deploymentprocess-Projects-1"
SCRIPT = {
    "Octopus.Action.Script.ScriptBody": "echo hi",
    "Octopus.Action.Script.Syntax": "Bash",
    "Octopus.Action.RunOnServer": "true",
}


async def project(gurita: House, name: str = "Web") -> Any:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    return await gurita.post("projects", {"Name": name, "ProjectGroupId": group, "LifecycleId": lifecycle})


def step(name: str, **action: Any) -> dict[str, Any]:
    whole = {"Id": "", "Name": name, "ActionType": "Octopus.Script", "Properties": dict(SCRIPT), **action}
    return {"Id": "", "Name": name, "Properties": {"Octopus.Action.TargetRoles": "web"}, "Actions": [whole]}


async def saved(gurita: House, *steps: dict[str, Any]) -> Any:
    process = await gurita.get(PROCESS)
    return await gurita.put(PROCESS, {**process, "Steps": list(steps)})


@in_loop
async def test_steps_get_ids_and_slugs_that_stay(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        first = await saved(gurita, step("Hello World"), step("Other", ActionType="Ocotpus.Script"))
        assert (first["Version"], len(first["Steps"])) == (2, 2)
        one = first["Steps"][0]
        assert one["Id"]
        assert one["Actions"][0]["Id"]
        assert one["Slug"] == "hello-world"
        again = await gurita.put(PROCESS, first)
        assert again == first
        first["Steps"].reverse()
        turned = await gurita.put("projects/web/deploymentprocesses", first)
        assert [s["Id"] for s in turned["Steps"]] == [s["Id"] for s in first["Steps"]]
        assert turned["Version"] == 3


@in_loop
async def test_a_stale_process_is_refused_with_what_changed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        old = await gurita.get(PROCESS)
        await saved(gurita, step("A"))
        told = await gurita.refused(409, "PUT", PROCESS, {**old, "Steps": [step("B")]})
        assert told["Details"]["CurrentVersion"] == 2


@in_loop
async def test_a_sensitive_property_never_comes_back_and_stays_with_its_action(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        secret = {"HasValue": True, "NewValue": "hunter2"}
        first = await saved(gurita, step("A", Properties={**SCRIPT, "Password": secret}), step("B"))
        shown = first["Steps"][0]["Actions"][0]["Properties"]["Password"]
        assert (shown["HasValue"], shown["NewValue"]) == (True, None)
        assert "SecretId" not in shown
        first["Steps"].reverse()
        turned = await gurita.put(PROCESS, first)
        assert turned["Steps"][1]["Actions"][0]["Properties"]["Password"]["HasValue"] is True
        for place in tmp_path.rglob("*"):
            assert not place.is_file() or b"hunter2" not in place.read_bytes()


@in_loop
async def test_what_is_refused_changes_nothing_and_names_the_member(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await project(gurita, "Other")
        await saved(gurita, step("A"))
        retry = "Octopus.Action.AutoRetry.MaximumCount"
        cases: list[tuple[list[dict[str, Any]], str]] = [
            ([step("A"), step("a ")], "Steps[1].Name"),
            ([step("A", Properties={retry: "9"})], f"Steps[0].Actions[0].Properties[{retry}]"),
            ([step("A", Environments=["Environments-9"])], "Steps[0].Actions[0].Environments[0]"),
            ([step("A", Channels=["Channels-2"])], "Steps[0].Actions[0].Channels[0]"),
            ([{"Name": "A", "Actions": []}], "Steps[0].Actions"),
            ([{"Name": "A", "Actions": "many"}], "Steps"),
            (
                [step("A", Properties={"P": {"HasValue": True, "NewValue": None}})],
                "Steps[0].Actions[0].Properties[P]",
            ),
        ]
        for steps, member in cases:
            told = await gurita.refused(400, "PUT", PROCESS, {"Steps": steps})
            assert told["Errors"][0].startswith(member), told
        await gurita.refused(404, "PUT", "deploymentprocesses/deploymentprocess-Projects-9", {"Steps": []})
        await gurita.refused(409, "PUT", f"{PROCESS}-s-1-ABCDE", {"Steps": []})
        await gurita.refused(404, "GET", f"{PROCESS}-s-1-ABCDE")


@in_loop
async def test_an_environment_a_step_is_limited_to_cannot_be_deleted(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        environment = await gurita.post("environments", {"Name": "Dev"})
        await saved(gurita, step("A", Environments=[environment["Id"]]))
        told = await gurita.refused(409, "DELETE", f"environments/{environment['Id']}")
        assert "deploymentprocess-Projects-1" in told["Errors"][0]


@in_loop
async def test_packages_are_kept_by_their_feeds_ids_and_the_feeds_know_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        feed = {"Name": "Ours", "FeedType": "NuGet", "FeedUri": "https://nuget.example/v3/index.json"}
        ours = await gurita.post("feeds", feed)
        packages = [{"PackageId": "Acme.Web"}, {"Name": "tool", "PackageId": "Tool", "FeedId": "ours"}]
        made = await saved(gurita, step("A", Packages=packages))
        action = made["Steps"][0]["Actions"][0]
        assert [each["FeedId"] for each in action["Packages"]] == ["feeds-builtin", ours["Id"]]
        assert action["Properties"]["Octopus.Action.Package.FeedId"] == "feeds-builtin"
        assert action["Properties"]["Octopus.Action.Package.DownloadOnTentacle"] == "False"
        told = await gurita.refused(409, "DELETE", f"feeds/{ours['Id']}")
        assert "deploymentprocess-Projects-1" in told["Errors"][0]
        nowhere = [{"PackageId": "Acme.Web", "FeedId": "Feeds-77"}]
        told = await gurita.refused(400, "PUT", PROCESS, {"Steps": [step("A", Packages=nowhere)]})
        assert told["Errors"][0].startswith("Steps[0].Actions[0].Packages[0].FeedId")
        await saved(gurita, step("A", Packages=[{"PackageId": "A", "FeedId": "#{Feed}"}]))
        await gurita.delete(f"feeds/{ours['Id']}")
