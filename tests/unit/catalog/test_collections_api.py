"""What every kind of document does alike, tried on each of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from gurita.projects.records import PROJECTS
from gurita.projects.resources import Project
from tests.helpers import House, house
from tests.looping import in_loop

PRINT = "SHA256:" + "A" * 43
Recipe = Callable[[House, str, str], Awaitable[dict[str, Any]]]


async def plain(_gurita: House, _space: str, name: str) -> dict[str, Any]:
    return {"Name": name}


async def account(_gurita: House, _space: str, name: str) -> dict[str, Any]:
    return {"Name": name, "AccountType": "Token", "Token": {"HasValue": True, "NewValue": "hunter"}}


async def machine(gurita: House, space: str, name: str) -> dict[str, Any]:
    page = await gurita.get(f"{space}/environments")
    found = page["Items"] or [await gurita.post(f"{space}/environments", {"Name": "Dev"})]
    endpoint = {"CommunicationStyle": "TentaclePassive", "Uri": "https://h:1", "Thumbprint": PRINT}
    return {"Name": name, "EnvironmentIds": [found[0]["Id"]], "Roles": ["web"], "Endpoint": endpoint}


async def channel(gurita: House, space: str, name: str) -> dict[str, Any]:
    def project(tx: Any) -> str:
        kind = PROJECTS.open(tx, space)
        found = kind.all() or [kind.insert(Project(name="P"))]
        return found[0].id

    return {"Name": name, "ProjectId": await gurita.store.write(project)}


KINDS: dict[str, Recipe] = {
    "accounts": account,
    "channels": channel,
    "environments": plain,
    "lifecycles": plain,
    "machinepolicies": plain,
    "machines": machine,
    "projectgroups": plain,
}

every_kind = pytest.mark.parametrize("kind", KINDS)


async def second_space(gurita: House) -> str:
    return str((await gurita.post("spaces", {"Name": "Second"}))["Id"])


@every_kind
@in_loop
async def test_a_document_lives_from_creation_to_deletion(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "First"))
        made = await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "Some Thing"))
        assert made["Slug"] == "some-thing"
        assert made["Links"]["Self"] == f"/api/Spaces-1/{kind}/{made['Id']}"
        for spelled in (made["Id"], "some-thing", "SOME%20thing"):
            assert await gurita.get(f"{kind}/{spelled}") == made
        changed = await gurita.put(f"{kind}/{made['Id']}", {**made, "Description": "new"})
        assert changed == {**made, "Description": "new", "Version": 2}
        assert changed in await gurita.get(f"{kind}/all")
        listed = await gurita.get(f"{kind}?ids={made['Id']}")
        assert (listed["Items"], listed["TotalResults"]) == ([changed], 1)
        await gurita.delete(f"{kind}/{made['Id']}")
        assert (await gurita.ask("GET", f"{kind}/{made['Id']}")).status == 404


@every_kind
@in_loop
async def test_two_spaces_with_the_same_names_know_nothing_of_each_other(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        other = await second_space(gurita)
        ours = await gurita.post(f"Spaces-1/{kind}", await KINDS[kind](gurita, "Spaces-1", "Twin"))
        theirs = await gurita.post(f"{other}/{kind}", await KINDS[kind](gurita, other, "Twin"))
        assert (ours["SpaceId"], theirs["SpaceId"]) == ("Spaces-1", other)
        for space, mine, foreign in (("Spaces-1", ours, theirs), (other, theirs, ours)):
            assert await gurita.get(f"{space}/{kind}/Twin") == mine
            shown = {one["Id"] for one in await gurita.get(f"{space}/{kind}/all")}
            assert mine["Id"] in shown and foreign["Id"] not in shown
            assert (await gurita.get(f"{space}/{kind}?ids={foreign['Id']}"))["TotalResults"] == 0
            unknown = await gurita.ask("GET", f"{space}/{kind}/Nobody-1")
            hidden = await gurita.ask("GET", f"{space}/{kind}/{foreign['Id']}")
            assert hidden.status == 404
            assert hidden.body == unknown.body.replace(b"Nobody-1", foreign["Id"].encode())
            await gurita.refused(404, "PUT", f"{space}/{kind}/{foreign['Id']}", {**foreign, "SpaceId": None})
            await gurita.refused(404, "DELETE", f"{space}/{kind}/{foreign['Id']}")


@every_kind
@in_loop
async def test_the_same_name_in_other_case_or_form_is_refused(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "Caf\u00e9 Stra\u00dfe"))
        for double in ("CAF\u00c9 STRASSE", "cafe\u0301  strasse", "\uff23af\u00e9 Stra\u00dfe"):
            told = await gurita.refused(409, "POST", kind, await KINDS[kind](gurita, "Spaces-1", double))
            assert told["Errors"][0].startswith("Name: ")
            assert "already exists" in told["Errors"][0]


@every_kind
@in_loop
async def test_a_stale_version_is_refused_with_the_current_one(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "Thing"))
        await gurita.put(f"{kind}/{made['Id']}", {**made, "Description": "first"})
        told = await gurita.refused(409, "PUT", f"{kind}/{made['Id']}", {**made, "Description": "second"})
        (sentence,) = told["Errors"]
        assert (
            "version 1" in sentence
            and "at version 2 by now" in sentence
            and "send it with Version 2" in sentence
        )
        assert "changed by system" in sentence
        assert told["Details"]["CurrentVersion"] == 2
        assert told["Details"]["Differences"][0]["Path"] == "/Description"
        mended = await gurita.put(f"{kind}/{made['Id']}", {**made, "Description": "second", "Version": 2})
        assert mended["Version"] == 3
        unasked = await gurita.put(f"{kind}/{made['Id']}", {**made, "Description": "third", "Version": 0})
        assert unasked["Version"] == 4


@every_kind
@in_loop
async def test_bad_input_is_refused_by_member_and_changes_nothing(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        good = await KINDS[kind](gurita, "Spaces-1", "Thing")
        made = await gurita.post(kind, good)
        for change, member in (
            ({"Name": ""}, "Name: "),
            ({"Name": None}, "Name: "),
            ({"Name": 7}, "Name: "),
            ({"Name": "x" * 201}, "Name: "),
            ({"Name": "a\u0007b"}, "Name: "),
            ({"Name": "Other", "Slug": "No Slug"}, "Slug: "),
            ({"Name": "Other", "Slug": made["Slug"]}, "Slug: "),
            ({"Name": "Other", "Description": "x" * 20_001}, "Description: "),
            ({"Name": "Other", "SpaceId": "Spaces-77"}, "SpaceId: "),
        ):
            status = 409 if change.get("Slug") == made["Slug"] else 400
            told = await gurita.refused(status, "POST", kind, {**good, **change})
            assert any(one.startswith(member) for one in told["Errors"]), told
        told = await gurita.refused(400, "PUT", f"{kind}/{made['Id']}", {**made, "Id": "Nobody-1"})
        assert told["Errors"][0].startswith("Id: 'Nobody-1' is not the ")
        await gurita.refused(400, "POST", kind, b"[" * 300)
        await gurita.refused(400, "POST", kind, b'{"Name": "\xff"}')
        await gurita.refused(404, "PUT", f"{kind}/Nobody-1", good)
        await gurita.refused(404, "DELETE", f"{kind}/Nobody-1")


@every_kind
@in_loop
async def test_a_modification_that_changes_nothing_leaves_no_trace(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "Thing"))
        events = (await gurita.get("events"))["TotalResults"]
        assert await gurita.put(f"{kind}/{made['Id']}", made) == made
        assert (await gurita.get("events"))["TotalResults"] == events


@every_kind
@in_loop
async def test_every_change_is_told_by_the_audit_trail(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "First"))
        made = await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", "Thing"))
        await gurita.put(f"{kind}/{made['Id']}", {**made, "Description": "new"})
        await gurita.delete(f"{kind}/{made['Id']}")
        found = await gurita.get(
            f"Spaces-1/events?regarding={made['Id']}&eventCategories=Created,Modified,Deleted"
        )
        assert [one["Category"] for one in found["Items"]] == ["Deleted", "Modified", "Created"]
        modified = found["Items"][1]
        assert modified["Username"] == "system"
        assert [one["Path"] for one in modified["ChangeDetails"]["Differences"]] == ["/Description"]
        reference = modified["MessageReferences"][0]
        end = reference["StartIndex"] + reference["Length"]
        assert modified["Message"][reference["StartIndex"] : end] == "Thing"
        assert reference["ReferencedDocumentId"] == made["Id"]


@every_kind
@in_loop
async def test_without_the_permission_nothing_is_done(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        good = await KINDS[kind](gurita, "Spaces-1", "Thing")
        made = await gurita.post(kind, good)
        gurita.may(lambda _permission, space: space == "Spaces-2")
        for method, target in (
            ("GET", kind),
            ("POST", kind),
            ("PUT", f"{kind}/{made['Id']}"),
            ("DELETE", f"{kind}/x"),
        ):
            told = await gurita.refused(403, method, target, good)
            assert told["Errors"][0].startswith("Missing permission: ")


@every_kind
@in_loop
async def test_pages_are_full_and_end_without_a_next_one(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        for number in range(5):
            await gurita.post(kind, await KINDS[kind](gurita, "Spaces-1", f"Paged {number}"))
        first = await gurita.get(f"{kind}?take=3&partialName=PAGED")
        assert (len(first["Items"]), first["TotalResults"], first["ItemsPerPage"]) == (3, 5, 3)
        answer = await gurita.ask("GET", first["Links"]["Page.Next"].removeprefix("/api/"))
        assert [one["Name"] for one in answer.json["Items"]] == ["Paged 3", "Paged 4"]
        assert "Page.Next" not in answer.json["Links"]
        assert len((await gurita.get(f"{kind}?take=2147483647&partialName=paged"))["Items"]) == 5
