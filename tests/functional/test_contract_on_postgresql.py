"""Releases, deployments, lifecycles, projects and tasks of the contract on a real PostgreSQL: the same answers as on SQLite."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gurita.build_information.routes import routes as build_information
from gurita.kernel.clock import SystemClock
from gurita.packages.routes import routes as packages
from gurita.store.blobs import Blobs
from gurita.tasks.routes import routes as tasks
from tests.helpers import house
from tests.looping import in_loop
from tests.packaging import zip_of
from tests.unit.build_information.test_build_information import build
from tests.unit.dashboard.test_dashboard_api import deployed, furnished
from tests.unit.packages.repository import Repository

ROUTES = [*packages, *build_information, *tasks]
PACKAGES = [{"PackageId": "Acme.Web"}]
ASKED = (
    "dashboard",
    "dashboardconfiguration",
    "reporting/deployments-counted-by-week",
    "deployments?partialName=web&taskState=Success,Failed&projects=Projects-1",
    "releases?take=2",
    "projects/Projects-1/releases?searchByVersion=1.",
    "projects/Projects-1/progression",
    "releases/Releases-7/progression",
    "releases/Releases-7/deployments/template",
    "releases/Releases-7/deployments/preview/Environments-1",
    "releases/Releases-7/missingPackages",
    "releases/Releases-7/defects",
    "deploymentprocesses/deploymentprocess-Projects-1/template",
    "lifecycles/previews",
    "lifecycles/Lifecycles-2/projects",
    "projects/experimental/summaries",
    "projects/copy/deploymentprocesses",
    "projects/copy/channels",
    "retentionpolicies",
    "artifacts",
    "search?keyword=web",
)
RESTLESS = {
    "Assembled",
    "Created",
    "CompletedTime",
    "Completed",
    "Duration",
    "Id",
    "LastUpdatedTime",
    "Links",
    "QueueTime",
    "StartTime",
}
MADE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|-s-\d+-[A-Z2-7]{5}")
"""Ids of steps and snapshots, which are made by chance or of what is."""


class Wednesday(SystemClock):
    """Begins at noon in the middle of a week: both lives lie in the same one."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        return datetime(2026, 1, 14, 12, tzinfo=UTC) + timedelta(seconds=time.monotonic() - self._began)


async def lived(folder: Path, url: str = "") -> dict[str, Any]:
    """What a life of releases leaves to be read."""
    folder.mkdir()
    blobs = folder / "blobs"
    async with house(folder, url=url, blobs=Blobs.open(blobs), more=ROUTES, clock=Wednesday()) as gurita:
        await live(Repository(gurita, blobs))
        return {path: still(await gurita.get(path)) for path in ASKED}


async def live(here: Repository) -> None:
    """Releases that are made, deployed, blocked, copied and told of."""
    gurita = here.gurita
    await furnished(gurita)
    await here.pushed(("Acme.Web.1.2.0.zip", zip_of({"a": "b"})))
    await gurita.post("build-information", build("1.2.0"))
    action = {"Name": "Web", "ActionType": "Octopus.Script", "Packages": PACKAGES}
    steps = {"Steps": [{"Name": "Web", "Actions": [action]}]}
    await gurita.put("deploymentprocesses/deploymentprocess-Projects-1", steps)
    for version in ("1.0.0", "1.1.0", "1.2.0-rc", "1.2.0"):
        await gurita.post("releases/create/v1", {"projectName": "web", "releaseVersion": version})
    await deployed(gurita, 7, 1)
    await deployed(gurita, 10, 1)
    await gurita.post("releases/Releases-7/defects", {"Description": "slow"})
    await gurita.post("releases/Releases-7/defects/resolve", {})
    await gurita.post("releases/Releases-7/defects", {"Description": "slower"})
    await gurita.post("projects?clone=web", {"Name": "Copy"})
    config = await gurita.get("dashboardconfiguration")
    await gurita.put("dashboardconfiguration", {**config, "IncludedProjectIds": ["Projects-1"]})
    policy = await gurita.get("retentionpolicies?retentionType=LifecycleRelease")
    wanted = {**policy, "Strategy": "Count", "QuantityToKeep": 3}
    await gurita.put(f"retentionpolicies/{policy['Id']}", wanted)
    await gurita.post("artifacts", {"Filename": "a.txt", "ServerTaskId": "ServerTasks-1"})
    answer = await gurita.ask("PUT", "artifacts/Artifacts-1/content", b"content")
    assert answer.status == 200, answer.body


def still(told: Any) -> Any:
    """An answer without what differs from run to run."""
    if isinstance(told, dict):
        return {name: still(value) for name, value in told.items() if name not in RESTLESS}
    if isinstance(told, str):
        return MADE.sub("", told)
    return [still(each) for each in told] if isinstance(told, list) else told


def test_a_life_of_releases_reads_alike_on_both_databases(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def run() -> None:
        expected = await lived(tmp_path / "one")
        found = await lived(tmp_path / "two", database_url)
        for path in ASKED:
            assert found[path] == expected[path], path

    run()
