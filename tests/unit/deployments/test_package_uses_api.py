"""Which releases use a version of a package, and where they went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.looping import in_loop
from tests.packaging import zip_of
from tests.unit.dashboard.test_dashboard_api import deployed, furnished
from tests.unit.packages.repository import Repository, repository

USES = "gurita/packages/{}/releases"


async def _released(here: Repository) -> None:
    """Releases 7 and 8 of Web use Acme.Web, 1.0.0 and 2.0.0; release 9 of Api uses 1.0.0 of it."""
    gurita = here.gurita
    await furnished(gurita)
    action = {"Name": "Web", "ActionType": "Octopus.Script", "Packages": [{"PackageId": "Acme.Web"}]}
    for number in (1, 2):
        path = f"deploymentprocesses/deploymentprocess-Projects-{number}"
        await gurita.put(path, {"Steps": [{"Name": "Web", "Actions": [action]}]})
    for project, version in (("Web", "1.0.0"), ("Web", "2.0.0"), ("Api", "1.0.0")):
        body = {"projectName": project, "releaseVersion": f"9.{version}", "packageVersion": version}
        await gurita.post("releases/create/v1", body)


def _told(found: Any) -> list[Any]:
    return [
        (
            one["ProjectName"],
            one["ReleaseVersion"],
            [(p["EnvironmentName"], p["IsLast"]) for p in one["Places"]],
        )
        for one in found["Items"]
    ]


@in_loop
async def test_releases_that_use_a_version_are_told_newest_first_with_where_they_are(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await _released(here)
        await deployed(gurita, 7, 1)
        await deployed(gurita, 7, 2)
        await deployed(gurita, 8, 1, "Failed")
        assert _told(await gurita.get(USES.format("ACME.web/1.0.0"))) == [
            ("Api", "9.1.0.0", []),
            ("Web", "9.1.0.0", [("Dev", False), ("Test", True)]),
        ]
        (newer,) = (await gurita.get(USES.format("Acme.Web/2.0.0")))["Items"]
        assert [(p["State"], p["TaskId"], p["IsLast"]) for p in newer["Places"]] == [
            ("Failed", "ServerTasks-3", True)
        ]
        page = await gurita.get(USES.format("Acme.Web/1.0.0") + "?take=1")
        assert (page["TotalResults"], len(page["Items"])) == (2, 1)


@in_loop
async def test_a_version_nobody_uses_has_no_release_and_an_unknown_one_is_not_there(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await _released(here)
        await here.pushed(("Acme.Web.3.0.0.zip", zip_of({"a": b"a"})))
        assert (await gurita.get(USES.format("Acme.Web/3.0.0")))["Items"] == []
        await gurita.refused(404, "GET", USES.format("Acme.Web/4.0.0"))
        gurita.may(lambda permission, _space: permission != "DeploymentView")
        assert _told(await gurita.get(USES.format("Acme.Web/2.0.0"))) == [("Web", "9.2.0.0", [])]
        gurita.may(lambda permission, _space: permission != "ReleaseView")
        await gurita.refused(403, "GET", USES.format("Acme.Web/2.0.0"))
