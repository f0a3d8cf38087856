from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from gurita.audit import service as audit
from gurita.audit.categories import CATEGORIES
from gurita.audit.csv_lines import HEAD, harmless
from gurita.audit.groups import GROUPS, applies_to
from gurita.store.tx import Tx
from tests.helpers import House, house
from tests.looping import in_loop


async def note(
    gurita: House, category: str, message: str, agent: str = "", related: str = "Machines-1"
) -> None:
    ctx = gurita.context()
    ctx = replace(ctx, viewer=replace(ctx.viewer, user_agent=agent))
    await gurita.store.write(lambda tx: audit.record(tx, ctx, category, message, [related]))


@in_loop
async def test_events_are_found_by_group_agent_and_tag(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await note(gurita, "MachineHealthy", "one", "Mozilla/5.0")
        await note(gurita, "DeploymentFailed", "two", "go-octopusdeploy/2")
        await note(gurita, "MachineUnavailable", "three", "curl/8")
        await note(gurita, "Created", "four", related="TagSets-1/Tags-2")
        for query, messages in {
            "eventGroups=MachineAvailableForDeployment": "one",
            "eventGroups=machine": "three one",
            "eventGroups=MachineCritical,Deployment": "three two",
            "eventGroups=Deployment&eventCategories=machinehealthy": "two one",
            "eventGroups=Nothing": "",
            "eventCategories=Nothing": "",
            "eventAgents=Browser": "one",
            "eventAgents=OctopusGoClient,browser": "two one",
            "eventAgents=Other": "three",
            "eventAgents=curl": "three",
            "tags=TagSets-1/Tags-2": "four",
            "internal=true&regarding=Machines-1": "three two one",
            "partialName=O": "four two one",
            "partialName=%25": "",
        }.items():
            page = await gurita.get(f"events?documentTypes=Machines,TagSets&{query}")
            assert " ".join(one["Message"] for one in page["Items"]) == messages, query
        four = await gurita.get("events?eventAgents=Server&regarding=TagSets-1/Tags-2")
        assert [one["Message"] for one in four["Items"]] == ["four"]


@in_loop
async def test_groups_and_agents_are_listed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        groups = {one["Id"]: one for one in await gurita.get("events/groups")}
        assert "MachineAdded" in groups["MachineAvailableForDeployment"]["EventCategories"]
        triggers = {one["Id"] for one in await gurita.get("events/groups?appliesTo=Trigger")}
        assert "MachineCritical" in triggers and "Certificate" not in triggers
        machine = await gurita.get("Spaces-1/events/categories?appliesTo=Machine")
        assert {one["Id"][:7] for one in machine} == {"Machine"}
        assert {"Id": "Browser", "Name": "Web browser", "Links": {}} in await gurita.get("events/agents")


def test_groups_name_categories_that_exist() -> None:
    assert {each for _, inside in GROUPS.values() for each in inside if each != "RunbookRun"} <= set(
        CATEGORIES
    )
    assert set(applies_to("unknown")) == set(CATEGORIES)


@in_loop
async def test_events_leave_as_csv_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gurita.audit.routes._BLOCK", 2)
    async with house(tmp_path) as gurita:
        for message in ("one", '=HYPERLINK("x")', "a,b\n'c'", "four", "five"):
            await note(gurita, "MachineAdded", message)
        answer = await gurita.ask("GET", "events?asCsv=true&eventCategories=MachineAdded")
        assert answer.headers["content-type"].startswith("text/csv")
        assert "events.csv" in answer.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))
        assert rows[0] == list(HEAD)
        messages = [row[HEAD.index("Message")] for row in rows[1:]]
        assert messages == ["five", "four", "a,b\n'c'", '\'=HYPERLINK("x")', "one"]
        gurita.may(lambda permission, space: permission == "EventView" and space is None)
        answer = await gurita.ask("GET", "events?asCsv=true")
        assert answer.body.count(b"\n") == 1


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "  =1", "|x", "\r=1", "%x"])
def test_nothing_a_spreadsheet_would_run_leaves_bare(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}"


@in_loop
async def test_a_message_never_becomes_markup(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:

        def write(tx: Tx) -> str:
            named = audit.mention("Machines-1", "<b>'x'")
            return audit.record(tx, gurita.context(), "Created", f"<script>{named}</script>", [])

        id = await gurita.store.write(write)
        found = await gurita.get(f"events/{id}")
        assert found["Message"] == "<script><b>'x'</script>"
        assert found["MessageHtml"] == (
            "&lt;script&gt;<a href='#/Machines-1'>&lt;b&gt;&#x27;x&#x27;</a>&lt;/script&gt;"
        )
        assert found["MessageReferences"] == [
            {"ReferencedDocumentId": "Machines-1", "StartIndex": 8, "Length": 6}
        ]


@in_loop
async def test_differences_are_told_unless_they_are_not_wanted(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("environments", {"Name": "Dev"})
        await gurita.put(f"environments/{made['Id']}", {**made, "Name": "Test"})
        query = f"events?regarding={made['Id']}&eventCategories=Modified"
        (told,) = (await gurita.get(query))["Items"]
        assert {"Path": "/Name", "Op": "replace", "OldValue": "Dev", "Value": "Test"} in told[
            "ChangeDetails"
        ]["Differences"]
        (plain,) = (await gurita.get(f"{query}&excludeDifference=true"))["Items"]
        assert plain["ChangeDetails"]["Differences"] == []
