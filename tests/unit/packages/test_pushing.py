"""Packages arrive whole under the id and version they say, once, or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from pathlib import Path

import pytest
from sqlalchemy import select

from gurita.packages.records import package
from gurita.store.blob_keeping import GRACE, blob_mark, collect
from tests.helpers import database_digest
from tests.looping import in_loop
from tests.packaging import zip_of
from tests.spaces import removed
from tests.unit.packages.repository import nupkg, repository

ONE, TWO = zip_of({"a.txt": "one"}), zip_of({"a.txt": "two"})


@in_loop
async def test_a_package_lives_from_push_to_deletion(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        answer = await here.push(("Acme.Web.1.2.3.zip", ONE))
        assert answer.status == 201
        made = answer.json
        assert answer.headers["location"] == made["Links"]["Self"]
        sha1 = hashlib.sha1(ONE, usedforsecurity=False).hexdigest()
        assert {name: made[name] for name in ("Id", "PackageId", "NuGetPackageId", "Version", "FileExtension")} == {
            "Id": "packages-Acme.Web.1.2.3", "PackageId": "Acme.Web", "NuGetPackageId": "Acme.Web",
            "Version": "1.2.3", "FileExtension": ".zip",
        }  # fmt: skip
        assert (made["Hash"], made["PackageSizeBytes"], made["FeedId"]) == (sha1, len(ONE), "feeds-builtin")
        assert made["Links"]["Raw"] == "/api/Spaces-1/packages/packages-Acme.Web.1.2.3/raw"
        for id in ("packages-Acme.Web.1.2.3", "PACKAGES-acme.web.1.2.3", "Acme.Web.1.2.3"):
            assert await here.gurita.get(f"packages/{id}") == made
        assert (await here.raw("GET", made["Links"]["Raw"])).body == ONE
        assert await here.gurita.delete("packages/packages-Acme.Web.1.2.3") == {}
        assert (await here.gurita.ask("GET", "packages/packages-Acme.Web.1.2.3")).status == 404
        events = await here.gurita.get("events")
        said = [one["Message"] for one in events["Items"] if "Package" in one["Message"]]
        assert said == ["Package Acme.Web 1.2.3 was deleted", "Package Acme.Web 1.2.3 was pushed"]


@in_loop
async def test_a_version_that_is_there_is_refused_replaced_or_left_as_the_request_says(
    tmp_path: Path,
) -> None:
    async with repository(tmp_path) as here:
        first = await here.pushed(("a.1.0.0.zip", ONE))
        before, files = await database_digest(here.gurita.store), here.files()
        for query in ("", "?overwriteMode=FailIfExists", "?replace=false"):
            refused = await here.push(("A.1.0.0.zip", TWO), query=query)
            assert refused.status == 409
            assert "A package with the same name and version already exists" in refused.json["ErrorMessage"]
            assert "a 1.0.0" in refused.errors[0].lower()
        assert (await database_digest(here.gurita.store), here.files()) == (before, files)
        left = await here.push(("a.1.0.0.zip", TWO), query="?overwriteMode=ignoreifexists")
        assert (left.status, left.json) == (200, first)
        assert (await database_digest(here.gurita.store), here.files()) == (before, files)
        replaced = await here.push(("a.1.0.0.zip", TWO), query="?replace=true")
        assert (replaced.status, replaced.json["Hash"] == first["Hash"]) == (200, False)
        assert (await here.raw("GET", replaced.json["Links"]["Raw"])).body == TWO
        same = await here.push(("a.1.0.0.zip", TWO), query="?overwriteMode=OverwriteExisting")
        assert same.status == 200
        assert (await here.push(("a.1.0.0.zip", TWO), query="?overwriteMode=Sometimes")).status == 400
        assert (await here.gurita.get("packages"))["TotalResults"] == 1


@in_loop
async def test_replacing_and_deleting_have_a_right_of_their_own(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("a.1.0.0.zip", ONE))
        here.gurita.may(lambda permission, _space: permission != "BuiltInFeedAdminister")
        before = await database_digest(here.gurita.store)
        refused = await here.push(("a.1.0.0.zip", TWO), query="?replace=true")
        assert (refused.status, refused.errors) == (403, ["Missing permission: BuiltInFeedAdminister"])
        await here.gurita.refused(403, "DELETE", "packages/packages-a.1.0.0")
        await here.gurita.refused(403, "DELETE", "packages/bulk?ids=packages-a.1.0.0")
        assert await database_digest(here.gurita.store) == before
        assert (await here.push(("a.1.0.1.zip", TWO))).status == 201


@in_loop
async def test_several_files_of_a_request_come_together_or_not_at_all(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("b.1.0.0.zip", ONE))
        before, files = await database_digest(here.gurita.store), here.files()
        refused = await here.push(("a.1.0.0.zip", ONE), ("b.1.0.0.zip", TWO))
        assert refused.status == 409
        twice = await here.push(("c.1.0.zip", ONE), ("C.1.0.tar.gz", TWO))
        assert twice.errors == ["c 1.0 is in the request twice."]
        empty = await here.push()
        assert (empty.status, "no file" in empty.errors[0]) == (400, True)
        assert (await database_digest(here.gurita.store), here.files()) == (before, files)
        both = await here.push(
            ("a.1.0.0.zip", ONE), ("b.1.0.0.zip", TWO), query="?overwriteMode=IgnoreIfExists"
        )
        assert (both.status, both.json["Id"]) == (201, "packages-a.1.0.0")
        assert (await here.gurita.get("packages"))["TotalResults"] == 2
        # The same content is one file; the one that was left alone is not kept.
        assert len(here.files()) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("readme.zip", "readme.zip"),
        ("Acme.Web.zip", "Acme.Web.zip"),
        ("../evil.1.0.0.zip", "is a path"),
        ("..\\\\evil.1.0.0.zip", "is a path"),
        ("/etc/evil.1.0.0.zip", "is a path"),
        ("evil\u0001.1.0.0.zip", "is a path"),
        ("a.1.0.0", "extension"),
        ("a.1.99999999999.zip", "2147483647"),
        ("x" * 300 + ".1.0.0.zip", "255"),
        ("", "no name"),
    ],
)
@in_loop
async def test_a_name_that_says_no_package_is_refused(tmp_path: Path, name: str, told: str) -> None:
    async with repository(tmp_path) as here:
        before = await database_digest(here.gurita.store)
        refused = await here.push((name, ONE))
        assert refused.status == 400
        assert told in " ".join(refused.errors)
        assert await database_digest(here.gurita.store) == before
        assert not here.files()


@in_loop
async def test_an_empty_file_is_no_package(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        refused = await here.push(("a.1.0.0.zip", b""))
        assert (refused.status, refused.errors) == (400, ["a.1.0.0.zip: is empty."])
        assert not here.files()


@in_loop
async def test_of_pushes_at_once_one_wins(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        contents = [zip_of({"a.txt": str(number)}) for number in range(8)]
        answers = await asyncio.gather(*(here.push(("a.1.0.0.zip", each)) for each in contents))
        assert sorted(each.status for each in answers) == [201] + 7 * [409]
        won = next(content for content, each in zip(contents, answers, strict=True) if each.status == 201)
        assert (await here.raw("GET", "/api/packages/packages-a.1.0.0/raw")).body == won
        assert list(here.files().values()) == [len(won)]
        same = await asyncio.gather(*(here.push((f"b.1.0.{number}.zip", ONE)) for number in range(8)))
        assert {each.status for each in same} == {201}
        assert len(here.files()) == 2


@in_loop
async def test_files_go_when_nobody_names_them_any_more(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        services = here.gurita.services
        for name in ("a.1.0.0.zip", "b.1.0.0.zip"):
            await here.pushed((name, ONE))
        await here.pushed(("c.1.0.0.zip", TWO))
        assert len(here.files()) == 2
        later = services.milliseconds() + GRACE + 1
        await here.gurita.delete("packages/packages-a.1.0.0")
        await here.gurita.delete("packages/bulk?ids=packages-c.1.0.0")
        assert await collect(services.store, services.blobs, services.milliseconds()) == 0
        assert await collect(services.store, services.blobs, later + 1000) == 1
        assert list(here.files().values()) == [len(ONE)]
        # What went a moment ago may come again.
        await here.pushed(("c.1.0.0.zip", TWO))
        assert (await here.raw("GET", "/api/packages/c.1.0.0/raw")).body == TWO
        assert await collect(services.store, services.blobs, later + GRACE + 2000) == 0
        assert len(here.files()) == 2
        assert not await services.store.read(lambda tx: tx.all(select(blob_mark)))


@in_loop
async def test_nuget_packages_say_themselves_what_they_are(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        more = "<title>T &amp; T</title><summary>S</summary><description>D</description><releaseNotes>N\nM</releaseNotes>"
        made = await here.pushed(("whatever.nupkg", nupkg("Acme.Core", "2.0.0-beta.1", more)))
        assert (made["Id"], made["FileExtension"]) == ("packages-Acme.Core.2.0.0-beta.1", ".nupkg")
        assert (made["Title"], made["Summary"], made["Description"], made["ReleaseNotes"]) == (
            "T & T", "S", "D", "N\nM",
        )  # fmt: skip
        jar = zip_of(
            {"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\r\nImplementation-Title: A\0 long\r\n  one\r\n"}
        )
        assert (await here.pushed(("lib.1.0.jar", jar)))["Title"] == "A long one"


_BOMB = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not a zip", "not a zip file"),
        (nupkg("A", "1.0.0")[:-30], "NuGet package that can be read"),
        (zip_of({"readme.txt": "x"}), "no .nuspec"),
        (zip_of({"a.nuspec": "x", "b.nuspec": "y"}), "2 .nuspec"),
        (zip_of({"lib/a.nuspec": "<package/>"}), "no .nuspec"),
        (zip_of({"a.nuspec": "<package>"}), "no XML"),
        (zip_of({"a.nuspec": "<package><metadata><id>A</id></metadata></package>"}), "no id and version"),
        (zip_of({"a.nuspec": _BOMB + "<package><metadata><id>&y;</id><version>1.0</version></metadata></package>"}), "document type"),
        (zip_of({"a.nuspec": " " * (2 << 20)}), "larger than 1 MiB"),
        (nupkg("../../evil", "1.0.0"), "no package id"),
        (nupkg("Evil", "1.0.0/../../x"), "Version of Evil"),
    ],
)  # fmt: skip
@in_loop
async def test_a_nuget_package_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes, told: str
) -> None:
    async with repository(tmp_path) as here:
        before = await database_digest(here.gurita.store)
        refused = await here.push(("Evil.1.0.0.nupkg", content))
        assert refused.status == 400
        assert told in " ".join(refused.errors)
        assert await database_digest(here.gurita.store) == before
        assert not here.files()


@in_loop
async def test_every_space_has_its_own_repository_and_takes_it_along(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        other = await here.gurita.post(
            "spaces", {"Name": "Other", "SpaceManagersTeams": ["teams-administrators"]}
        )
        id = other["Id"]
        for at in ("packages/raw", f"{id}/packages/raw"):
            await here.pushed(("a.1.0.0.zip", ONE), at=at)
        assert (await here.push(("a.1.0.0.zip", TWO), at=f"spaces/{id}/packages/raw")).status == 409
        assert (await here.push(("b.1.0.0.zip", TWO), at=f"{other['Slug']}/packages/raw")).status == 201
        names = [
            [one["Id"] for one in (await here.gurita.get(f"{place}packages"))["Items"]]
            for place in ("", f"{id}/")
        ]
        assert names == [["packages-a.1.0.0"], ["packages-a.1.0.0", "packages-b.1.0.0"]]
        await removed(here.gurita, tmp_path, id)
        services = here.gurita.services
        left = await services.store.read(lambda tx: tx.all(select(package.c.space)))
        assert [row["space"] for row in left] == ["Spaces-1"]
        assert await collect(services.store, services.blobs, services.milliseconds() + GRACE + 1000) == 1
        assert (await here.raw("GET", "/api/packages/a.1.0.0/raw")).body == ONE


@in_loop
async def test_names_that_read_alike_are_one_package(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("x.nupkg", nupkg("Foo.1", "2.3")))
        refused = await here.push(("y.nupkg", nupkg("Foo", "1.2.3")))
        assert (refused.status, refused.json["ErrorMessage"][:46]) == (
            409,
            "A package with the same name and version alrea",
        )
        forms = itertools.product(("packages-foo.1.2.3", "packages-Foo.1.2.3"), ("", "/raw"))
        assert [(await here.gurita.ask("GET", f"packages/{a}{b}")).status for a, b in forms] == [200] * 4
