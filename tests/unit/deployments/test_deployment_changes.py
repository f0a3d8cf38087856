"""What a deployment brings with it, how it is asked for, and how it is found again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.helpers import House
from tests.looping import in_loop
from tests.unit.build_information.test_build_information import build
from tests.unit.dashboard.test_dashboard_api import deployed, furnished
from tests.unit.packages.repository import repository

ONE = {"EnvironmentId": "Environments-1"}


async def released(gurita: House, *versions: str) -> None:
    """Releases of the first project, from Releases-7 on, each with notes."""
    for version in versions:
        body = {"ProjectId": "Projects-1", "Version": version, "ReleaseNotes": f"notes of {version}"}
        await gurita.post("releases", body)


async def brought(gurita: House, release: int, environment: int = 1) -> list[str]:
    id = await deployed(gurita, release, environment)
    return [one["Version"] for one in (await gurita.get(f"deployments/{id}"))["Changes"]]


@in_loop
async def test_a_deployment_brings_the_releases_since_the_one_that_is_there(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await furnished(gurita)
        await released(gurita, "1.0.0", "1.1.0", "1.2.0-beta", "1.2.0", "1.3.0")
        assert await brought(gurita, 7) == ["1.0.0"], "the first brings itself"
        assert await brought(gurita, 10) == ["1.2.0", "1.1.0"], "without pre-releases"
        assert await brought(gurita, 8) == ["1.1.0"], "back to an older one"
        assert await brought(gurita, 9) == ["1.2.0-beta"], "a pre-release stands for itself"
        await deployed(gurita, 11, 1, "Failed")
        shown = await gurita.get("releases/Releases-11/deployments/preview/Environments-1")
        assert [one["Version"] for one in shown["Changes"]] == ["1.3.0", "1.2.0"], "a failed one is not there"
        assert shown["ChangesMarkdown"] == "# 1.3.0\n\nnotes of 1.3.0\n\n# 1.2.0\n\nnotes of 1.2.0"


@in_loop
async def test_changes_name_builds_commits_and_work_items_once(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await furnished(gurita)
        action = {"Name": "Web", "ActionType": "Octopus.Script", "Packages": [{"PackageId": "Acme.Web"}]}
        await gurita.put(
            "deploymentprocesses/deploymentprocess-Projects-1",
            {"Steps": [{"Name": "Web", "Actions": [action]}]},
        )
        await gurita.post("build-information", build("1.0.0"))
        body = {"projectName": "Web", "releaseVersion": "1.0.0", "packageVersion": "1.0.0"}
        made = await gurita.post("releases/create/v1", body)
        placed = await gurita.post("deployments", {**ONE, "ReleaseId": made["ReleaseId"]})
        change = placed["Changes"][0]
        assert [(one["PackageId"], one["BuildNumber"]) for one in change["BuildInformation"]] == [
            ("Acme.Web", "7")
        ]
        assert [one["Id"] for one in change["Commits"]] == ["abc123"]
        assert change["WorkItems"] == []
        owner = await gurita.get("projects/Projects-1")
        text = "#{Octopus.Project.Name} #{Octopus.Release.Number} to #{Octopus.Environment.Name}: #{Nobody}"
        await gurita.put("projects/Projects-1", {**owner, "DeploymentChangesTemplate": text})
        again = await gurita.post("deployments", {**ONE, "ReleaseId": made["ReleaseId"]})
        assert again["ChangesMarkdown"] == "Web 1.0.0 to Dev: #{Nobody}"


@in_loop
async def test_notes_and_changes_reach_into_what_build_servers_said(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await furnished(gurita)
        packages = [
            {"PackageId": "Acme.Web"},
            {"PackageId": "Acme.Db", "Name": "db"},
            {"PackageId": "Quiet", "Name": "q"},
        ]
        action = {"Name": "Web", "ActionType": "Octopus.Script", "Packages": packages}
        await gurita.put(
            "deploymentprocesses/deploymentprocess-Projects-1",
            {"Steps": [{"Name": "Web", "Actions": [action]}]},
        )
        for id in ("Acme.Web", "Acme.Db"):
            await gurita.post("build-information", {**build("1.0.0"), "PackageId": id})
        notes = (
            "#{each p in Octopus.Release.Package}#{p.PackageId} #{p.Version}#{each c in p.Commits} [#{c.CommitId}](#{c.LinkUrl})"
            " #{c.Comment}#{/each};#{/each} #{each b in Octopus.Release.Builds}#{b.BuildNumber} #{b.Branch}:#{each p in b.Packages}"
            " #{p.PackageId}#{/each}#{/each}#{if Octopus.Release.WorkItems} work#{/if}"
        )
        body = {
            "projectName": "Web",
            "releaseVersion": "1.0.0",
            "packageVersion": "1.0.0",
            "releaseNotes": notes,
        }
        made = await gurita.post("releases/create/v1", body)
        release = await gurita.get(f"releases/{made['ReleaseId']}")
        told = " [abc123](https://github.example/acme/web/commit/abc123) Mend it"
        assert release["ReleaseNotes"] == (
            f"Acme.Web 1.0.0{told};Acme.Db 1.0.0{told};Quiet 1.0.0; 7 main: Acme.Web Acme.Db"
        )
        owner = await gurita.get("projects/Projects-1")
        text = "#{each p in Octopus.Deployment.PackageBuildInformation}#{p.PackageId}#{each c in p.Commits} #{c.CommitId}#{/each};#{/each}"
        text += "#{Octopus.Deployment.Changes[0].Commits[0].CommitId}"
        await gurita.put("projects/Projects-1", {**owner, "DeploymentChangesTemplate": text})
        placed = await gurita.post("deployments", {**ONE, "ReleaseId": made["ReleaseId"]})
        assert placed["ChangesMarkdown"] == "Acme.Db abc123;Acme.Web abc123;abc123"


@in_loop
async def test_deployments_are_found_by_everything_that_is_promised(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await furnished(gurita)
        await deployed(gurita, 1, 1)
        await deployed(gurita, 2, 1, "Failed")
        await deployed(gurita, 4, 1, "Executing")
        cases = {
            "": [3, 2, 1],
            "projects=Projects-1": [2, 1],
            "projects=Projects-1,Projects-2&taskState=failed": [2],
            "taskState=Failed,Executing": [3, 2],
            "taskState=Canceled": [],
            "environments=Environments-1": [3, 2, 1],
            "environments=Environments-2": [],
            "channels=Channels-2": [3],
            "tenants=Tenants-1": [],
            "ids=Deployments-2,Deployments-9": [2],
            "partialName=API release": [3],
            "partialName=nothing": [],
        }
        for query, numbers in cases.items():
            page = await gurita.get(f"deployments?{query.replace(' ', '%20')}")
            assert [one["Id"] for one in page["Items"]] == [f"Deployments-{n}" for n in numbers], query
            assert page["TotalResults"] == len(numbers)


@in_loop
async def test_times_are_kept_to_the_millisecond_however_they_are_written(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await furnished(gurita)
        now = gurita.services.clock.now()
        at, until = now.replace(microsecond=123000), now.replace(microsecond=456000)
        body: dict[str, Any] = {"projectName": "Web", "releaseVersion": "0.0.1", "environmentNames": ["dev"]}
        late = {**body, "runAt": _later(at, "Z"), "noRunAfter": _later(until, "+02:00", hours=5)}
        made = (await gurita.post("deployments/create/untenanted/v1", late))["DeploymentServerTasks"][0]
        placed = await gurita.get(f"deployments/{made['DeploymentId']}")
        assert placed["QueueTime"].endswith(".123+00:00")
        assert placed["QueueTimeExpiry"].endswith(".456+00:00")
        assert placed["TentacleRetentionPeriod"]["ShouldKeepForever"] is True


def _later(moment: datetime, offset: str, hours: int = 1) -> str:
    return f"{moment + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}{offset}"


@in_loop
async def test_several_places_are_previewed_at_once_and_tenants_are_not_there(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        gurita = here.gurita
        await furnished(gurita)
        wanted = [{"EnvironmentId": "Environments-1"}, {"EnvironmentId": "Environments-2", "TenantId": None}]
        body = {"ReleaseId": "Releases-1", "DeploymentPreviews": wanted}
        found = await gurita.post("deployments/previews", body)
        assert [len(one["Changes"]) for one in found] == [1, 1]
        assert found == await gurita.post("releases/Releases-1/deployments/previews", body)
        await gurita.refused(400, "POST", "deployments/previews", {"DeploymentPreviews": wanted})
        path = "releases/Releases-1/deployments/preview/Environments-1/Tenants-1"
        await gurita.refused(404, "GET", path)
        tenanted = {"EnvironmentId": "Environments-1", "TenantId": "Tenants-1"}
        await gurita.refused(404, "POST", "deployments/previews", {**body, "DeploymentPreviews": [tenanted]})
        template = await gurita.get("releases/Releases-1/deployments/template")
        assert template["Links"]["Self"].endswith("/Releases-1/deployments/template")
