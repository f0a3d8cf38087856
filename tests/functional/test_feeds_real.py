"""Clients of feeds against the real servers of their protocols."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from gzip import GzipFile
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gurita.feeds.clients import FeedClient, NotServed, Place, Source, UnknownPackage, client_for
from gurita.feeds.clients.docker import DockerClient
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Answer, Options, Outbound
from gurita.outbound.errors import NotLetIn, NotUnderstood, WrongContent
from tests.fixtures_feeds import Registry, images, npm_registry, publish_npm, pypi, s3
from tests.fixtures_server import GuritaServer
from tests.looping import in_loop
from tests.scripted_site import Seen, page, site
from tests.unit.packages.repository import nupkg


@asynccontextmanager
async def feed(feed_type: str, uri: str, **more: Any) -> AsyncIterator[FeedClient]:
    outbound = Outbound(Options(env={}, read=60.0))
    try:
        yield client_for(outbound, Source(feed_type, "Theirs", uri, **more))
    finally:
        await outbound.close()


async def fetched(place: Place) -> Answer:
    outbound = Outbound(Options(env={}))
    try:
        answer = await outbound.ask(place.ask)
    finally:
        await outbound.close()
    for kind, told in place.hashes.items():
        assert hashlib.new(kind, answer.body).hexdigest() == told
    assert place.size in (None, len(answer.body))
    return answer


def sdist(name: str, version: str) -> bytes:
    whole = io.BytesIO()
    with (
        GzipFile(fileobj=whole, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        content = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        info = tarfile.TarInfo(f"{name}-{version}/PKG-INFO")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return whole.getvalue()


@in_loop
async def test_a_python_index(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    folder.mkdir()
    for version in ("1.9", "1.10"):
        (folder / f"acme_web-{version}.tar.gz").write_bytes(sdist("acme_web", version))
    (folder / "acme_web-1.10-py3-none-any.whl").write_bytes(b"wheel")
    with pypi(folder) as url:
        async with feed("PyPi", url) as client:
            await client.ping()
            assert {each.version for each in await client.versions("Acme.Web")} == {"1.9", "1.10"}
            found, total = await client.search("acme", 0, 10)
            assert ([each.id for each in found], total) == (["acme-web"], 1)
            wheel, source = await client.place("acme-web", "1.10"), await client.place("acme-web", "1.9")
            assert (wheel.extension, source.extension) == (".whl", ".tar.gz")
            assert (await fetched(wheel)).body == b"wheel"
            assert (await fetched(source)).body == sdist("acme_web", "1.9")
            assert source.hashes
            with pytest.raises(UnknownPackage):
                await client.versions("other")


@in_loop
async def test_an_npm_registry(tmp_path: Path) -> None:
    with npm_registry(tmp_path) as url:
        for name, version in (("acme-web", "1.9.0"), ("acme-web", "1.10.0-beta.1"), ("@acme/tools", "2.0.0")):
            publish_npm(url, name, version, f"{name} {version}".encode())
        async with feed("Npm", url) as client:
            await client.ping()
            found = await client.versions("acme-web")
            assert {each.version for each in found} == {"1.9.0", "1.10.0-beta.1"}
            assert all(each.published for each in found)
            scoped = await client.place("@acme/tools", "2.0.0")
            assert (scoped.extension, set(scoped.hashes)) == (".tgz", {"sha512", "sha1"})
            assert (await fetched(scoped)).body == b"@acme/tools 2.0.0"
            with pytest.raises(UnknownPackage):
                await client.place("acme-web", "3.0.0")
            with pytest.raises(UnknownPackage):
                await client.versions("other")


@in_loop
async def test_buckets_of_s3(tmp_path: Path) -> None:
    with s3(tmp_path) as url:
        with httpx2.Client(base_url=url, trust_env=False, timeout=120) as there:
            assert there.put("/packages").status_code == 200
            for key in (
                "web/Acme.Web.1.9.0.zip",
                "web/Acme.Web.1.10.0.tar.gz",
                "web/Acme.Web.Tools.1.0.0.zip",
                "x.txt",
            ):
                assert there.put(f"/packages/{key}", content=key.encode()).status_code == 200
        keys: dict[str, Any] = {
            "access_key": "AKIDEXAMPLE",
            "secret_key": Sensitive("s3cr3t"),
            "region": "eu-west-1",
        }
        async with feed("S3", url, **keys) as client:
            await client.ping()
            found = await client.versions("packages/web/acme.web")
            assert {each.version for each in found} == {"1.9.0", "1.10.0"}
            assert [each.size for each in found if each.version == "1.9.0"] == [len("web/Acme.Web.1.9.0.zip")]
            ids, _ = await client.search("packages/tools", 0, 10)
            assert [each.id for each in ids] == ["packages/web/Acme.Web.Tools"]
            place = await client.place("packages/web/Acme.Web", "1.10.0")
            assert (place.extension, (await fetched(place)).body) == (
                ".tar.gz",
                b"web/Acme.Web.1.10.0.tar.gz",
            )
            for id in ("packages/other", "nothing-there/web", "packages"):
                with pytest.raises(UnknownPackage):
                    await client.versions(id)


def pushed(registry: Registry) -> dict[str, str]:
    """Images and artifacts: their digests by tag."""
    image = {"mediaType": "application/vnd.oci.image.config.v1+json", "content": b"{}"}
    layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "content": b"layer"}
    digests = {tag: registry.push("team/web", tag, image, [layer]) for tag in ("1.9", "1.10", "latest")}
    chart = {"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "content": b"chart"}
    helm = {"mediaType": "application/vnd.cncf.helm.config.v1+json", "content": b"{}"}
    digests["chart"] = registry.push("charts/web", "1.0.0_build.7", helm, [chart])
    named = {
        "mediaType": "application/octet-stream",
        "content": b"zip",
        "annotations": {"org.opencontainers.image.title": "web.zip"},
    }
    empty = {"mediaType": "application/vnd.oci.empty.v1+json", "content": b"{}"}
    registry.push("files/web", "2.0.0", empty, [named], artifactType="application/vnd.acme")
    return digests


@in_loop
async def test_a_container_registry_lists_images_and_gives_artifacts(tmp_path: Path) -> None:
    with images(tmp_path) as registry:
        digests = pushed(registry)
        user: dict[str, Any] = {"username": registry.username, "password": Sensitive(registry.password)}
        async with feed("Docker", registry.url, **user) as docker:
            await docker.ping()
            assert {each.version for each in await docker.versions("team/web")} == {"1.9", "1.10", "latest"}
            assert [each.id for each in (await docker.search("web", 0, 10))[0]] == [
                "charts/web",
                "files/web",
                "team/web",
            ]
            assert isinstance(docker, DockerClient)
            assert await docker.digest("team/web", "1.10") == digests["1.10"]
            with pytest.raises(NotServed, match="NotAcquired"):
                await docker.place("team/web", "1.10")
            for wrong in ("team/other", "Team/Web", "../x"):
                with pytest.raises(UnknownPackage):
                    await docker.versions(wrong)
        async with feed("OciRegistry", f"{registry.url}/charts", **user) as charts:
            assert [each.version for each in await charts.versions("web")] == ["1.0.0+build.7"]
            place = await charts.place("web", "1.0.0+build.7")
            assert (place.extension, (await fetched(place)).body) == (".tgz", b"chart")
        async with feed("OciRegistry", registry.url, **user) as files:
            place = await files.place("files/web", "2.0.0")
            assert (place.extension, (await fetched(place)).body) == (".zip", b"zip")
            with pytest.raises(NotServed):
                await files.place("team/web", "1.10")
        async with feed("Docker", registry.url, username="pusher", password=Sensitive("wrong")) as docker:
            with pytest.raises(NotLetIn):
                await docker.ping()


@in_loop
async def test_a_registry_with_a_token_service() -> None:
    """The dance of the distribution specification: 401 with a realm, a token for a scope, the request again."""
    async with site() as service, site() as registry:
        challenge = f'Bearer realm="{service.url}/token",service="reg",scope="repository:team/web:pull"'
        tags = [f"1.{number}" for number in range(3)]

        async def issue(seen: Seen, out: Any) -> None:
            known = seen.headers.get("authorization", "").startswith("Basic ")
            body = json.dumps({"token": "pull-token"})
            await (page(body, kind="application/json") if known else page("", 401))(seen, out)

        async def listed(seen: Seen, out: Any) -> None:
            if seen.headers.get("authorization") != "Bearer pull-token":
                await page("", 401, headers={"WWW-Authenticate": challenge})(seen, out)
                return
            start = int(dict(p.split("=") for p in seen.query.split("&")).get("last", "-1")) + 1
            more = {"Link": f'</v2/team/web/tags/list?n=1&last={start}>; rel="next"'} if start < 2 else {}
            await page(json.dumps({"tags": tags[start : start + 1]}), headers=more)(seen, out)

        service.pages["/token"] = issue
        registry.pages["/v2/team/web/tags/list"] = listed
        user: dict[str, Any] = {"username": "me", "password": Sensitive("s3")}
        async with feed("Docker", registry.url, **user) as docker:
            assert [each.version for each in await docker.versions("team/web")] == tags
        assert len(service.seen) == 1
        assert "scope=repository%3Ateam%2Fweb%3Apull" in service.seen[0].query
        digest = f"sha256:{'0' * 64}"
        registry.pages["/v2/team/web/manifests/1.0"] = page("{}", headers={"Docker-Content-Digest": digest})
        async with feed("OciRegistry", registry.url, **user) as artifacts:
            with pytest.raises(WrongContent, match="announced"):
                await artifacts.place("team/web", "1.0")
        registry.pages["/v2/"] = page(
            "", 401, headers={"WWW-Authenticate": 'Bearer realm="file:///etc/passwd"'}
        )
        async with feed("Docker", registry.url, **user) as docker:
            with pytest.raises(NotUnderstood, match="nothing was sent"):
                await docker.ping()


def test_our_own_repository_is_a_nuget_feed_of_another_server(server: GuritaServer) -> None:
    content = nupkg("Acme.Web", "1.10.0-beta", "<releaseNotes>Faster.</releaseNotes>")
    files = {"file": ("Acme.Web.1.10.0-beta.nupkg", content)}
    assert server.client.post("/api/Spaces-1/packages/raw", files=files).status_code == 201
    made = server.post(
        "Spaces-1/feeds",
        {
            "Name": "Ourselves",
            "FeedType": "NuGet",
            "FeedUri": f"{server.url}/Spaces-1/nuget/v3/index.json",
            "Username": "apikey",
            "Password": {"HasValue": True, "NewValue": server.api_key},
        },
    )
    assert server.api_key not in json.dumps(made)
    feed = f"Spaces-1/feeds/{made['Id']}"
    assert server.get(f"{feed}/packages/search", term="acme")["Items"][0]["Id"] == "Acme.Web"
    (version,) = server.get(f"{feed}/packages/versions", packageId="acme.web", includeReleaseNotes=True)[
        "Items"
    ]
    assert (version["Version"], version["FeedId"]) == ("1.10.0-beta", made["Id"])
    notes = server.client.get(
        f"/api/{feed}/packages/notes", params={"packageId": "Acme.Web", "version": "1.10.0-beta"}
    )
    assert notes.text == "Faster."
    tested = server.post(f"{feed}/test", {"Term": "acme"})
    assert (tested["IsSuccessful"], tested["Messages"][-1]) == (True, "1 packages found, such as Acme.Web.")
    wrong = {**made, "Password": {"HasValue": True, "NewValue": "API-WRONG"}}
    server.put(feed, wrong)
    tested = server.post(f"{feed}/test", {})
    assert tested["IsSuccessful"] is False
    assert "user name and password" in tested["Messages"][0]
