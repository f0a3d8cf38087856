"""The repository on a real PostgreSQL, several nodes' worth of stores at once: the same answers as on SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import select

from gurita.store.blob_keeping import GRACE, blob_mark, collect
from tests.looping import in_loop
from tests.packaging import zip_of
from tests.unit.packages.repository import Repository, nupkg, repository

VERSIONS = ["1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-beta", "1.0.0", "1.2", "1.10"]


def lived(body: Callable[[], Awaitable[None]]) -> None:
    """Runs an async test that has fixtures."""

    @in_loop
    async def run() -> None:
        await body()

    run()


def test_versions_sort_and_builds_are_found(tmp_path: Path, database_url: str) -> None:
    async def body() -> None:
        async with repository(tmp_path, url=database_url) as here:
            for version in sorted(VERSIONS):
                await here.pushed((f"Acme.Web.{version}.zip", zip_of({"v": version})))
            listed = await here.gurita.get("packages?nuGetPackageId=acme.web")
            assert [one["Version"] for one in listed["Items"]] == VERSIONS[::-1]
            latest = await here.gurita.get("packages?latest=true&filter=ACME")
            assert [one["Version"] for one in latest["Items"]] == ["1.10"]
            build = {
                "PackageId": "acme.web",
                "Version": "1.2",
                "OctopusBuildInformation": {"BuildNumber": "5"},
            }
            await here.gurita.post("build-information", build)
            shown = await here.gurita.get("packages/packages-Acme.Web.1.2")
            assert shown["PackageVersionBuildInformation"]["BuildNumber"] == "5"
            pushed = [
                here.gurita.ask("POST", "build-information", {**build, "Version": "9"}) for _ in range(6)
            ]
            assert sorted(one.status for one in await asyncio.gather(*pushed)) == [201] + 5 * [409]

    lived(body)


def test_of_pushes_through_two_nodes_one_wins(tmp_path: Path, database_url: str) -> None:
    async def body() -> None:
        async with AsyncExitStack() as stack:
            nodes = [
                await stack.enter_async_context(repository(tmp_path, url=database_url)) for _ in range(2)
            ]
            contents = [zip_of({"a": str(number)}) for number in range(10)]
            pushes = [nodes[n % 2].push(("a.1.0.0.zip", content)) for n, content in enumerate(contents)]
            answers = await asyncio.gather(*pushes)
            assert sorted(one.status for one in answers) == [201] + 9 * [409]
            won = next(c for c, one in zip(contents, answers, strict=True) if one.status == 201)
            for node in nodes:
                assert (await node.raw("GET", "/api/packages/a.1.0.0/raw")).body == won
            assert list(nodes[0].files().values()) == [len(won)]
            ways = ("OverwriteExisting", "IgnoreIfExists")
            again = [
                nodes[n % 2].push(("a.1.0.0.zip", content), query=f"?overwriteMode={ways[n % 3 == 0]}")
                for n, content in enumerate(contents)
            ]
            assert {one.status for one in await asyncio.gather(*again)} == {200}
            shown = (await nodes[0].gurita.get("packages"))["Items"]
            assert len(shown) == 1
            assert (await nodes[1].raw("GET", shown[0]["Links"]["Raw"])).body in contents

    lived(body)


def test_collecting_while_the_same_content_comes_and_goes_loses_nothing(
    tmp_path: Path, database_url: str
) -> None:
    """Half of the pushes fail, so their files are taken back while others keep the same content."""

    async def pushed_and_deleted(here: Repository, number: int) -> None:
        content = zip_of({"a": str(number % 3)})
        for turn in range(6):
            name = f"p{number}.1.0.{turn}.zip"
            assert (await here.push((name, content))).status == 201
            assert (await here.push(("taken.1.0.0.zip", content))).status == 409
            assert (await here.raw("GET", f"/api/packages/p{number}.1.0.{turn}/raw")).body == content
            if turn % 2:
                await here.gurita.delete(f"packages/p{number}.1.0.{turn}")

    async def body() -> None:
        async with AsyncExitStack() as stack:
            nodes = [
                await stack.enter_async_context(repository(tmp_path, url=database_url)) for _ in range(2)
            ]
            services = nodes[0].gurita.services
            await nodes[0].pushed(("taken.1.0.0.zip", b"taken"))
            working = [asyncio.ensure_future(pushed_and_deleted(nodes[n % 2], n)) for n in range(8)]
            while not all(one.done() for one in working):
                # What waits may go at once; what has gone stays marked, as it does for an hour.
                await collect(services.store, services.blobs, services.milliseconds() + GRACE + 1000)
                await asyncio.sleep(0.01)
            await asyncio.gather(*working)
            for one in (await nodes[0].gurita.get("packages?take=100"))["Items"]:
                answer = await nodes[1].raw("GET", one["Links"]["Raw"])
                assert (answer.status, len(answer.body)) == (200, one["PackageSizeBytes"])
            for hours in (3, 6):
                await collect(services.store, services.blobs, services.milliseconds() + hours * GRACE)
            assert len(nodes[0].files()) == 4
            assert not await services.store.read(lambda tx: tx.all(select(blob_mark)))

    lived(body)


def test_nuget_reads_what_was_pushed(tmp_path: Path, database_url: str) -> None:
    async def body() -> None:
        async with repository(tmp_path, url=database_url) as here:
            await here.pushed(
                ("x.nupkg", nupkg("Acme.Core", "1.0.0-beta")), ("y.nupkg", nupkg("Acme.Core", "0.9"))
            )
            found = (await here.raw("GET", "/nuget/v3/query?q=core&prerelease=true")).json
            assert [(one["id"], one["version"]) for one in found["data"]] == [("Acme.Core", "1.0.0-beta")]
            assert (await here.raw("GET", "/nuget/v3/query?q=core")).json["data"][0]["version"] == "0.9"

    lived(body)
