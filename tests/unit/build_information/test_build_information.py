"""Build information: pushed once a version, shown with its package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.build_information.rules import commit_url
from gurita.build_information.service import for_packages_in
from tests.looping import in_loop
from tests.packaging import zip_of
from tests.unit.packages.repository import repository


def build(version: str = "1.0.0", number: str = "7", **more: Any) -> dict[str, Any]:
    inner = {
        "BuildEnvironment": "TeamCity",
        "BuildNumber": number,
        "BuildUrl": "https://builds.example/7",
        "Branch": "main",
        "VcsType": "Git",
        "VcsRoot": "https://github.example/acme/web.git",
        "VcsCommitNumber": "abc123",
        "Commits": [{"Id": "abc123", "Comment": "Mend it"}],
    }
    return {"PackageId": "Acme.Web", "Version": version, "OctopusBuildInformation": inner, **more}


@in_loop
async def test_what_a_build_server_says_is_kept_and_shown(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        answer = await gurita.ask("POST", "Spaces-1/build-information", build())
        assert answer.status == 201
        made = answer.json
        url = "https://github.example/acme/web/commit/abc123"
        assert (made["Id"], made["BuildNumber"], made["VcsCommitUrl"]) == ("BuildInformation-1", "7", url)
        assert made["Commits"] == [{"Id": "abc123", "Comment": "Mend it", "LinkUrl": url}]
        assert (made["WorkItems"], made["IncompleteDataWarning"]) == ([], None)
        assert made["Links"] == {"Self": "/api/Spaces-1/build-information/BuildInformation-1"}
        assert await gurita.get("build-information/buildinformation-1") == made
        await here.pushed(("acme.web.1.0.0.zip", zip_of({"a": "b"})))
        assert (await gurita.get("packages/packages-acme.web.1.0.0"))[
            "PackageVersionBuildInformation"
        ] == made
        found = await gurita.store.read(
            lambda tx: for_packages_in(tx, "Spaces-1", [("ACME.web", "1.0.0"), ("no", "1.0.0")])
        )
        assert list(found) == [("ACME.web", "1.0.0")]


@in_loop
async def test_a_second_push_is_refused_ignored_or_replaces(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await gurita.post("build-information", build())
        refused = await gurita.refused(409, "POST", "build-information", build(number="8"))
        text = "Metadata for the specified Package ID and version already exists."
        assert text in refused["ErrorMessage"]
        ignored = await gurita.ask(
            "POST", "build-information?overwriteMode=IgnoreIfExists", build(number="8")
        )
        assert (ignored.status, ignored.json["BuildNumber"]) == (200, "7")
        for body, query in (
            (build(number="8", OverwriteMode="OverwriteExisting"), ""),
            (build(number="9"), "?overwriteMode=overwriteexisting"),
        ):
            replaced = await gurita.ask("POST", f"build-information{query}", body)
            number = body["OctopusBuildInformation"]["BuildNumber"]
            assert (replaced.status, replaced.json["Id"], replaced.json["BuildNumber"]) == (
                200,
                "BuildInformation-1",
                number,
            )
        gurita.may(lambda permission, _space: permission != "BuildInformationAdminister")
        await gurita.refused(403, "POST", "build-information?overwriteMode=OverwriteExisting", build())


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"PackageId": "a", "Version": "1.0"}, "OctopusBuildInformation: required"),
        ({"PackageId": "", "Version": "1.0", "OctopusBuildInformation": {}}, "package id"),
        ({"PackageId": "../a", "Version": "1.0", "OctopusBuildInformation": {}}, "package id"),
        ({"PackageId": "a", "Version": "/", "OctopusBuildInformation": {}}, "Version"),
        ({"PackageId": "a", "Version": "", "OctopusBuildInformation": {}}, "Version"),
        ({"PackageId": "a", "Version": "1.0", "OctopusBuildInformation": {"Commits": [{}]}}, "Commits[0].Id"),
        ({}, "PackageId: required"),
    ],
)
@in_loop
async def test_what_cannot_be_build_information_is_refused(tmp_path: Path, body: Any, told: str) -> None:
    async with repository(tmp_path) as here:
        refused = await here.gurita.refused(400, "POST", "build-information", body)
        assert told in " ".join(refused["Errors"])


@in_loop
async def test_lists_filters_and_deletion_also_under_the_old_name(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        for version in ("1.0.0", "1.10.0", "1.2.0"):
            await gurita.post("build-information", build(version))
        old = {
            "packageId": "Zebra",
            "version": "3.0",
            "octopusPackageMetadata": {"buildNumber": "1", "commits": None},
        }
        made = await gurita.post("package-metadata", old)
        assert made["Links"]["Self"].endswith("/package-metadata/BuildInformation-4")
        listed = await gurita.get("build-information?packageId=acme.web")
        assert [one["Version"] for one in listed["Items"]] == ["1.10.0", "1.2.0", "1.0.0"]
        latest = await gurita.get("build-information?latest=true")
        assert [one["Version"] for one in latest["Items"]] == ["1.10.0", "3.0"]
        assert (await gurita.get("build-information?filter=zeb"))["TotalResults"] == 1
        assert (await gurita.get("build-information?ids=BuildInformation-1,Nonsense-2"))["TotalResults"] == 1
        await gurita.refused(
            404, "DELETE", "build-information/bulk?ids=BuildInformation-1,BuildInformation-99"
        )
        await gurita.refused(404, "GET", "build-information/BuildInformation-99")
        await gurita.refused(400, "DELETE", "build-information/bulk")
        await gurita.delete("build-information/bulk?ids=BuildInformation-1,BuildInformation-2")
        await gurita.delete("package-metadata/BuildInformation-3")
        assert [one["PackageId"] for one in (await gurita.get("build-information"))["Items"]] == ["Zebra"]
        other = await gurita.post("spaces", {"Name": "Other", "SpaceManagersTeams": ["teams-administrators"]})
        await gurita.refused(404, "GET", f"{other['Id']}/build-information/BuildInformation-4")


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("https://github.example/acme/web.git", "https://github.example/acme/web/commit/c1"),
        ("git@gitlab.example:group/sub/web.git", "https://gitlab.example/group/sub/web/-/commit/c1"),
        ("ssh://git@bitbucket.example:7999/acme/web.git", "https://bitbucket.example/acme/web/commits/c1"),
        (
            "https://user:secret@dev.azure.example/org/p/_git/web",
            "https://dev.azure.example/org/p/_git/web/commit/c1",
        ),
        ("https://git.example/acme/web", None),
        ("javascript:alert(1)//github", None),
        ("https://github.example", None),
        ("https://git hub.example/x", None),
        ("https://github.example:notaport/x", None),
        ("", None),
        (None, None),
    ],
)
def test_where_a_commit_can_be_read(root: str | None, expected: str | None) -> None:
    assert commit_url(root, "c1") == expected
    assert commit_url(root, "c1/../x?y") is None
