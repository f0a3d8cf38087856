"""Feeds over REST: what is stored, what is refused, who may, and the built-in feed of every space."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from gurita.feeds.records import FEEDS
from gurita.spaces.service import ensure_default
from gurita.store.tables import entity
from tests.helpers import House, house
from tests.looping import in_loop

SECRET = "feed-secret-marker"


def nuget(name: str = "Theirs", **more: Any) -> dict[str, Any]:
    password = {"HasValue": True, "NewValue": SECRET}
    uri = "https://feed.example/v3/index.json"
    return {"Name": name, "FeedType": "NuGet", "FeedUri": uri, "Username": "me", "Password": password, **more}


async def dump(gurita: House) -> str:
    return await gurita.store.read(lambda tx: str(tx.all(select(FEEDS.table))))


@in_loop
async def test_a_feed_keeps_its_secret_to_itself_also_when_it_is_sent_back(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("feeds", nuget())
        assert (made["Id"], made["Slug"], made["Password"]) == (
            "Feeds-2",
            "theirs",
            {"HasValue": True, "NewValue": None, "Hint": None},
        )
        assert (made["DownloadAttempts"], made["DownloadRetryBackoffSeconds"]) == (5, 10)
        changed = await gurita.put("feeds/theirs", {**made, "Name": "Renamed", "DownloadAttempts": 2})
        assert (changed["Name"], changed["DownloadAttempts"], changed["Version"]) == ("Renamed", 2, 2)
        assert changed["Password"]["HasValue"] is True
        assert (await gurita.put("feeds/Feeds-2", {**changed, "Password": {"HasValue": False}}))["Password"][
            "HasValue"
        ] is False
        assert SECRET not in await dump(gurita)
        await gurita.refused(409, "PUT", "feeds/Feeds-2", {**changed, "Version": 1})
        await gurita.delete("feeds/Feeds-2")
        await gurita.refused(404, "GET", "feeds/Feeds-2")
        events = (await gurita.get("events"))["Items"]
        assert [each["Category"] for each in events if "Feeds-2" in each["RelatedDocumentIds"]] == [
            "Deleted", "Modified", "Modified", "Created",
        ]  # fmt: skip
        assert SECRET not in str(events)


@in_loop
async def test_lists_are_filtered_by_type_and_name_and_all_is_bare(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        for name, feed_type in (("One", "NuGet"), ("Two", "Helm"), ("Three", "helm")):
            await gurita.post("feeds", nuget(name, FeedType=feed_type))
        assert [each["Name"] for each in await gurita.get("feeds/all")] == [
            "Octopus Server (built-in)", "One", "Three", "Two",
        ]  # fmt: skip
        for query, names in (
            ("feedType=Helm", ["Three", "Two"]),
            ("feedType=helm&feedType=nuget", ["One", "Three", "Two"]),
            ("feedType=BuiltIn", ["Octopus Server (built-in)"]),
            ("partialName=w", ["Two"]),
            ("name=one", ["One"]),
            ("ids=Feeds-2,feeds-builtin", ["Octopus Server (built-in)", "One"]),
            ("feedType=Moon", []),
        ):
            page = await gurita.get(f"feeds?{query}")
            assert ([each["Name"] for each in page["Items"]], page["ItemType"]) == (names, "Feed")


@in_loop
async def test_the_type_stays_and_the_built_in_feed_too(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("feeds", nuget())
        await gurita.refused(400, "PUT", f"feeds/{made['Id']}", {**made, "FeedType": "Helm"})
        told = await gurita.refused(400, "POST", "feeds", {"Name": "Mine", "FeedType": "builtin"})
        assert told["Errors"][0].startswith("FeedType: every space has")
        await gurita.refused(409, "DELETE", "feeds/feeds-builtin")
        built_in = await gurita.get("feeds/FEEDS-BUILTIN")
        kept = await gurita.put("feeds/feeds-builtin", {**built_in, "DeleteUnreleasedPackagesAfterDays": 7})
        assert kept["DeleteUnreleasedPackagesAfterDays"] == 7
        assert kept["Links"]["ApiPush"].endswith("/packages/raw{?replace,overwriteMode}")


@in_loop
async def test_every_space_has_a_built_in_feed_also_one_of_before_there_were_feeds(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        other = await gurita.post("spaces", {"Name": "Other"})
        there = await gurita.get(f"{other['Id']}/feeds/feeds-builtin")
        assert (there["Id"] != "feeds-builtin", there["SpaceId"]) == (True, other["Id"])
        await gurita.refused(404, "GET", f"Spaces-1/feeds/{there['Id']}")

        def forget(tx: Any) -> None:
            tx.run(delete(FEEDS.table))
            tx.run(delete(entity).where(entity.c.kind == "Feeds"))

        await gurita.store.write(forget)
        await gurita.refused(404, "GET", "feeds/feeds-builtin")
        for _ in range(2):
            await ensure_default(gurita.context(""))
            assert [each["Id"] for each in await gurita.get("feeds/all")] == ["feeds-builtin"]
            (again,) = await gurita.get(f"{other['Id']}/feeds/all")
            assert again["FeedType"] == "BuiltIn"


@in_loop
async def test_a_feed_in_use_names_who_uses_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("feeds", nuget())
        group, lifecycle = [
            (await gurita.get(f"{kind}/all"))[0]["Id"] for kind in ("projectgroups", "lifecycles")
        ]
        body = {"Name": "Web", "ProjectGroupId": group, "LifecycleId": lifecycle}
        project = await gurita.post("projects", body)
        path = f"deploymentprocesses/deploymentprocess-{project['Id']}"
        process = await gurita.get(path)
        package = {"Name": "", "PackageId": "Acme.Web", "FeedId": made["Id"]}
        action = {"Name": "Go", "ActionType": "Octopus.TentaclePackage", "Packages": [package]}
        process["Steps"] = [{"Name": "Go", "Actions": [action]}]
        await gurita.put(path, process)
        told = await gurita.refused(409, "DELETE", f"feeds/{made['Id']}")
        assert "is used by" in told["Errors"][0]


@in_loop
async def test_seeing_and_changing_feeds_are_two_permissions(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("feeds", nuget())
        gurita.may(lambda permission, _space: permission == "FeedView")
        await gurita.get(f"feeds/{made['Id']}")
        for method, target in (
            ("POST", "feeds"),
            ("PUT", f"feeds/{made['Id']}"),
            ("DELETE", f"feeds/{made['Id']}"),
        ):
            assert "FeedEdit" in str(await gurita.refused(403, method, target, nuget("New")))
        gurita.may(lambda permission, _space: permission == "FeedEdit")
        asked = (
            "",
            "/packages/search",
            "/packages/versions?packageId=x",
            "/packages?packageId=x",
            "/packages/notes",
        )
        for path in asked:
            await gurita.refused(403, "GET", f"feeds/{made['Id']}{path}")
        await gurita.refused(403, "POST", f"feeds/{made['Id']}/test")
        await gurita.refused(403, "GET", "feeds/stats")


@in_loop
async def test_questions_without_a_package_say_what_is_missing(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        for path, word in (
            ("versions", "packageId"),
            ("notes", "packageId"),
            ("notes?packageId=x", "version"),
        ):
            told = await gurita.refused(400, "GET", f"feeds/feeds-builtin/packages/{path}")
            assert told["Errors"] == [f"{word}: must not be empty."]
        empty = await gurita.get("feeds/feeds-builtin/packages/versions?packageId=x")
        assert (empty["Items"], empty["TotalResults"]) == ([], 0)
        assert (await gurita.get("feeds/feeds-builtin/packages/search"))["Items"] == []
        for path in ("packages/search", "packages/versions?packageId=x", "packages?packageId=x"):
            await gurita.refused(404, "GET", f"feeds/Feeds-99/{path}")
        await gurita.refused(404, "POST", "feeds/Feeds-99/test", {})
