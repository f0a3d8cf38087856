"""Lists, downloads, notes, NuGet's protocol and retention."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.versions import parse
from gurita.packages.feed import days_in
from gurita.packages.nuget import normalized
from gurita.packages.retention import package_retention, unreleased_in
from gurita.packages.rules import version_key
from gurita.packages.service import (
    count_in,
    find_in,
    forget_release_in,
    note_release_in,
    search_in,
    versions_in,
)
from tests.counting import statements
from tests.looping import in_loop
from tests.packaging import zip_of
from tests.unit.http.asking import asked
from tests.unit.packages.repository import form_of, nupkg, repository

ONE = zip_of({"a.txt": "one"})
VERSIONS = ["0.9", "1.0.0-alpha", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-beta", "1.0.0", "1.0.0.1", "1.2", "1.10", "2.0.0-rc.1"]  # fmt: skip

_LABEL = st.from_regex(r"[A-Za-z0-9]{1,6}", fullmatch=True)
_TEXTS = st.builds(
    lambda numbers, labels: ".".join(map(str, numbers)) + ("-" + ".".join(labels) if labels else ""),
    st.lists(st.integers(0, 300), min_size=1, max_size=4),
    st.lists(_LABEL, max_size=3),
)


@given(_TEXTS, _TEXTS)
def test_keys_sort_as_versions_do(one: str, other: str) -> None:
    left, right = parse(one), parse(other)
    keys = version_key(left), version_key(right)
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (left < right, left == right)


@in_loop
async def test_lists_are_by_package_the_highest_version_first(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        shuffled = random.Random(3).sample(VERSIONS, len(VERSIONS))
        await here.pushed(*((f"Acme.Web.{version}.zip", ONE) for version in shuffled))
        await here.pushed(("Acme.Data.1.0.0.zip", ONE), ("zebra.3.0.0.tar.gz", ONE))
        listed = await here.gurita.get("packages?nuGetPackageId=acme.WEB&take=100")
        assert [one["Version"] for one in listed["Items"]] == VERSIONS[::-1]
        assert listed["ItemType"] == "Package"
        page = await here.gurita.get("packages?NUGETPACKAGEID=Acme.Web&skip=2&take=3")
        assert [one["Version"] for one in page["Items"]] == VERSIONS[::-1][2:5]
        assert "nuGetPackageId=Acme.Web" in page["Links"]["Page.Next"].replace(
            "NUGETPACKAGEID", "nuGetPackageId"
        )
        latest = await here.gurita.get("packages?latest=true")
        assert [one["Id"] for one in latest["Items"]] == [
            "packages-Acme.Data.1.0.0", "packages-Acme.Web.2.0.0-rc.1", "packages-zebra.3.0.0",
        ]  # fmt: skip
        assert latest["Items"][2]["FileExtension"] == ".tar.gz"
        found = await here.gurita.get("packages?filter=ACME&latest=true&take=1")
        assert (found["TotalResults"], len(found["Items"])) == (2, 1)
        for nothing in (
            "packages?filter=100%25",
            "packages?nuGetPackageId=acme",
            "packages?ids=packages-no.1.0",
        ):
            assert (await here.gurita.get(nothing))["TotalResults"] == 0
        assert (await here.gurita.get("packages?take=2147483647"))["TotalResults"] == 12
        by_id = await here.gurita.get("packages?ids=packages-zebra.3.0.0,packages-acme.data.1.0.0")
        assert by_id["TotalResults"] == 2


@in_loop
async def test_others_ask_what_there_is(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(*((f"Acme.Web.{version}.zip", ONE) for version in VERSIONS))
        await here.pushed(("other.1.0.0.zip", ONE))
        read = here.gurita.store.read
        row = await read(lambda tx: find_in(tx, "Spaces-1", "acme.web", "1.0.0-ALPHA"))
        assert row is not None
        assert (row.id, row.extension, row.is_pre_release) == ("packages-Acme.Web.1.0.0-alpha", ".zip", True)
        assert await read(lambda tx: find_in(tx, "Spaces-2", "acme.web", "1.0.0")) is None
        stable = await read(
            lambda tx: versions_in(tx, "Spaces-1", "Acme.Web", take=2, include_pre_release=False)
        )
        assert [one.version for one in stable] == ["1.10", "1.2"]
        found = await read(lambda tx: search_in(tx, "Spaces-1", "WEB", 0, 10))
        assert ([one.version for one in found.items], found.total) == (["2.0.0-rc.1"], 1)
        assert await read(lambda tx: count_in(tx, "Spaces-1")) == len(VERSIONS) + 1


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=5-", 206, 5, None),
        ("bytes=-7", 206, -7, None),
        ("Bytes = 3 - 999999", 206, 3, None),
        ("bytes=9-3", 200, 0, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("lines=0-1", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=9999999-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
    ],
)
@in_loop
async def test_ranges_of_a_download(
    tmp_path: Path, wanted: str, status: int, start: int, end: int | None
) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("a.1.0.0.zip", ONE))
        answer = await here.raw("GET", "/api/packages/a.1.0.0/raw", Range=wanted)
        assert answer.status == status
        if status == 416:
            assert str(len(ONE)) in answer.errors[0]
            return
        part = ONE[start:end]
        assert answer.body == part
        assert answer.headers["content-length"] == str(len(part))
        if status == 206:
            first = start % len(ONE)
            assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(ONE)}"


@in_loop
async def test_a_download_has_a_tag_a_length_and_a_name(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("Größe.1.0.0+b.zip", ONE))
        path = "/api/Spaces-1/packages/packages-Gr%C3%B6%C3%9Fe.1.0.0%2Bb/raw"
        whole = await here.raw("GET", path, Accept_Encoding="gzip")
        assert whole.body == ONE
        assert whole.headers["accept-ranges"] == "bytes"
        assert "content-encoding" not in whole.headers
        assert whole.headers["content-disposition"].startswith('attachment; filename="Gr__e.1.0.0+b.zip"')
        head = await here.raw("HEAD", path)
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(ONE)))
        tag = whole.headers["etag"]
        same = await here.raw("GET", path, If_None_Match=f'"x", {tag}')
        assert (same.status, same.body) == (304, b"")
        assert (await here.raw("GET", path, Range="bytes=1-2", If_Range=tag)).status == 206
        assert (await here.raw("GET", path, Range="bytes=1-2", If_Range='"other"')).body == ONE
        here.gurita.may(lambda permission, _space: permission != "BuiltInFeedDownload")
        assert (await here.raw("GET", path)).status == 403


@in_loop
async def test_notes_are_told_for_each_package_that_was_asked_for(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("x.nupkg", nupkg("A", "1.0.0", "<releaseNotes>News</releaseNotes>")))
        told = (await here.gurita.get("packages/notes?packageIds=packages-A.1.0.0,packages-B.1.0.0"))[
            "Packages"
        ]
        assert [(one["PackageId"], one["Version"], one["Notes"]["Succeeded"]) for one in told] == [
            ("A", "1.0.0", True), ("B.1.0.0", "", False),
        ]  # fmt: skip
        assert told[0]["Notes"]["Notes"] == "News"
        assert "packages-B.1.0.0" in told[1]["Notes"]["FailureReason"]
        assert (await here.gurita.get("packages"))["Items"][0]["ReleaseNotes"] is None
        assert (await here.gurita.get("packages?includeNotes=true"))["Items"][0]["ReleaseNotes"] == "News"


@in_loop
async def test_deleting_several_is_all_or_none(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("a.1.0.0.zip", ONE), ("b.1.0.0.zip", ONE))
        await here.gurita.refused(404, "DELETE", "packages/bulk?ids=packages-a.1.0.0,packages-c.1.0.0")
        await here.gurita.refused(400, "DELETE", "packages/bulk")
        assert (
            await here.gurita.delete("packages/bulk?ids=packages-a.1.0.0,packages-b.1.0.0,packages-A.1.0.0")
            == {}
        )
        assert (await here.gurita.get("packages"))["TotalResults"] == 0


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.0", "1.0.0"),
        ("1.2.3.0", "1.2.3"),
        ("01.02.3-BETA+x", "1.2.3-beta"),
        ("v2", "2.0.0"),
        ("1.2.3.4", "1.2.3.4"),
    ],
)
def test_versions_in_nugets_paths(version: str, expected: str) -> None:
    assert normalized(version) == expected


@in_loop
async def test_nuget_clients_push_and_find_their_way(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:

        async def put(path: str, content: bytes) -> int:
            headers, body = form_of(("package", content), field="package")
            return (await asked(here.gurita.app, "PUT", path, body, headers)).status

        for version in ("1.0", "1.1.0-beta", "2.0.0-rc.1"):
            assert await put("/nuget/packages", nupkg("Acme.Core", version)) == 201
        assert await put("/Spaces-1/nuget/packages/", nupkg("acme.core", "1.0")) == 409
        assert await put("/nuget/packages", b"no zip") == 400
        await here.pushed(("Acme.Zip.1.0.0.zip", ONE))

        async def get(url: str) -> Any:
            answer = await here.raw("GET", url.removeprefix("http://gurita.test"))
            assert answer.status == 200, answer.body
            return answer.json

        index = await get("/Spaces-1/nuget/v3/index.json")
        at = {one["@type"]: one["@id"] for one in index["resources"]}
        assert at["PackagePublish/2.0.0"] == "http://gurita.test/Spaces-1/nuget/packages"
        listed = await get(at["PackageBaseAddress/3.0.0"] + "acme.core/index.json")
        assert listed == {"versions": ["1.0.0", "1.1.0-beta", "2.0.0-rc.1"]}
        file = await here.raw("GET", "/nuget/v3/flatcontainer/acme.core/1.0.0/acme.core.1.0.0.nupkg")
        assert file.body[:2] == b"PK"
        found = await get(at["SearchQueryService"] + "?q=acme")
        assert [(one["id"], one["version"]) for one in found["data"]] == [("Acme.Core", "1.0")]
        found = await get(at["SearchQueryService"] + "?q=&prerelease=true&take=5")
        assert [(one["id"], one["version"]) for one in found["data"]] == [("Acme.Core", "2.0.0-rc.1")]
        page = (await get(found["data"][0]["registration"]))["items"][0]
        assert (page["lower"], page["upper"], page["count"]) == ("1.0", "2.0.0-rc.1", 3)
        one = await get(page["items"][1]["@id"])
        assert one["catalogEntry"]["version"] == "1.1.0-beta"
        assert (await get(at["SearchAutocompleteService"] + "?q=Core&prerelease=true"))["data"] == [
            "Acme.Core"
        ]
        assert (await get(at["SearchAutocompleteService"] + "?id=acme.core"))["data"] == ["1.0"]
        for missing in ("registrations/no/index.json", "flatcontainer/acme.core/9.0.0/x.nupkg", "nothing"):
            assert (await here.raw("GET", f"/nuget/v3/{missing}")).status == 404
        assert (await here.raw("DELETE", "/nuget/packages/ACME.core/1.0.0")).status == 204
        assert (await here.raw("GET", "/api/packages/Acme.Core.1.0")).status == 404


@in_loop
async def test_a_nuget_search_takes_as_many_statements_for_many_hits_as_for_one(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        for id in ("Acme.One", "Acme.Two", "Zebra"):
            for version in ("1.0.0", "2.0.0-rc.1", "1.10.0"):
                headers, body = form_of(("package", nupkg(id, version)), field="package")
                assert (await asked(here.gurita.app, "PUT", "/nuget/packages", body, headers)).status == 201

        async def found(query: str) -> tuple[list[tuple[str, list[str]]], int]:
            with statements() as asked_for:
                answer = await here.raw("GET", f"/nuget/v3/query?{query}")
            hits = [(one["id"], [each["version"] for each in one["versions"]]) for one in answer.json["data"]]
            return hits, sum("package" in statement.lower() for statement in asked_for)

        await found("q=zebra")
        hits, count = await found("q=zebra")
        assert hits == [("Zebra", ["1.0.0", "1.10.0"])]
        assert await found("q=") == (
            [(id, ["1.0.0", "1.10.0"]) for id in ("Acme.One", "Acme.Two", "Zebra")],
            count,
        )
        every = (await found("q=&prerelease=true"))[0]
        assert every[1] == ("Acme.Two", ["1.0.0", "1.10.0", "2.0.0-rc.1"])
        assert (await found("q=nothing"))[0] == []


@in_loop
async def test_retention_spares_what_releases_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(*((f"a.1.0.{number}.zip", ONE) for number in range(3)))
        store, services = here.gurita.store, here.gurita.services
        now = services.milliseconds()
        await store.write(
            lambda tx: note_release_in(tx, "Spaces-1", "Releases-1", [("A", "1.0.1"), ("a", "1.0.1")])
        )
        old = await store.read(lambda tx: unreleased_in(tx, "Spaces-1", now + 1000))
        assert [row.version for row in old] == ["1.0.0", "1.0.2"]
        assert not await store.read(lambda tx: unreleased_in(tx, "Spaces-1", now - 60_000))
        work = package_retention(here.gurita.context)
        for days, left in ((0, 3), (30, 3)):
            monkeypatch.setattr("gurita.packages.retention.days_in", lambda _tx, _space, days=days: days)
            await store.write(lambda tx: work.begin(tx, now))
            assert (await here.gurita.get("packages"))["TotalResults"] == left
        await store.write(lambda tx: work.begin(tx, now + 31 * 86_400_000))
        assert [one["Version"] for one in (await here.gurita.get("packages"))["Items"]] == ["1.0.1"]
        messages = [one["Message"] for one in (await here.gurita.get("events"))["Items"]]
        assert "Package a 1.0.0 was deleted: no release uses it, and it is older than 30 days" in messages
        await store.write(lambda tx: forget_release_in(tx, "Spaces-1", "Releases-1"))
        await store.write(lambda tx: work.begin(tx, now + 31 * 86_400_000))
        assert (await here.gurita.get("packages"))["TotalResults"] == 0


@in_loop
async def test_the_feed_of_a_space_says_its_id_and_how_long_packages_are_kept(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        other = await here.gurita.post(
            "spaces", {"Name": "Other", "SpaceManagersTeams": ["teams-administrators"]}
        )
        for space, id in (("Spaces-1", "feeds-builtin"), (other["Id"], "Feeds-")):
            made = await here.pushed(("a.1.0.0.zip", ONE), at=f"{space}/packages/raw")
            assert made["FeedId"].startswith(id)
            feed = await here.gurita.get(f"{space}/feeds/{made['FeedId']}")
            assert feed["FeedType"] == "BuiltIn"
            days = await here.gurita.store.read(partial(days_in, space=space))
            assert days == (feed.get("DeleteUnreleasedPackagesAfterDays") or 0)
            body = {**feed, "DeleteUnreleasedPackagesAfterDays": 12}
            await here.gurita.put(f"{space}/feeds/{feed['Id']}", body)
            assert await here.gurita.store.read(partial(days_in, space=space)) == 12
