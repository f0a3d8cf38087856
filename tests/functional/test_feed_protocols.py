"""Clients of feeds whose protocol is files on a web server, or answers small enough to be written down here."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gurita.feeds.clients import FeedClient, NotServed, Place, Source, UnknownPackage, client_for
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Answer, Options, Outbound
from gurita.outbound.errors import NotLetIn, NotUnderstood
from tests.looping import in_loop
from tests.scripted_site import Page, Seen, Site, page, redirect, site


@asynccontextmanager
async def feed(web: Site, feed_type: str, path: str = "", **more: Any) -> AsyncIterator[FeedClient]:
    outbound = Outbound(Options(env={}, read=60.0))
    try:
        yield client_for(outbound, Source(feed_type, "Theirs", web.url + path, **more))
    finally:
        await outbound.close()


async def fetched(place: Place) -> Answer:
    outbound = Outbound(Options(env={}))
    try:
        return await outbound.ask(place.ask)
    finally:
        await outbound.close()


def xml(text: str) -> Page:
    return page(text, kind="application/xml")


def told(value: Any) -> Page:
    return page(json.dumps(value), kind="application/json")


METADATA = """<metadata><groupId>com.acme</groupId><versioning><latest>2.0-SNAPSHOT</latest><release>1.10</release>
<versions><version>1.9</version><version>1.10</version><version>2.0-SNAPSHOT</version></versions></versioning></metadata>"""
SNAPSHOT = """<metadata><versioning><snapshot><timestamp>20260101.101010</timestamp><buildNumber>7</buildNumber></snapshot>
<snapshotVersions><snapshotVersion><extension>zip</extension><classifier>dist</classifier>
<value>2.0-20260101.101010-7</value></snapshotVersion></snapshotVersions></versioning></metadata>"""


@in_loop
async def test_maven_finds_versions_packagings_classifiers_and_the_newest_snapshot() -> None:
    async with site() as web, feed(web, "Maven", "/repo") as maven:
        root = "/repo/com/acme/web"
        war = b"a war"
        web.pages |= {
            f"{root}/maven-metadata.xml": xml(METADATA),
            f"{root}/1.10/web-1.10.pom": xml("<project xmlns='urn:m'><packaging>war</packaging></project>"),
            f"{root}/1.10/web-1.10.war": page(war),
            f"{root}/1.10/web-1.10.war.sha1": page(
                f"{hashlib.sha1(war, usedforsecurity=False).hexdigest()}  web.war"
            ),
            f"{root}/2.0-SNAPSHOT/maven-metadata.xml": xml(SNAPSHOT),
            f"{root}/2.0-SNAPSHOT/web-2.0-20260101.101010-7-dist.zip": page(b"zip"),
        }
        assert [each.version for each in await maven.versions("com.acme:web")] == [
            "1.9",
            "1.10",
            "2.0-SNAPSHOT",
        ]
        place = await maven.place("com.acme:web", "1.10")
        assert (place.extension, (await fetched(place)).body) == (".war", war)
        assert place.hashes == {"sha1": hashlib.sha1(war, usedforsecurity=False).hexdigest()}
        snapshot = await maven.place("com.acme:web:zip:dist", "2.0-SNAPSHOT")
        assert (await fetched(snapshot)).body == b"zip"
        assert maven.changes("2.0-SNAPSHOT")
        assert not maven.changes("1.10")
        found, total = await maven.search("com.acme:web", 0, 10)
        assert (total, found[0].latest) == (1, "1.10")
        assert await maven.search("web", 0, 10) == ([], 0)
        await maven.ping()
        for id, version in (("com.acme:other", "1"), ("com.acme:web", "9"), ("web", "1"), ("a:../../b", "1")):
            with pytest.raises(UnknownPackage):
                await maven.place(id, version)


@in_loop
async def test_xml_brings_no_entities_and_html_is_no_metadata() -> None:
    async with site() as web, feed(web, "Maven") as maven:
        bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><metadata><versioning><versions><version>&a;'
        bomb += "</version></versions></versioning></metadata>"
        web.pages["/a/b/maven-metadata.xml"] = xml(bomb)
        assert await maven.versions("a:b") == []
        web.pages["/a/b/maven-metadata.xml"] = page("<html><body>Sign in</body></html>", kind="text/html")
        with pytest.raises(NotUnderstood, match="text/html"):
            await maven.versions("a:b")


INDEX = """apiVersion: v1
entries:
  web:
  - {version: 1.10, digest: "DIGEST", urls: [charts/web-1.10.tgz], created: "2026-01-02T03:04:05Z", description: A web}
  - version: 1.9
    urls: ["OTHER/web-1.9.tgz"]
  database:
  - version: 0.1.0
    urls: []
"""


@in_loop
async def test_helm_reads_its_index_and_sends_no_password_to_the_charts_other_host() -> None:
    chart = b"a chart"
    async with (
        site() as web,
        site() as other,
        feed(web, "Helm", "/stable", username="me", password=Sensitive("s3")) as helm,
    ):
        index = INDEX.replace("DIGEST", hashlib.sha256(chart).hexdigest()).replace("OTHER", other.url)
        web.pages |= {"/stable/index.yaml": page(index), "/stable/charts/web-1.10.tgz": page(chart)}
        other.pages["/web-1.9.tgz"] = page(b"older")
        assert [(v.version, v.published) for v in await helm.versions("web")] == [
            ("1.10", "2026-01-02T03:04:05Z"),
            ("1.9", None),
        ]
        assert [p.id for p in (await helm.search("", 0, 10))[0]] == ["database", "web"]
        assert await helm.notes("web", "1.10") == "A web"
        place = await helm.place("web", "1.10")
        assert place.hashes == {"sha256": hashlib.sha256(chart).hexdigest()}
        assert (await fetched(place)).body == chart
        assert "authorization" in web.seen[-1].headers
        assert (await fetched(await helm.place("web", "1.9"))).body == b"older"
        assert "authorization" not in other.seen[-1].headers
        with pytest.raises(NotUnderstood, match="no file"):
            await helm.place("database", "0.1.0")
        with pytest.raises(UnknownPackage):
            await helm.versions("cache")
        for wrong in ("<html>", "a: &a [*a]", "- 1", "x: {x: 1", ""):
            web.pages["/stable/index.yaml"] = page(wrong)
            with pytest.raises(NotUnderstood, match="no index"):
                await helm.versions("web")


@in_loop
async def test_github_takes_tags_as_versions_and_their_zip_from_where_it_leads() -> None:
    async with site() as web, site() as files, feed(web, "GitHub", password=Sensitive("t0ken")) as github:
        tags = [{"name": f"v1.{number}.0"} for number in range(120)] + [
            {"name": "nightly"},
            {"name": "2.0.0"},
        ]

        async def paged(seen: Seen, out: Any) -> None:
            number = int(dict(part.split("=") for part in seen.query.split("&"))["page"])
            await told(tags[(number - 1) * 100 : number * 100])(seen, out)

        release = {"tag_name": "v1.7.0", "body": "What is new", "published_at": "2026-02-03T00:00:00Z"}
        web.pages |= {
            "/repos/acme/web/tags": paged,
            "/repos/acme/web/releases": told([release]),
            "/repos/acme/web/releases/tags/v1.7.0": told(release),
            "/repos/acme/web/zipball/v1.7.0": redirect(f"{files.url}/acme-web.zip?token=x"),
            "/search/repositories": told({"total_count": 1, "items": [{"full_name": "acme/web"}]}),
            "/rate_limit": told({}),
        }
        files.pages["/acme-web.zip"] = page(b"zipped")
        found = await github.versions("acme/web")
        assert len(found) == 121
        assert {"1.7.0", "2.0.0"} <= {each.version for each in found}
        assert next(e for e in found if e.version == "1.7.0").release_notes == "What is new"
        assert await github.notes("acme/web", "1.7.0") == "What is new"
        place = await github.place("acme/web", "1.7.0")
        assert (place.extension, (await fetched(place)).body) == (".zip", b"zipped")
        assert web.seen[-1].headers["authorization"] == "Bearer t0ken"
        assert "authorization" not in files.seen[-1].headers
        assert [p.id for p in (await github.search("acme/we", 0, 10))[0]] == ["acme/web"]
        await github.ping()
        for wrong in ("acme", "acme/../x", "acme/other"):
            with pytest.raises(UnknownPackage):
                await github.versions(wrong)


def v3(web: Site) -> Mapping[str, Page]:
    """A NuGet feed as GitHub, Azure and others have it: behind Basic authentication, pages of registrations apart."""
    content = b"nupkg"
    entry = {
        "id": "Acme.Web",
        "version": "1.10.0",
        "published": "2026-01-02T03:04:05Z",
        "@id": f"{web.url}/catalog/acme.json",
    }
    hidden = {"id": "Acme.Web", "version": "1.9.0", "listed": False}
    resources = [
        {"@id": f"{web.url}/flat/", "@type": "PackageBaseAddress/3.0.0"},
        {"@id": f"{web.url}/query", "@type": ["SearchQueryService", "SearchQueryService/3.5.0"]},
        {"@id": f"{web.url}/reg/", "@type": "RegistrationsBaseUrl/3.6.0"},
    ]
    hit = {"id": "Acme.Web", "version": "1.10.0", "description": "A web"}
    pages: dict[str, Page] = {
        "/index.json": told({"version": "3.0.0", "resources": resources}),
        "/query": told({"totalHits": 7, "data": [hit]}),
        "/reg/acme.web/index.json": told({"items": [{"@id": f"{web.url}/reg/acme.web/page.json"}]}),
        "/reg/acme.web/page.json": told({"items": [{"catalogEntry": entry}, {"catalogEntry": hidden}]}),
        "/catalog/acme.json": told(
            {
                "packageHash": base64.b64encode(hashlib.sha512(content).digest()).decode(),
                "packageHashAlgorithm": "SHA512",
            }
        ),
        "/flat/acme.web/index.json": told({"versions": ["1.9.0", "1.10.0"]}),
        "/flat/acme.web/1.10.0/acme.web.1.10.0.nupkg": page(content),
        "/flat/acme.web/1.10.0/acme.web.nuspec": xml(
            "<package xmlns='urn:x'><metadata><releaseNotes> Faster. </releaseNotes></metadata></package>"
        ),
    }

    def guarded(inner: Page) -> Page:
        async def serve(seen: Seen, out: Any) -> None:
            ok = seen.headers.get("authorization") == "Basic " + base64.b64encode(b"me:t0ken").decode()
            await (inner if ok else page("", 401, headers={"WWW-Authenticate": "Basic"}))(seen, out)

        return serve

    return {path: guarded(inner) for path, inner in pages.items()}


@in_loop
async def test_nuget_v3_reads_registrations_hides_the_unlisted_and_knows_the_hash() -> None:
    async with (
        site() as web,
        feed(web, "NuGet", "/index.json", username="me", password=Sensitive("t0ken")) as nuget,
    ):
        web.pages |= v3(web)
        await nuget.ping()
        assert [(v.version, v.published) for v in await nuget.versions("Acme.Web")] == [
            ("1.10.0", "2026-01-02T03:04:05Z")
        ]
        assert await nuget.notes("Acme.Web", "1.10") == "Faster."
        place = await nuget.place("Acme.Web", "1.10.0.0+meta")
        assert (await fetched(place)).body == b"nupkg"
        assert place.hashes == {"sha512": hashlib.sha512(b"nupkg").hexdigest()}
        assert (await nuget.search("acme", 0, 5))[1] == 7
        with pytest.raises(UnknownPackage):
            await nuget.versions("Other")
    async with site() as web, feed(web, "NuGet", "/index.json", password=Sensitive("wrong")) as nuget:
        web.pages |= v3(web)
        with pytest.raises(NotLetIn):
            await nuget.ping()
    async with site() as web, feed(web, "NuGet", "/index.json") as nuget:
        web.pages["/index.json"] = page("<html>Sign in</html>", kind="text/html")
        with pytest.raises(NotUnderstood, match="not JSON"):
            await nuget.ping()


ENTRY = """<entry xmlns="http://www.w3.org/2005/Atom" xmlns:d="urn:d" xmlns:m="urn:m"><title>Acme.Web</title>
<content type="application/zip" src="URL/api/v2/package/Acme.Web/VERSION"/><m:properties><d:Id>Acme.Web</d:Id>
<d:Version>VERSION</d:Version><d:ReleaseNotes>Notes of VERSION</d:ReleaseNotes><d:PackageSize>5</d:PackageSize>
<d:PackageHash>HASH</d:PackageHash><d:PackageHashAlgorithm>SHA512</d:PackageHashAlgorithm></m:properties></entry>"""


@in_loop
async def test_nuget_v2_follows_the_pages_of_its_atom_feed() -> None:
    async with site() as web, feed(web, "NuGet", "/api/v2") as nuget:
        digest = base64.b64encode(hashlib.sha512(b"nupkg").digest()).decode()

        def atom(version: str, more: str = "") -> Page:
            entry = ENTRY.replace("VERSION", version).replace("URL", web.url).replace("HASH", digest)
            return xml(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}{more}</feed>')

        async def found(seen: Seen, out: Any) -> None:
            assert "Acme.Web" in seen.query
            more = f'<link rel="next" href="{web.url}/api/v2/FindPackagesById()/2?id=Acme.Web"/>'
            await atom("1.9.0", more)(seen, out)

        web.pages |= {
            "/api/v2/FindPackagesById()": found,
            "/api/v2/FindPackagesById()/2": atom("1.10.0"),
            "/api/v2/Search()": atom("1.10.0"),
            "/api/v2/$metadata": xml("<Edmx xmlns='urn:e'><EntityType/></Edmx>"),
            "/api/v2/package/Acme.Web/1.10.0": page(b"nupkg"),
        }
        await nuget.ping()
        assert [v.version for v in await nuget.versions("Acme.Web")] == ["1.9.0", "1.10.0"]
        assert await nuget.notes("Acme.Web", "1.9.0") == "Notes of 1.9.0"
        place = await nuget.place("Acme.Web", "1.10.0")
        assert (await fetched(place)).body == b"nupkg"
        assert place.hashes == {"sha512": hashlib.sha512(b"nupkg").hexdigest()}
        assert (await nuget.search("acme", 0, 5))[0][0].latest == "1.10.0"
        with pytest.raises(UnknownPackage):
            await nuget.place("Acme.Web", "3.0.0")


@in_loop
async def test_artifactory_reads_names_and_versions_by_the_layout() -> None:
    layout = r"(?<orgPath>.+?)/(?<module>[^/]+)-(?<baseRev>[0-9][^/]*?)\.(?<ext>zip|tar\.gz)"
    async with (
        site() as web,
        feed(
            web,
            "ArtifactoryGeneric",
            "/artifactory",
            repository="generic",
            layout=layout,
            password=Sensitive("t0ken"),
        ) as artifactory,
    ):
        files = [
            {"uri": "/acme/web-1.10.0.tar.gz", "size": 3, "sha2": hashlib.sha256(b"web").hexdigest()},
            {"uri": "/acme/web-1.9.0.zip", "lastModified": "2026-01-02T03:04:05.000Z"},
            {"uri": "/readme.txt"},
        ]
        web.pages |= {
            "/artifactory/api/storage/generic/": told({"files": files}),
            "/artifactory/generic/acme/web-1.10.0.tar.gz": page(b"web"),
        }
        assert {v.version for v in await artifactory.versions("acme/web")} == {"1.10.0", "1.9.0"}
        assert [p.id for p in (await artifactory.search("WEB", 0, 5))[0]] == ["acme/web"]
        place = await artifactory.place("acme/web", "1.10.0")
        assert (place.extension, place.size) == (".tar.gz", 3)
        assert (await fetched(place)).body == b"web"
        assert web.seen[-1].headers["authorization"] == "Bearer t0ken"
        with pytest.raises(UnknownPackage):
            await artifactory.place("acme/web", "3")


@in_loop
async def test_old_python_indexes_in_html_are_read_with_their_hashes() -> None:
    async with site() as web, feed(web, "PyPi", "/simple") as pypi:
        web.pages["/simple/acme-web/"] = page(
            '<a href="../../files/acme_web-1.0-py3-none-any.whl#sha256=abc">w</a>'
            '<a href="/files/Acme.Web-1.1.tar.gz">s</a><a data-yanked href="/files/acme-web-1.2.zip">y</a>'
            '<a href="/files/acme_web-1.1-cp311-cp311-linux_x86_64.whl">b</a><a href="/files/acme-web-tools-9.zip">o</a>',
            kind="text/html",
        )
        assert {v.version for v in await pypi.versions("Acme_Web")} == {"1.0", "1.1"}
        place = await pypi.place("acme.web", "1.0")
        assert (place.ask.url, place.hashes) == (
            f"{web.url}/files/acme_web-1.0-py3-none-any.whl",
            {"sha256": "abc"},
        )
        assert (await pypi.place("acme.web", "1.1")).extension == ".tar.gz"


def test_types_that_are_only_kept_say_what_to_use_instead() -> None:
    for feed_type in ("AwsElasticContainerRegistry", "GcsStorage", "OctopusProject", "Weird"):
        with pytest.raises(NotServed, match=feed_type):
            client_for(Outbound(Options(env={})), Source(feed_type, "Kept"))
